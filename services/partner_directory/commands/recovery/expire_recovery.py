"""Nobody said the last yes to a recovery in its 14 days."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import RECOVERY_TERM, Recovery


@dataclass(frozen=True, slots=True)
class ExpireRecovery:
    """Which recovery."""

    recovery_id: UUID


async def expire_recovery(work: Work, command: ExpireRecovery) -> bool:
    """Forget who was proposed, unless it was confirmed or its time is not over. Whether anybody was forgotten."""
    recovery = await work.session.scalar(
        select(Recovery)
        .where(Recovery.tenant_id == work.cell_id, Recovery.recovery_id == command.recovery_id)
        .with_for_update()
    )
    if recovery is None or recovery.email is None or recovery.proposed_at > work.now - RECOVERY_TERM:
        return False
    recovery.forget()
    work.trail.count = 1
    work.trail.detail |= {"cell": str(recovery.cell_id), "state": recovery.state}
    return True
