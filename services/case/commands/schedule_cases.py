"""A session with these cases on its agenda was planned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from services.case.events import case_state_changed
from services.case.model import Case
from services.kit.execute import Work

_NOTE = text(
    "INSERT INTO planned_session AS known (tenant_id, session_id, starts_at, version)"
    " VALUES (:tenant, :session_id, :starts_at, :version) ON CONFLICT (tenant_id, session_id)"
    " DO UPDATE SET starts_at = excluded.starts_at, version = excluded.version"
    " WHERE known.version < excluded.version RETURNING version"
)

_FORGET = text("DELETE FROM planned_case WHERE tenant_id = :tenant AND session_id = :session_id")
_NOTE_CASE = text(
    "INSERT INTO planned_case (tenant_id, session_id, case_id, nis_code, starts_at)"
    " VALUES (:tenant, :session_id, :case_id, :nis_code, :starts_at)"
)


@dataclass(frozen=True, slots=True)
class ScheduleCases:
    """The session as it is planned in this version."""

    session_id: UUID
    version: int
    starts_at: datetime
    case_ids: tuple[UUID, ...]


async def schedule_cases(work: Work, command: ScheduleCases) -> None:
    """Schedule the cases that await a session; old news, and what was decided meanwhile, stays as it is."""
    values = {
        "tenant": work.cell_id,
        "session_id": command.session_id,
        "starts_at": command.starts_at,
        "version": command.version,
    }
    if (await work.session.execute(_NOTE, values)).scalar() is None:
        return
    wanted = select(Case).where(Case.tenant_id == work.cell_id, Case.case_id.in_(command.case_ids))
    cases = (await work.session.scalars(wanted.order_by(Case.case_id).with_for_update())).all()
    await note_agenda(work, command, cases)
    for case in cases:
        work.concern(case.case_id)
        case.rely(work.now)
        if case.schedule():
            work.publish(case_state_changed(case))
            work.trail.count += 1


async def note_agenda(work: Work, command: ScheduleCases, cases: Iterable[Case]) -> None:
    """Which cases the session treats, as it is planned now."""
    session = {"tenant": work.cell_id, "session_id": command.session_id}
    await work.session.execute(_FORGET, session)
    rows = [
        session | {"case_id": case.case_id, "nis_code": case.nis_code, "starts_at": command.starts_at} for case in cases
    ]
    if rows:
        await work.session.execute(_NOTE_CASE, rows)
