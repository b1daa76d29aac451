"""What was decided, opened for whom the walls let through: reasons, dissents, and what was agreed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from services.kit.execute import Work
from services.kit.statements import Entities
from services.kit.vault import AssociatedData
from services.meeting.model import Action, Decision, Dissent


@dataclass(frozen=True, slots=True)
class DissentView:
    """Who thought otherwise, and how."""

    person_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """Who does what by when, as it was agreed."""

    action_id: UUID
    what: str
    life_domain: str
    owner_id: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with its reasons, for those who have the content of the case."""

    decision_id: UUID
    outcome: str
    reasons: str
    dissents: tuple[DissentView, ...]
    decided_by: UUID
    decided_at: datetime
    actions: tuple[ActionView, ...]


@dataclass(slots=True)
class Texts:
    """Dissents and actions, by decision."""

    dissents: dict[UUID, tuple[DissentView, ...]] = field(default_factory=dict)
    actions: dict[UUID, tuple[ActionView, ...]] = field(default_factory=dict)


OF_DECISION = (Dissent.tenant_id == Decision.tenant_id) & (Dissent.decision_id == Decision.decision_id)
AGREED_IN = (Action.tenant_id == Decision.tenant_id) & (Action.decision_id == Decision.decision_id)
_THESE = any_(bindparam("decisions", type_=ARRAY(Uuid)))
_DISSENTS = Entities(
    select(Dissent)
    .where(Dissent.tenant_id == bindparam("tenant"), Dissent.decision_id == _THESE)
    .order_by(Dissent.dissent_id)
)
_ACTIONS = Entities(
    select(Action)
    .where(Action.tenant_id == bindparam("tenant"), Action.decision_id == _THESE)
    .order_by(Action.due_on, Action.action_id)
)


async def read_texts(work: Work, decisions: Collection[Decision]) -> Texts:
    """What the caller may read beside these decisions; nothing is asked for none."""
    texts = Texts()
    if not decisions:
        return texts
    values = {"tenant": work.cell_id, "decisions": [decision.decision_id for decision in decisions]}
    for (dissent,) in await work.fetch_entities(_DISSENTS, values):
        text = await work.open(dissent.text, AssociatedData(dissent.case_id, "dissent", "text", dissent.dissent_id))
        said = DissentView(dissent.person_id, text)
        texts.dissents[dissent.decision_id] = (*texts.dissents.get(dissent.decision_id, ()), said)
    for (action,) in await work.fetch_entities(_ACTIONS, values):
        what = await work.open(action.what, place_of_action(action.case_id, action.action_id))
        agreed = ActionView(action.action_id, what, action.life_domain, action.owner_id, action.due_on)
        texts.actions[action.decision_id] = (*texts.actions.get(action.decision_id, ()), agreed)
    return texts


def place_of_action(case_id: UUID, action_id: UUID) -> AssociatedData:
    """Where the text of an action stands."""
    return AssociatedData(case_id, "agreed_action", "what", action_id)


async def open_decision(work: Work, decision: Decision, texts: Texts) -> DecisionView:
    """A decision with its reasons, its dissents and what was agreed."""
    associated_data = AssociatedData(decision.case_id, "decision", "reasons", decision.decision_id)
    reasons = await work.open(decision.reasons, associated_data)
    return DecisionView(
        decision.decision_id, decision.outcome, reasons, texts.dissents.get(decision.decision_id, ()),
        decision.decided_by, decision.decided_at, texts.actions.get(decision.decision_id, ()),
    )  # fmt: skip
