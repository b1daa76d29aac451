"""Who is proposed in a recovery, for its next step."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.vault import AssociatedData
from services.partner_directory.errors import RecoveryNotFound
from services.partner_directory.model import Recovery
from services.partner_directory.recovering import Named


@dataclass(frozen=True, slots=True)
class OpenRecovery:
    """Which recovery, asked on the platform."""

    recovery_id: UUID


async def open_recovery(work: Work, query: OpenRecovery) -> Named:
    """For oversight, who acts in the cell: names are sealed with the platform's key. Raises RecoveryNotFound."""
    found = await work.session.scalar(
        select(Recovery).where(Recovery.tenant_id == work.cell_id, Recovery.recovery_id == query.recovery_id)
    )
    if found is None or found.email is None:
        raise RecoveryNotFound
    work.trail.detail["cell"] = str(found.cell_id)

    async def opened(column: str) -> str:
        return await work.open(
            getattr(found, column), AssociatedData(work.cell_id, "recovery", column, query.recovery_id)
        )

    return Named(await opened("email"), await opened("given_name"), await opened("family_name"))
