"""One case on one page: frame, person, proposal, circle, contributions side by side, actions.

Two statements, whatever the case holds; one more when somebody invited opens it for the first time, and when somebody
reads a contribution for the first time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, or_, select, text

from services.case.age import Age, age_of
from services.case.allowed import Circled, allow_lift_conflict, case_may, is_police, may_be_planned
from services.case.circle import my_circle
from services.case.circle_views import (
    CIRCLE,
    ENDED,
    KEPT_OUT,
    CircleView,
    EndedView,
    KeptOutView,
    Rows,
    ended_views,
    invited_by_us,
    is_invited,
    kept_out_views,
    note_opening,
    read_circle,
)
from services.case.contributions import NOTHING, ContributionView, read_contributions
from services.case.criterion import Criterion, criteria_from_json
from services.case.errors import CaseNotFound
from services.case.frame import FRAME, Frame, frame_of, insider_towns
from services.case.gathered import gathered, listed
from services.case.information import INFORMATION, Information, information_in
from services.case.model import (
    TO_DO,
    Case,
    CaseAction,
    CaseIdentity,
    CaseProposal,
    CaseStanding,
    CaseState,
    ContributionDeclined,
    Part,
    Signal,
    Stage,
    way_of,
)
from services.case.person import PersonConcerned
from services.case.review import Review, review_of
from services.case.waiting import ASKS, asks_of, who_waits
from services.kit.allowed import passes
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.statements import Row, Statement
from services.kit.vault import AssociatedData

_MY_PARTS = func.array(
    select(func.unnest(my_circle.c.parts)).where(my_circle.c.object_id == Case.case_id).scalar_subquery()
)
_ACTIONS = gathered(
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
        *FRAME, Case.state.label("true_state"), Case.paused_from, Case.case_lead_id, Case.relied_at, Case.inform_by,
        Case.listed_by, Case.refused_by, Case.refused_at, Case.unchecked,
        CaseIdentity.person, CaseProposal.criteria, CaseProposal.best_interest,
        CaseProposal.list_reasons, _MY_PARTS.label("my_parts"), CIRCLE.label("circle"), ENDED.label("ended"),
        KEPT_OUT.label("kept_out"), INFORMATION.label("information"),
        _ACTIONS.label("actions"), _DECLINED.label("declined"), _REPORTER.label("reporter_id"), text(ASKS),
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
    `more_after`: there are more contributions, after this one; `reporter_id`: who told it, for who may invite;
    `ended_invitations`: who was taken out of the circle, for who may do so; `unchecked`: why the police were not waited
    for, for who decides; `kept_out`: who has a conflict of interest, for its circle; `information`: whether the person
    concerned is informed, of a case that is or was on the list.
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
    ended_invitations: tuple[EndedView, ...]
    unchecked: str
    kept_out: tuple[KeptOutView, ...]
    information: Information | None


@dataclass(frozen=True, slots=True)
class Told:
    """What was read so far: what may be done follows from it."""

    frame: Frame
    standing: CaseStanding
    parts: tuple[Part, ...]
    criteria: tuple[Criterion, ...] | None
    circle: Rows
    kept_out: tuple[KeptOutView, ...]


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
    await note_opening(work, query.case_id, circle)

    async def opened(sealed: bytes | None, table: str, column: str) -> str | None:
        return await work.open(sealed, AssociatedData(query.case_id, table, column, query.case_id)) if sealed else None

    sealed = await opened(row.person, "case_identity", "person")
    person = PersonConcerned.from_json(sealed) if sealed else None
    criteria = await opened(row.criteria, "case_proposal", "criteria")
    told = Told(
        frame_of(row, may_be_planned(work, row.nis_code, row.state, row.review_on)), standing_of(row), parts,
        criteria_from_json(criteria) if criteria else None, circle, kept_out_of(work, row, in_circle=in_circle),
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
        **await circle_of(work, told, row),
        actions=tuple(_action_view(*action) for action in listed(row.actions)),
        case_lead_id=row.case_lead_id if in_circle else None,
        **what_may_be_done(work, told, row),
        **answer_of(work, row),
        information=information_in(listed(row.information), row.inform_by, local_date(work.now)),
    )  # fmt: skip


async def circle_of(work: Work, told: Told, row: Row) -> dict[str, Any]:
    """Who is in it; who was taken out and who opened it already for those alone who may end an invitation."""
    may_end = bool(told.circle) and row.nis_code in insider_towns(work)
    return {
        "circle": await read_circle(work, told.frame.case_id, told.circle, told.parts, may_end=may_end),
        "ended_invitations": ended_views(listed(row.ended)) if may_end else (),
        "kept_out": told.kept_out,
    }


def kept_out_of(work: Work, row: Row, *, in_circle: bool) -> tuple[KeptOutView, ...]:
    """Who has a conflict of interest, for its circle: it knows who does not read. The rest is for insiders."""
    insider = row.nis_code in insider_towns(work)

    def may_lift(declared: bool) -> bool:
        lifting = passes(lambda: allow_lift_conflict(work, standing_of(row), row.version, declared=declared))
        return lifting and work.may("lift_conflict")

    return kept_out_views(listed(row.kept_out), may_lift, insider=insider) if in_circle else ()


def standing_of(row: Row) -> CaseStanding:
    """Where the case truly stands, a hold included: what commands ask it of."""
    paused_from = CaseState(row.paused_from) if row.paused_from else None
    relied_on = row.relied_at is not None
    return CaseStanding(
        row.nis_code, CaseState(row.true_state), paused_from, row.review_on, row.version, relied_on, row.refused_at
    )


def answer_of(work: Work, row: Row) -> dict[str, Any]:
    """Who answered as mayor, and when, and why the police did not: for those who prepare the case and decide on it."""
    if row.nis_code not in insider_towns(work):
        return {"answered_by": None, "answered_at": None, "unchecked": ""}
    refused = row.refused_at is not None
    by, at = (row.refused_by, row.refused_at) if refused else (row.listed_by, row.listed_at)
    return {"answered_by": by, "answered_at": at, "unchecked": row.unchecked}


def what_may_be_done(work: Work, told: Told, row: Row) -> dict[str, Any]:
    """The answers that spare everybody else the rules; from rows that are read already."""
    frame = told.frame
    way, way_now = way_of(CaseState(frame.state))
    at_the_table = frame.stage is Stage.AT_THE_TABLE
    lifts = any(entry.may_lift for entry in told.kept_out)
    circled = Circled(inside=bool(told.circle), invited=is_invited(told.circle), lifts=lifts)
    may = case_may(work, told.standing, told.parts, told.criteria, circled)
    return {
        "may": may,
        "reporter_id": row.reporter_id if "invite_to_circle" in may else None,
        "asks": asks_of(work, row.asks),
        "review": review_of(frame.review_on, local_date(work.now)) if at_the_table else Review.IN_TIME,
        "way": way,
        "way_now": way_now,
        "police": is_police(work),
    }


def _action_view(action_id: str, life_domain: str, owner_id: str, due_on: str, state: str) -> ActionView:
    return ActionView(UUID(action_id), life_domain, UUID(owner_id), date.fromisoformat(due_on), state)
