"""A session with these cases on its agenda was cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from services.case.events import case_state_changed
from services.case.model import Case
from services.kit.clock import day_starts_at, local_date
from services.kit.execute import Work

# Old news of a session that was planned anew is no news; the planning that comes after its cancelling neither.
_NOTE = text(
    "INSERT INTO planned_session AS known (tenant_id, session_id, starts_at, version)"
    " VALUES (:tenant, :session_id, :starts_at, :version) ON CONFLICT (tenant_id, session_id)"
    " DO UPDATE SET starts_at = excluded.starts_at, version = excluded.version"
    " WHERE known.version < excluded.version RETURNING version"
)
_FORGET = text("DELETE FROM planned_case WHERE tenant_id = :tenant AND session_id = :session_id")
_OTHERS = text(
    "SELECT DISTINCT case_id FROM planned_case"
    " WHERE tenant_id = :tenant AND case_id = ANY (:cases) AND starts_at >= :today"
)


@dataclass(frozen=True, slots=True)
class UnscheduleCases:
    """The session as it was cancelled in this version."""

    session_id: UUID
    version: int
    starts_at: datetime
    case_ids: tuple[UUID, ...]


async def unschedule_cases(work: Work, command: UnscheduleCases) -> None:
    """The cases await a session again, unless one of today or later treats them; what was decided stays as it is."""
    session = {"tenant": work.cell_id, "session_id": command.session_id}
    values = session | {"starts_at": command.starts_at, "version": command.version}
    if (await work.session.execute(_NOTE, values)).scalar() is None:
        return
    wanted = select(Case).where(Case.tenant_id == work.cell_id, Case.case_id.in_(command.case_ids))
    cases = (await work.session.scalars(wanted.order_by(Case.case_id).with_for_update())).all()
    await work.session.execute(_FORGET, session)
    planned = await planned_elsewhere(work, cases)
    for case in cases:
        work.concern(case.case_id)
        if case.case_id not in planned and case.unschedule():
            work.publish(case_state_changed(case))
            work.trail.count += 1


async def planned_elsewhere(work: Work, cases: Iterable[Case]) -> set[UUID]:
    """Those of these cases that another session treats."""
    values = {
        "tenant": work.cell_id,
        "cases": [case.case_id for case in cases],
        "today": day_starts_at(local_date(work.now)),
    }
    return set((await work.session.execute(_OTHERS, values)).scalars())
