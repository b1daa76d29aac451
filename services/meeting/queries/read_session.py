"""A session as the caller may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.kit.execute import Work
from services.kit.facts import load_mandates_of
from services.kit.statements import Entities, Statement
from services.meeting.allowed import is_chair, is_preparer, seats_taken, session_may, to_decide, to_prepare
from services.meeting.decided import DecisionView, Texts, open_decision, read_texts
from services.meeting.errors import SessionNotFound
from services.meeting.model import (
    TO_OPEN,
    AgendaCase,
    AgendaItem,
    Attendance,
    CircleEntry,
    Decision,
    KnownCase,
    People,
    PreparedDecision,
    Session,
    Stage,
    my_circle,
)
from services.meeting.prepared import PreparedView, open_prepared


@dataclass(frozen=True, slots=True)
class ReadSession:
    """Which session."""

    session_id: UUID


@dataclass(frozen=True, slots=True)
class ItemView:
    """A point of the agenda; a closed point has neither case, code nor town.

    `may`: the verbs open to the reader; `seats_taken`: the table can decide on it, while the session is open.
    `prepared` is for who prepares or decides, while it is to be decided; `guest_ids` are the people invited to the
    case, before the session is opened, for who reads its content.
    """

    item: AgendaItem
    case_id: UUID | None
    case_code: str | None
    nis_code: str | None
    decision: DecisionView | None
    may: tuple[str, ...] = ()
    seats_taken: bool = False
    chairs: bool = False
    prepared: PreparedView | None = None
    guest_ids: tuple[UUID, ...] = ()


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

    The database makes the cases of others closed points, and hides decisions without `content` (invariant 4). Two
    statements for a session to come; a second for who was present, others for what was decided, and for seats while it
    goes on.
    """
    session, found = await find_agenda(work, query.session_id)
    texts = await read_texts(work, [item.decision for item in found if item.decision])
    attendance = await find_attendance(work, session) if session.state not in TO_OPEN else ()
    present = await find_seated(work, session, attendance, found)
    around = await find_around(work, session, found)
    items = tuple([await view_item(work, session, row, texts, present, around) for row in found])
    work.trail.count = len(items)
    read = {"attendance": attendance, "content": [item for item in items if item.decision or item.prepared]}
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
    """Who was present at the opening that counts."""
    values = {"tenant": work.cell_id, "session": session.session_id, "opening": session.opening}
    return [attendee for (attendee,) in await work.fetch_entities(_ATTENDANCE, values)]


async def find_seated(work: Work, session: Session, attendance: Sequence[Attendance], items: Sequence[Found]) -> People:
    """Those present with their mandates valid now; looked up in an open session with a case the reader sees."""
    if not session.is_open or not any(item.case_id for item in items):
        return {}
    return await load_mandates_of(work.transaction, {attendee.person_id for attendee in attendance})


class Around(NamedTuple):
    """The people named in the circle of a case: invited to it, or kept out of it (invariant 21)."""

    invited: tuple[UUID, ...] = ()
    kept_out: tuple[UUID, ...] = ()


async def find_around(work: Work, session: Session, items: Sequence[Found]) -> dict[UUID, Around]:
    """Who is named in the circles of cases whose content the reader reads, on the day of a session to come or now."""
    cases = [item.case_id for item in items if item.case_id and item.content]
    if not (session.state in TO_OPEN or session.is_open) or not cases:
        return {}
    values = {"tenant": work.cell_id, "cases": cases, "at": max(work.now, session.starts_at)}
    return {
        case_id: Around(tuple(invited or ()), tuple(kept_out or ()))
        for case_id, invited, kept_out in await work.fetch(_AROUND, values)
    }


class Found(NamedTuple):
    """A point of the agenda, with what the walls let through of its case and of what was decided."""

    item: AgendaItem
    case_id: UUID | None
    code: str | None
    nis_code: str | None
    decision: Decision | None
    state: str | None
    content: bool
    prepared: PreparedDecision | None


_ATTENDANCE = Entities(
    select(Attendance)
    .where(
        Attendance.tenant_id == bindparam("tenant"),
        Attendance.session_id == bindparam("session"),
        Attendance.opening == bindparam("opening"),
    )
    .order_by(Attendance.person_id, Attendance.seat)
)
_PERSONS = aggregate_order_by(CircleEntry.person_id, CircleEntry.person_id)
_AROUND = Statement(
    select(
        CircleEntry.object_id,
        func.array_agg(_PERSONS).filter(CircleEntry.parts != []),
        func.array_agg(_PERSONS).filter(CircleEntry.parts == []),
    )
    .where(
        CircleEntry.tenant_id == bindparam("tenant"),
        CircleEntry.object_id == any_(bindparam("cases", type_=ARRAY(Uuid))),
        CircleEntry.person_id.is_not(None),
        CircleEntry.starts_at <= bindparam("at"),
        CircleEntry.ends_at > bindparam("at"),
    )
    .group_by(CircleEntry.object_id)
)
_CONTENT = (
    select(my_circle.c.object_id)
    .where(my_circle.c.object_id == AgendaCase.case_id, any_(my_circle.c.parts) == "content")
    .exists()
)
_OF_ITEM = (AgendaItem.tenant_id == Session.tenant_id) & (AgendaItem.session_id == Session.session_id)
_OF_CASE = (AgendaCase.tenant_id == AgendaItem.tenant_id) & (AgendaCase.agenda_item_id == AgendaItem.agenda_item_id)
_KNOWN = (KnownCase.tenant_id == AgendaCase.tenant_id) & (KnownCase.case_id == AgendaCase.case_id)
_DECIDED = (Decision.tenant_id == AgendaCase.tenant_id) & (Decision.agenda_item_id == AgendaCase.agenda_item_id)
_PREPARED = (PreparedDecision.tenant_id == AgendaCase.tenant_id) & (
    PreparedDecision.agenda_item_id == AgendaCase.agenda_item_id
)
_AGENDA = Entities(
    select(
        Session, AgendaItem, AgendaCase.case_id, KnownCase.code, AgendaCase.nis_code, Decision, KnownCase.state,
        _CONTENT, PreparedDecision,
    )
    .outerjoin(AgendaItem, _OF_ITEM)
    .outerjoin(AgendaCase, _OF_CASE)
    .outerjoin(KnownCase, _KNOWN)
    .outerjoin(Decision, _DECIDED)
    .outerjoin(PreparedDecision, _PREPARED)
    .where(Session.tenant_id == bindparam("tenant"), Session.session_id == bindparam("session"))
    .order_by(AgendaItem.position)
)  # fmt: skip


async def find_agenda(work: Work, session_id: UUID) -> tuple[Session, list[Found]]:
    """The session and its agenda in its order, with what the walls let through of cases and decisions.

    Raises SessionNotFound.
    """
    values = {"tenant": work.cell_id, "session": session_id}
    rows = await work.fetch_entities(_AGENDA, values)
    if not rows:
        raise SessionNotFound
    return rows[0][0], [Found(*row) for _, *row in rows if row[0] is not None]


async def view_item(
    work: Work, session: Session, found: Found, texts: Texts, present: People, around: Mapping[UUID, Around]
) -> ItemView:
    """One point with its decision opened; its case is named in the record."""
    if found.case_id is None or found.nis_code is None:
        return ItemView(found.item, None, None, None, None)
    work.concern(found.case_id)
    town, content = found.nis_code, bool(found.content)
    stands: Any = {"content": content, "decided": found.decision is not None, "case_state": found.state}
    people = around.get(found.case_id, Around())
    treating = {person: mandates for person, mandates in present.items() if person not in people.kept_out}
    seated = bool(treating) and seats_taken(treating, town, work.now)
    may = {
        "record_decision": seated and to_decide(work, session, town, **stands),
        "prepare_decision": to_prepare(work, session, town, **stands),
    }
    opened = await open_decision(work, found.decision, texts) if found.decision else None
    chairs = content and is_chair(work, town)
    meant = session.is_open and not opened and (chairs or (content and is_preparer(work, town)))
    prepared = await open_prepared(work, found.prepared) if found.prepared and meant else None
    verbs = tuple(verb for verb, open_to_me in may.items() if open_to_me)
    guests = people.invited if session.state in TO_OPEN else ()
    return ItemView(found.item, found.case_id, found.code, town, opened, verbs, seated, chairs, prepared, guests)
