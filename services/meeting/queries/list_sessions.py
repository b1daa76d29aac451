"""The sessions of the cell, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.meeting.allowed import session_may
from services.meeting.model import Session, Stage


@dataclass(frozen=True, slots=True)
class ListSessions:
    """A page of at most 50; `cursor` is the id of the last session of the page before."""

    page_size: int
    cursor: UUID | None


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
    next_cursor: UUID | None


async def list_sessions(work: Work, query: ListSessions) -> SessionsPage:
    """When and where the table sits; names no case."""
    newest = select(Session).where(Session.tenant_id == work.cell_id).order_by(Session.session_id.desc())
    if query.cursor is not None:
        newest = newest.where(Session.session_id < query.cursor)
    found = (await work.session.scalars(newest.limit(query.page_size + 1))).all()
    page = tuple(
        SessionLine(session, session_may(work, session), session.stage_at(work.now))
        for session in found[: query.page_size]
    )
    work.trail.count = len(page)
    return SessionsPage(page, page[-1].session.session_id if len(found) > len(page) else None)
