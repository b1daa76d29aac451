"""Who opened a session by mistake takes that back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.meeting.allowed import allow_undo_opening
from services.meeting.events import opening_reverted
from services.meeting.model import AgendaCase
from services.meeting.queries.read_session import find_session


@dataclass(frozen=True, slots=True)
class UndoOpening:
    """Which session."""

    session_id: UUID
    expected_version: int


async def undo_opening(work: Work, command: UndoOpening) -> Receipt:
    """It is planned again, and who was said to be present counts no more; the log keeps that it was opened."""
    session = await find_session(work, command.session_id, to_change=True)
    allow_undo_opening(work, session, command.expected_version)
    session.undo_opening()
    await work.session.flush()
    on_agenda = (AgendaCase.tenant_id == work.cell_id, AgendaCase.session_id == session.session_id)
    for case_id in await work.session.scalars(select(AgendaCase.case_id).where(*on_agenda)):
        work.concern(case_id)
    work.publish(opening_reverted(session))
    return Receipt(session.session_id, session.state, session.version)
