"""A session as the caller may see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from services.kit.execute import Work
from services.kit.facts import load_mandates_of
from services.kit.vault import AssociatedData
from services.meeting.allowed import is_chair, seats_taken, session_may, to_decide
from services.meeting.errors import SessionNotFound
from services.meeting.model import (
    TO_OPEN,
    AgendaCase,
    AgendaItem,
    Attendance,
    Decision,
    Dissent,
    KnownCase,
    People,
    Session,
    Stage,
    my_circle,
)


@dataclass(frozen=True, slots=True)
class ReadSession:
    """Which session."""

    session_id: UUID


@dataclass(frozen=True, slots=True)
class DissentView:
    """Who thought otherwise, and how."""

    person_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with its reasons, for those who have the content of the case."""

    decision_id: UUID
    outcome: str
    reasons: str
    dissents: tuple[DissentView, ...]
    decided_by: UUID
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class ItemView:
    """A point of the agenda; a closed point has neither case, code nor town.

    `may`: the verbs open to the reader; `seats_taken`: the table can decide on it, while the session is open.
    """

    item: AgendaItem
    case_id: UUID | None
    case_code: str | None
    nis_code: str | None
    decision: DecisionView | None
    may: tuple[str, ...] = ()
    seats_taken: bool = False
    chairs: bool = False


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session with its agenda and who was present. `may`: the verbs open to the reader; `stage`: where it stands."""

    session: Session
    items: tuple[ItemView, ...]
    attendance: tuple[Attendance, ...]
    may: tuple[str, ...]
    stage: Stage


async def read_session(work: Work, query: ReadSession) -> SessionView:
    """Read one session. Raises SessionNotFound for an unknown and a forbidden one alike.

    The database makes the cases of others closed points, and hides decisions without `content` (invariant 4). One
    statement for a session to come; a second for who was present, others for dissents and for seats while it goes on.
    """
    session, found = await find_agenda(work, query.session_id)
    dissents = await read_dissents(work, [item.decision for item in found if item.decision and item.dissents])
    attendance = await find_attendance(work, session) if session.state not in TO_OPEN else ()
    present = await find_seated(work, session, attendance, found)
    items = tuple([await view_item(work, session, row, dissents, present) for row in found])
    work.trail.count = len(items)
    read = {"attendance": attendance, "content": [item for item in items if item.decision]}
    work.trail.fields = ("frame", *(group for group, found in read.items() if found))
    return SessionView(session, items, tuple(attendance), session_may(work, session), session.stage_at(work.now))


async def find_session(work: Work, session_id: UUID, *, to_change: bool = False) -> Session:
    """The session; `to_change` keeps others from changing it until this act has ended. Raises SessionNotFound."""
    wanted = select(Session).where(Session.tenant_id == work.cell_id, Session.session_id == session_id)
    session = await work.session.scalar(wanted.with_for_update() if to_change else wanted)
    if session is None:
        raise SessionNotFound
    return session


async def find_attendance(work: Work, session: Session) -> Sequence[Attendance]:
    """Who was present."""
    of_session = (Attendance.tenant_id == work.cell_id, Attendance.session_id == session.session_id)
    ordered = select(Attendance).where(*of_session).order_by(Attendance.person_id, Attendance.seat)
    return (await work.session.scalars(ordered)).all()


async def find_seated(work: Work, session: Session, attendance: Sequence[Attendance], items: Sequence[Found]) -> People:
    """Those present with their mandates valid now; looked up in an open session with a case the reader sees."""
    if not session.is_open or not any(item.case_id for item in items):
        return {}
    return await load_mandates_of(work.transaction, {attendee.person_id for attendee in attendance})


class Found(NamedTuple):
    """A point of the agenda, with what the walls let through of its case and of what was decided."""

    item: AgendaItem
    case_id: UUID | None
    code: str | None
    nis_code: str | None
    decision: Decision | None
    state: str | None
    content: bool
    dissents: bool


_CONTENT = (
    select(my_circle.c.object_id)
    .where(my_circle.c.object_id == AgendaCase.case_id, any_(my_circle.c.parts) == "content")
    .exists()
)
_OF_ITEM = (AgendaItem.tenant_id == Session.tenant_id) & (AgendaItem.session_id == Session.session_id)
_OF_CASE = (AgendaCase.tenant_id == AgendaItem.tenant_id) & (AgendaCase.agenda_item_id == AgendaItem.agenda_item_id)
_KNOWN = (KnownCase.tenant_id == AgendaCase.tenant_id) & (KnownCase.case_id == AgendaCase.case_id)
_DECIDED = (Decision.tenant_id == AgendaCase.tenant_id) & (Decision.agenda_item_id == AgendaCase.agenda_item_id)
OF_DECISION = (Dissent.tenant_id == Decision.tenant_id) & (Dissent.decision_id == Decision.decision_id)
_AGENDA = (
    select(
        Session, AgendaItem, AgendaCase.case_id, KnownCase.code, AgendaCase.nis_code, Decision, KnownCase.state,
        _CONTENT, select(Dissent.dissent_id).where(OF_DECISION).exists(),
    )
    .outerjoin(AgendaItem, _OF_ITEM)
    .outerjoin(AgendaCase, _OF_CASE)
    .outerjoin(KnownCase, _KNOWN)
    .outerjoin(Decision, _DECIDED)
    .where(Session.tenant_id == bindparam("tenant"), Session.session_id == bindparam("session"))
    .order_by(AgendaItem.position)
)  # fmt: skip


async def find_agenda(work: Work, session_id: UUID) -> tuple[Session, list[Found]]:
    """The session and its agenda in its order, with what the walls let through of cases and decisions.

    Raises SessionNotFound.
    """
    values = {"tenant": work.cell_id, "session": session_id}
    rows: Sequence[Any] = (await work.session.execute(_AGENDA, values)).all()
    if not rows:
        raise SessionNotFound
    return rows[0][0], [Found(*row) for _, *row in rows if row[0] is not None]


async def view_item(
    work: Work, session: Session, found: Found, dissents: Mapping[UUID, tuple[DissentView, ...]], present: People
) -> ItemView:
    """One point with its decision opened; its case is named in the record."""
    if found.case_id is None or found.nis_code is None:
        return ItemView(found.item, None, None, None, None)
    work.concern(found.case_id)
    decided = found.decision is not None
    decides = to_decide(
        work, session, found.nis_code, content=bool(found.content), decided=decided, case_state=found.state
    )
    seated = bool(present) and seats_taken(present, found.nis_code, work.now)
    opened = await open_decision(work, found.decision, dissents) if found.decision else None
    may = ("record_decision",) if decides and seated else ()
    return ItemView(found.item, found.case_id, found.code, found.nis_code, opened, may, seated,
        bool(found.content) and is_chair(work, found.nis_code),
    )  # fmt: skip


async def open_decision(
    work: Work, decision: Decision, dissents: Mapping[UUID, tuple[DissentView, ...]]
) -> DecisionView:
    """A decision with its reasons and dissents."""
    associated_data = AssociatedData(decision.case_id, "decision", "reasons", decision.decision_id)
    return DecisionView(
        decision.decision_id, decision.outcome, await work.open(decision.reasons, associated_data),
        dissents.get(decision.decision_id, ()), decision.decided_by, decision.decided_at,
    )  # fmt: skip


_DISSENTS = (
    select(Dissent)
    .where(Dissent.tenant_id == bindparam("tenant"), Dissent.decision_id == any_(bindparam("decisions", ARRAY(Uuid))))
    .order_by(Dissent.dissent_id)
)


async def read_dissents(work: Work, decisions: Collection[Decision]) -> dict[UUID, tuple[DissentView, ...]]:
    """The dissents to these decisions that the caller may read, by decision; nothing is asked for none."""
    if not decisions:
        return {}
    values = {"tenant": work.cell_id, "decisions": [decision.decision_id for decision in decisions]}
    views: dict[UUID, tuple[DissentView, ...]] = {}
    for dissent in await work.session.scalars(_DISSENTS, values):
        text = await work.open(dissent.text, AssociatedData(dissent.case_id, "dissent", "text", dissent.dissent_id))
        views[dissent.decision_id] = (*views.get(dissent.decision_id, ()), DissentView(dissent.person_id, text))
    return views
