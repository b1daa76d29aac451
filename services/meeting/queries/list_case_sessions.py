"""The sessions a case stands or stood on the agenda of, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.meeting.errors import CaseNotFound
from services.meeting.model import AgendaCase, AgendaItem, Decision, KnownCase, Session, Stage
from services.meeting.queries.read_session import DecisionView, open_decision, read_dissents


@dataclass(frozen=True, slots=True)
class ListCaseSessions:
    """Of which case."""

    case_id: UUID


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


async def list_case_sessions(work: Work, query: ListCaseSessions) -> tuple[CaseSession, ...]:
    """All of them. Raises CaseNotFound for an unknown case and a forbidden one alike.

    The database hides decisions without `content` (invariant 4).
    """
    of_case = (KnownCase.tenant_id == work.cell_id, KnownCase.case_id == query.case_id)
    if await work.session.scalar(select(KnownCase.case_id).where(*of_case)) is None:
        raise CaseNotFound
    work.concern(query.case_id)
    dissents = await read_dissents(work, Decision.case_id == query.case_id)
    sessions = []
    for session, item, decision in await find_sessions(work, query.case_id):
        opened = await open_decision(work, decision, dissents) if decision else None
        sessions.append(
            CaseSession(
                session.session_id, session.state, item.starts_at, item.ends_at, session.place, opened,
                session.stage_at(work.now),
            )
        )  # fmt: skip
    work.trail.count = len(sessions)
    work.trail.fields = ("frame", "content") if any(session.decision for session in sessions) else ("frame",)
    return tuple(sessions)


async def find_sessions(work: Work, case_id: UUID) -> list[tuple[Session, AgendaItem, Decision | None]]:
    """The sessions with this case on their agenda, its item, and what the walls let through of a decision."""
    same_item = (AgendaItem.tenant_id == AgendaCase.tenant_id) & (
        AgendaItem.agenda_item_id == AgendaCase.agenda_item_id
    )
    its_decision = (Decision.tenant_id == AgendaCase.tenant_id) & (Decision.agenda_item_id == AgendaCase.agenda_item_id)
    found = await work.session.execute(
        select(Session, AgendaItem, Decision)
        .join(AgendaCase, (AgendaCase.tenant_id == Session.tenant_id) & (AgendaCase.session_id == Session.session_id))
        .join(AgendaItem, same_item)
        .outerjoin(Decision, its_decision)
        .where(AgendaCase.tenant_id == work.cell_id, AgendaCase.case_id == case_id)
        .order_by(AgendaItem.starts_at, AgendaItem.agenda_item_id)
    )
    return [(session, item, decision) for session, item, decision in found]
