"""The sessions of the cell, by their date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Uuid, bindparam, select, tuple_

from services.kit.clock import day_starts_at, local_date
from services.kit.execute import Work
from services.kit.paging import Position, Time, page_of
from services.kit.statements import Entities
from services.meeting.allowed import session_may
from services.meeting.model import Session, Stage, is_ahead


@dataclass(frozen=True, slots=True)
class ListSessions:
    """A page of at most 50, after `cursor`; those that come or go on the soonest first, all others the latest first."""

    page_size: int
    cursor: Position | None
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """When and where the table sits, what the caller may do with it, and where it stands."""

    session: Session
    may: tuple[str, ...]
    stage: Stage


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """Sessions without agenda and attendance; `next_cursor` is None on the last page."""

    sessions: tuple[SessionLine, ...]
    next_cursor: Position | None


async def list_sessions(work: Work, query: ListSessions) -> SessionsPage:
    """When and where the table sits; names no case."""
    found = [session for (session,) in await work.fetch_entities(*_asked(work, query))]
    shown, more = page_of(found, query.page_size)
    page = tuple(SessionLine(session, session_may(work, session), session.stage_at(work.now)) for session in shown)
    work.trail.count = len(page)
    return SessionsPage(page, Position(shown[-1].starts_at, shown[-1].session_id) if more else None)


def _page(time: Time | None, *, after: bool) -> Entities:
    place = (Session.starts_at, Session.session_id)
    soonest, ahead = time is Time.CURRENT, is_ahead(bindparam("now"), bindparam("today"))
    asked = select(Session).where(Session.tenant_id == bindparam("tenant")).limit(bindparam("rows"))
    if time is not None:
        asked = asked.where(ahead if soonest else ~ahead)
    if after:
        last = tuple_(bindparam("at", type_=Session.starts_at.type), bindparam("entry", type_=Uuid()))
        asked = asked.where(tuple_(*place) > last if soonest else tuple_(*place) < last)
    return Entities(asked.order_by(*(column if soonest else column.desc() for column in place)))


_PAGES = {(time, after): _page(time, after=after) for time in (None, *Time) for after in (False, True)}


def _asked(work: Work, query: ListSessions) -> tuple[Entities, Mapping[str, object]]:
    after = query.cursor
    values: dict[str, object] = {
        "tenant": work.cell_id,
        "rows": query.page_size + 1,
        "now": work.now,
        "today": day_starts_at(local_date(work.now)),
    }
    if after is not None:
        values |= {"at": after.at, "entry": after.entry}
    return _PAGES[query.time, after is not None], values
