"""What the host did in a cell without the cell is put before oversight."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.principal import PLATFORM
from services.partner_directory.model import Announcement


@dataclass(frozen=True, slots=True)
class Announce:
    """Which announcement."""

    announcement_id: UUID


async def announce(work: Work, command: Announce) -> None:
    """Leave a record of its own kind in the addressed log: that of the cell first, then the platform's.

    The platform's is the last, and notes that it is done; cut off between, both are repeated rather than missing.
    """
    found = await work.session.scalar(
        select(Announcement).where(Announcement.announcement_id == command.announcement_id).with_for_update()
    )
    if found is None or found.recorded_at is not None:
        return
    work.trail.detail |= {"what": found.what, "role_given": found.role, "cell": str(found.cell_id)}
    if found.opens_at is not None:
        work.trail.detail["opens_at"] = found.opens_at.isoformat()
    if work.cell_id == PLATFORM:
        found.recorded_at = work.now
