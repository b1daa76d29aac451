"""A session decided on a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.case.errors import CaseStateForbids
from services.case.events import case_state_changed
from services.case.find import find_case
from services.case.model import ActionState, Case, CaseAction, CaseState, KeptDecision
from services.kit.execute import Work


class Outcome(StrEnum):
    """What a session can decide."""

    FOLLOW_UP = "follow_up"
    NO_ACTION = "no_action"


LEADS_TO = {Outcome.FOLLOW_UP: CaseState.FOLLOW_UP, Outcome.NO_ACTION: CaseState.CLOSED_NO_ACTION}
FOLLOWED = frozenset({CaseState.FOLLOW_UP, CaseState.AFTERCARE})


@dataclass(frozen=True, slots=True)
class DecidedAction:
    """Who does something in which life domain, by when."""

    action_id: UUID
    life_domain: str
    owner_id: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class ApplyDecision:
    """The decision, in ids, codes and dates; its reasons stay where it was taken."""

    decision_id: UUID
    case_id: UUID
    outcome: Outcome
    decided_at: datetime
    case_lead_id: UUID | None
    review_on: date | None
    actions: tuple[DecidedAction, ...]


async def apply_decision(work: Work, command: ApplyDecision) -> None:
    """Put the case in follow-up with its actions, or close it. The newest decision wins; a repeat has no effect.

    The news of the session may come later or not at all. A case that was held, restricted or ended meanwhile stays as
    it is, and the decision is kept with it: what was decided stands in the session, and nothing follows from it here by
    itself. Of an erased case nothing is kept. Raises CaseStateForbids for a case that was never listed: no session can
    have treated it, so the message is set aside with an alarm.
    """
    case = await find_case(work, command.case_id)
    if case.decided_before(command.decision_id, command.decided_at):
        return
    try:
        case.decide(command.decision_id, leads_to(case, command.outcome), command.decided_at)
    except CaseStateForbids:
        if case.state == CaseState.PROPOSED and case.listed_at is None:
            raise
        await keep(work, case, command)
        return
    case.case_lead_id, case.review_on = command.case_lead_id, command.review_on
    await add_actions(work, case, command)
    work.publish(case_state_changed(case))


def leads_to(case: Case, outcome: Outcome) -> CaseState:
    """The state it decides on. Of what was followed up, "no action" says that the care has ended."""
    ended = outcome is Outcome.NO_ACTION and case.state in FOLLOWED
    return CaseState.CLOSED if ended else LEADS_TO[outcome]


async def keep(work: Work, case: Case, command: ApplyDecision) -> None:
    """With the case, for who ends its pause; the record says in which state it was."""
    work.trail.detail["not_applied"] = case.state
    if case.state == CaseState.ERASED:
        return
    decided = {
        "tenant_id": work.cell_id,
        "decision_id": command.decision_id,
        "case_id": case.case_id,
        "nis_code": case.nis_code,
        "state": case.state,
        "outcome": command.outcome,
        "decided_at": command.decided_at,
        "case_lead_id": command.case_lead_id,
        "review_on": command.review_on,
        "actions": [
            {
                "action_id": str(action.action_id),
                "life_domain": action.life_domain,
                "owner_id": str(action.owner_id),
                "due_on": action.due_on.isoformat(),
            }
            for action in command.actions
        ],
        "kept_at": work.now,
    }
    await work.session.execute(insert(KeptDecision).values(decided).on_conflict_do_nothing())


async def add_actions(work: Work, case: Case, command: ApplyDecision) -> None:
    """The actions of the plan, as agreed; those of earlier decisions stay."""
    rows = [
        {
            "tenant_id": work.cell_id,
            "action_id": action.action_id,
            "case_id": case.case_id,
            "decision_id": command.decision_id,
            "life_domain": action.life_domain,
            "owner_id": action.owner_id,
            "due_on": action.due_on,
            "state": ActionState.AGREED,
        }
        for action in command.actions
    ]
    if rows:
        await work.session.execute(insert(CaseAction).on_conflict_do_nothing(), rows)
    work.trail.count = 1 + len(rows)
