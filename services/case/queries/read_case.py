"""One case on one page: frame, person, proposal, circle, contributions side by side, actions.

Two statements, whatever the case holds; a third one when somebody reads a contribution for the first time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.case.age import Age, age_of
from services.case.allowed import case_may, is_police, may_be_planned
from services.case.circle import is_ours, my_circle
from services.case.contributions import NOTHING, ContributionView, read_contributions
from services.case.criterion import Criterion, criteria_from_json
from services.case.errors import CaseNotFound
from services.case.frame import FRAME, Frame, frame_of, insider_towns
from services.case.model import (
    TO_DO,
    Case,
    CaseAction,
    CaseIdentity,
    CaseProposal,
    CaseStanding,
    CaseState,
    CircleEntry,
    ContributionDeclined,
    Part,
    Signal,
    Stage,
    way_of,
)
from services.case.person import PersonConcerned
from services.case.review import Review, review_of
from services.case.waiting import ASKS, asks_of, who_waits
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.statements import Row, Statement
from services.kit.vault import AssociatedData


def _gathered(columns: Sequence[Any], order: Sequence[Any], *where: Any) -> Any:
    """Rows of another table as one JSON array of arrays: they come with the case, in its statement."""
    rows = aggregate_order_by(func.json_build_array(*columns), *order)
    return select(func.json_agg(rows).cast(Text)).where(*where).scalar_subquery()


_MY_PARTS = func.array(
    select(func.unnest(my_circle.c.parts)).where(my_circle.c.object_id == Case.case_id).scalar_subquery()
)
_CIRCLE = _gathered(
    (
        CircleEntry.entry_id, CircleEntry.person_id, CircleEntry.seat, CircleEntry.parts, CircleEntry.starts_at,
        CircleEntry.ends_at, CircleEntry.life_domains, CircleEntry.invited_by, func.encode(CircleEntry.why, "hex"),
    ),
    (CircleEntry.starts_at, CircleEntry.seat, CircleEntry.entry_id),
    CircleEntry.tenant_id == Case.tenant_id,
    CircleEntry.object_id == Case.case_id,
    CircleEntry.ends_at > bindparam("now"),
)  # fmt: skip
_ENTRY, _PERSON, _WHY = 0, 1, 8
_ACTIONS = _gathered(
    (CaseAction.action_id, CaseAction.life_domain, CaseAction.owner_id, CaseAction.due_on, CaseAction.state),
    (CaseAction.due_on, CaseAction.action_id),
    CaseAction.tenant_id == Case.tenant_id,
    CaseAction.case_id == Case.case_id,
)
# The row is the reader's own, by its wall; a new round asks anew.
_DECLINED = exists().where(
    ContributionDeclined.tenant_id == Case.tenant_id,
    ContributionDeclined.case_id == Case.case_id,
    or_(Case.decided_at.is_(None), ContributionDeclined.declined_at > Case.decided_at),
)
# Who told what it began with: to be offered first to who invites, and told to nobody else.
_TOLD = Signal.tenant_id == Case.tenant_id, Signal.signal_id == Case.signal_id
_REPORTER = select(Signal.reporter_id).where(*_TOLD).scalar_subquery()
_CASE = Statement(
    select(
        *FRAME, Case.state.label("true_state"), Case.paused_from, Case.case_lead_id, Case.relied_at,
        Case.listed_by, Case.refused_by, Case.refused_at,
        CaseIdentity.person, CaseProposal.criteria, CaseProposal.best_interest,
        CaseProposal.list_reasons, _MY_PARTS.label("my_parts"), _CIRCLE.label("circle"), _ACTIONS.label("actions"),
        _DECLINED.label("declined"), _REPORTER.label("reporter_id"), text(ASKS),
    )
    .outerjoin(CaseIdentity, (CaseIdentity.tenant_id == Case.tenant_id) & (CaseIdentity.case_id == Case.case_id))
    .outerjoin(CaseProposal, (CaseProposal.tenant_id == Case.tenant_id) & (CaseProposal.case_id == Case.case_id))
    .where(Case.tenant_id == bindparam("tenant"), Case.case_id == bindparam("case_id"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Which case; with the contributions after that one, where there were more than an answer carries."""

    case_id: UUID
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class CircleView:
    """Somebody, or a seat, who may read these parts; why and by whom invited, to readers of the content."""

    person_id: UUID | None
    seat: str | None
    parts: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    life_domains: tuple[str, ...]
    why: str | None
    invited_by: UUID | None


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action of the follow-up plan; `open` while it is to be done."""

    action_id: UUID
    life_domain: str
    owner_id: UUID
    due_on: date
    state: str

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in TO_DO


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with the parts its reader may see; what belongs to the others is None or empty.

    `may`: the verbs open to the reader; `asks`: the kinds of what waits for the reader here; `review`: how late it is;
    `age`: how old the person is today, for who reads the person, if anything is known of the birth;
    `way` and `way_now`: the states it passes and which is now; `police`: what the reader writes is marked as of police;
    `more_after`: there are more contributions, after this one; `reporter_id`: who told it, for who may invite.
    """

    frame: Frame
    parts: tuple[Part, ...]
    person: PersonConcerned | None
    criteria: tuple[Criterion, ...]
    best_interest: str | None
    list_reasons: str | None
    circle: tuple[CircleView, ...]
    contributions: tuple[ContributionView, ...]
    actions: tuple[ActionView, ...]
    case_lead_id: UUID | None
    declined: bool
    may: tuple[str, ...]
    asks: tuple[str, ...]
    review: Review
    way: tuple[CaseState, ...]
    way_now: int
    police: bool
    more_after: UUID | None
    age: Age | None
    reporter_id: UUID | None
    answered_by: UUID | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What was read so far: what may be done follows from it."""

    frame: Frame
    standing: CaseStanding
    parts: tuple[Part, ...]
    criteria: tuple[Criterion, ...] | None


async def read_case(work: Work, query: ReadCase) -> CaseView:
    """Read one case and leave a receipt with the authors. Raises CaseNotFound for an unknown and a forbidden one alike.

    Whoever sees the frame by role alone sees nothing else: who is in the circle is for the circle.
    """
    row = await work.fetch_one(_CASE, who_waits(work) | {"case_id": query.case_id})
    if row is None:
        raise CaseNotFound
    parts = tuple(part for part in Part if part is Part.FRAME or part in row.my_parts)
    work.concern(query.case_id)
    work.trail.count = 1
    work.trail.fields = parts
    in_circle = bool(row.my_parts)
    circle = await invited_by_us(work, query.case_id, listed(row.circle)) if in_circle else ()

    async def opened(sealed: bytes | None, table: str, column: str) -> str | None:
        return await work.open(sealed, AssociatedData(query.case_id, table, column, query.case_id)) if sealed else None

    sealed = await opened(row.person, "case_identity", "person")
    person = PersonConcerned.from_json(sealed) if sealed else None
    criteria = await opened(row.criteria, "case_proposal", "criteria")
    told = Told(
        frame_of(row, may_be_planned(work, row.nis_code, row.state, row.review_on)), standing_of(row), parts,
        criteria_from_json(criteria) if criteria else None,
    )  # fmt: skip
    contributions, more_after = NOTHING
    if Part.CONTENT in parts:
        contributions, more_after = await read_contributions(work, query.case_id, told.standing, query.after)
    return CaseView(
        frame=told.frame, parts=parts, contributions=contributions, more_after=more_after, declined=row.declined,
        person=person, age=age_of(person, local_date(work.now)) if person else None,
        criteria=told.criteria or (),
        best_interest=await opened(row.best_interest, "case_proposal", "best_interest"),
        list_reasons=await opened(row.list_reasons, "case_proposal", "list_reasons"),
        circle=await read_circle(work, query.case_id, circle, parts),
        actions=tuple(_action_view(*action) for action in listed(row.actions)),
        case_lead_id=row.case_lead_id if in_circle else None,
        **what_may_be_done(work, told, row),
        **answer_of(work, row),
    )  # fmt: skip


def listed(gathered: str | None) -> list[list[Any]]:
    """The rows that came as one text; none where there are none."""
    return json.loads(gathered) if gathered else []


def standing_of(row: Row) -> CaseStanding:
    """Where the case truly stands, a hold included: what commands ask it of."""
    paused_from = CaseState(row.paused_from) if row.paused_from else None
    relied_on = row.relied_at is not None
    return CaseStanding(
        row.nis_code, CaseState(row.true_state), paused_from, row.review_on, row.version, relied_on, row.refused_at
    )


def answer_of(work: Work, row: Row) -> dict[str, Any]:
    """Who answered as mayor, and when: for those alone who prepare the case and decide on it."""
    if row.nis_code not in insider_towns(work):
        return {"answered_by": None, "answered_at": None}
    refused = row.refused_at is not None
    by, at = (row.refused_by, row.refused_at) if refused else (row.listed_by, row.listed_at)
    return {"answered_by": by, "answered_at": at}


def what_may_be_done(work: Work, told: Told, row: Row) -> dict[str, Any]:
    """The answers that spare everybody else the rules; from rows that are read already."""
    frame = told.frame
    way, way_now = way_of(CaseState(frame.state))
    at_the_table = frame.stage is Stage.AT_THE_TABLE
    may = case_may(work, told.standing, told.parts, told.criteria)
    return {
        "may": may,
        "reporter_id": row.reporter_id if "invite_to_circle" in may else None,
        "asks": asks_of(work, row.asks),
        "review": review_of(frame.review_on, local_date(work.now)) if at_the_table else Review.IN_TIME,
        "way": way,
        "way_now": way_now,
        "police": is_police(work),
    }


async def invited_by_us(work: Work, case_id: UUID, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """The entries of a circle without those that somebody put there past this service.

    Raises CaseNotFound for whoever is in the circle by such a one.
    """
    ours = []
    for row in rows:
        person_id = UUID(row[_PERSON]) if row[_PERSON] else None
        why = bytes.fromhex(row[_WHY]) if row[_WHY] else None
        if await is_ours(work, case_id, UUID(row[_ENTRY]), person_id, why):
            ours.append(row)
        elif person_id == work.actor_id:
            raise CaseNotFound
    return ours


async def read_circle(
    work: Work, case_id: UUID, rows: Sequence[Sequence[Any]], parts: Sequence[Part]
) -> tuple[CircleView, ...]:
    """Who may see the case; why somebody is invited says something of its content, so it goes with that part."""
    views = []
    for entry_id, person_id, seat, entry_parts, starts_at, ends_at, life_domains, invited_by, sealed in rows:
        told = person_id is not None and Part.CONTENT in parts
        associated_data = AssociatedData(case_id, "circle_entry", "why", UUID(entry_id))
        views.append(
            CircleView(
                UUID(person_id) if person_id else None, seat, tuple(entry_parts), datetime.fromisoformat(starts_at),
                datetime.fromisoformat(ends_at), tuple(life_domains),
                why=await work.open(bytes.fromhex(sealed), associated_data) if told and sealed else None,
                invited_by=UUID(invited_by) if told and invited_by else None,
            )
        )  # fmt: skip
    return tuple(views)


def _action_view(action_id: str, life_domain: str, owner_id: str, due_on: str, state: str) -> ActionView:
    return ActionView(UUID(action_id), life_domain, UUID(owner_id), date.fromisoformat(due_on), state)
