"""There is no conflict of interest any more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.case.allowed import allow_lift_conflict
from services.case.circle import is_in_circle, tell_circle
from services.case.errors import ConflictNotFound
from services.case.find import find_case
from services.case.model import ConflictOfInterest
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class LiftConflict:
    """Who is kept out of which case no longer."""

    case_id: UUID
    expected_version: int
    person_id: UUID


async def lift_conflict(work: Work, command: LiftConflict) -> Receipt:
    """By their seat the person reads again from now on; whoever was invited needs a new invitation."""
    case = await find_case(work, command.case_id)
    found = await work.session.scalars(
        select(ConflictOfInterest)
        .where(ConflictOfInterest.tenant_id == work.cell_id, ConflictOfInterest.person_id == command.person_id)
        .where(ConflictOfInterest.object_id.in_([case.case_id, case.signal_id]))
        .where(ConflictOfInterest.lifted_at.is_(None))
    )
    conflicts = found.all()
    if not conflicts or not await is_in_circle(work, case.case_id):
        raise ConflictNotFound
    declared = all(conflict.declared for conflict in conflicts)
    work.act_under(allow_lift_conflict(work, case.stands, command.expected_version, declared=declared))
    for conflict in conflicts:
        conflict.lift(at=work.now, by=work.actor_id)
    case.changed()
    await tell_circle(work, case)
    return Receipt(case.case_id, case.state, case.version)
