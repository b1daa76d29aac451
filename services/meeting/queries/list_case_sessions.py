"""The sessions a case stands or stood on the agenda of, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, tuple_

from services.kit.execute import Work
from services.kit.fields import MAX_PAGE
from services.kit.paging import Position, page_of
from services.kit.statements import Entities, Statement
from services.meeting.decided import AGREED_IN, OF_DECISION, DecisionView, open_decision, read_texts
from services.meeting.errors import CaseNotFound
from services.meeting.model import Action, AgendaCase, AgendaItem, Decision, Dissent, KnownCase, Session, Stage


@dataclass(frozen=True, slots=True)
class ListCaseSessions:
    """Of which case; a page after `cursor`, shorter where what was decided is long."""

    case_id: UUID
    page_size: int = MAX_PAGE
    cursor: Position | None = None


@dataclass(frozen=True, slots=True)
class CaseSession:
    """A session with the time window of the case, where it stands, and what was decided for readers of the content."""

    session_id: UUID
    state: str
    starts_at: datetime
    ends_at: datetime
    place: str
    decision: DecisionView | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class CaseSessionsPage:
    """Sessions with what was decided; `next_cursor` is None on the last page."""

    sessions: tuple[CaseSession, ...]
    next_cursor: Position | None


async def list_case_sessions(work: Work, query: ListCaseSessions) -> CaseSessionsPage:
    """Oldest first. Raises CaseNotFound for an unknown case and a forbidden one alike.

    The database hides decisions without `content` (invariant 4).
    """
    found = await find_sessions(work, query)
    if not found and await work.fetch_one(_CASE, {"tenant": work.cell_id, "case": query.case_id}) is None:
        raise CaseNotFound
    work.concern(query.case_id)
    shown, more = page_of(found, query.page_size, weight_of)
    texts = await read_texts(work, [row.decision for row in shown if row.decision])
    sessions = []
    for session, item, decision, _ in shown:
        opened = await open_decision(work, decision, texts) if decision else None
        sessions.append(
            CaseSession(
                session.session_id, session.state, item.starts_at, item.ends_at, session.place, opened,
                session.stage_at(work.now),
            )
        )  # fmt: skip
    work.trail.count = len(sessions)
    work.trail.fields = ("frame", "content") if any(row.decision for row in shown) else ("frame",)
    last = shown[-1].item if more else None
    return CaseSessionsPage(tuple(sessions), Position(last.starts_at, last.agenda_item_id) if last else None)


class Found(NamedTuple):
    """A session with the item of the case, and what the walls let through of a decision; the bytes of its texts."""

    session: Session
    item: AgendaItem
    decision: Decision | None
    texts: int


def weight_of(row: Found) -> int:
    """What its sealed texts weigh."""
    return (len(row.decision.reasons) if row.decision else 0) + row.texts


_CASE = Statement(
    select(KnownCase.case_id).where(KnownCase.tenant_id == bindparam("tenant"), KnownCase.case_id == bindparam("case"))
)
_SAME_ITEM = (AgendaItem.tenant_id == AgendaCase.tenant_id) & (AgendaItem.agenda_item_id == AgendaCase.agenda_item_id)
_ITS_DECISION = (Decision.tenant_id == AgendaCase.tenant_id) & (Decision.agenda_item_id == AgendaCase.agenda_item_id)
_DISSENTS = select(func.coalesce(func.sum(func.octet_length(Dissent.text)), 0)).where(OF_DECISION).scalar_subquery()
_AGREED = select(func.coalesce(func.sum(func.octet_length(Action.what)), 0)).where(AGREED_IN).scalar_subquery()
_PLACE = (AgendaItem.starts_at, AgendaItem.agenda_item_id)
_SESSIONS = (
    select(Session, AgendaItem, Decision, _DISSENTS + _AGREED)
    .join(AgendaCase, (AgendaCase.tenant_id == Session.tenant_id) & (AgendaCase.session_id == Session.session_id))
    .join(KnownCase, (KnownCase.tenant_id == AgendaCase.tenant_id) & (KnownCase.case_id == AgendaCase.case_id))
    .join(AgendaItem, _SAME_ITEM)
    .outerjoin(Decision, _ITS_DECISION)
    .where(AgendaCase.tenant_id == bindparam("tenant"), AgendaCase.case_id == bindparam("case"))
    .order_by(*_PLACE)
    .limit(bindparam("rows"))
)
_FIRST = Entities(_SESSIONS)
_AFTER = Entities(
    _SESSIONS.where(
        tuple_(*_PLACE) > tuple_(bindparam("at", type_=AgendaItem.starts_at.type), bindparam("entry", type_=Uuid()))
    )
)


async def find_sessions(work: Work, query: ListCaseSessions) -> list[Found]:
    """The sessions with this case on their agenda, one more than the page; of an unknown case none."""
    values = {"tenant": work.cell_id, "case": query.case_id, "rows": query.page_size + 1}
    if query.cursor is None:
        found = await work.fetch_entities(_FIRST, values)
    else:
        found = await work.fetch_entities(_AFTER, {**values, "at": query.cursor.at, "entry": query.cursor.entry})
    return [Found(*row) for row in found]
