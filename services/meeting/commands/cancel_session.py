"""The coordinator takes a session back that was not opened."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt
from services.meeting.allowed import allow_cancel_session
from services.meeting.events import notice_asked, session_cancelled
from services.meeting.find import who_is_concerned
from services.meeting.model import AgendaCase
from services.meeting.queries.read_session import find_session


@dataclass(frozen=True, slots=True)
class CancelSession:
    """Which session."""

    session_id: UUID
    expected_version: int


async def cancel_session(work: Work, command: CancelSession) -> Receipt:
    """Its cases await another session, as before it was planned."""
    session = await find_session(work, command.session_id, to_change=True)
    allow_cancel_session(work, session, command.expected_version)
    session.cancel(work.actor_id, work.now)
    of_session = (AgendaCase.tenant_id == work.cell_id, AgendaCase.session_id == session.session_id)
    cases = (await work.session.scalars(select(AgendaCase.case_id).where(*of_session))).all()
    for case_id in cases:
        work.concern(case_id)
    await work.session.flush()
    work.publish(session_cancelled(session, cases))
    work.publish(notice_asked(await who_is_concerned(work, session, cases, NoticeKind.SESSION_CANCELLED)))
    return Receipt(session.session_id, session.state, session.version)
