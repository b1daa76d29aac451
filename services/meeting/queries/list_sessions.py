"""The sessions of the cell, by their date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, select, tuple_

from services.kit.execute import Work
from services.kit.paging import Position, Time, page_of
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
    found = (await work.session.scalars(_asked(work, query).limit(query.page_size + 1))).all()
    shown, more = page_of(found, query.page_size)
    page = tuple(SessionLine(session, session_may(work, session), session.stage_at(work.now)) for session in shown)
    work.trail.count = len(page)
    return SessionsPage(page, Position(shown[-1].starts_at, shown[-1].session_id) if more else None)


def _asked(work: Work, query: ListSessions) -> Select[Session]:
    asked, place = select(Session).where(Session.tenant_id == work.cell_id), (Session.starts_at, Session.session_id)
    ahead = is_ahead(work.now)
    if query.time is not None:
        asked = asked.where(ahead if query.time is Time.CURRENT else ~ahead)
    if query.time is Time.CURRENT:
        beyond: Any = tuple_(*place) > _values(query.cursor) if query.cursor else True
        return asked.where(beyond).order_by(*place)
    beyond = tuple_(*place) < _values(query.cursor) if query.cursor else True
    return asked.where(beyond).order_by(*(column.desc() for column in place))


def _values(position: Position) -> Any:
    return tuple_(literal(position.at), literal(position.entry))
