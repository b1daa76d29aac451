"""What people were written about of something that is gone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.kit.execute import Work

_ERASE = text("DELETE FROM notice WHERE tenant_id = :tenant AND object_id = :object_id")


@dataclass(frozen=True, slots=True)
class EraseNotices:
    """Of which thing."""

    object_id: UUID


async def erase_notices(work: Work, command: EraseNotices) -> bool:
    """Take it away; letters that wait for nothing else are not sent then. Whether there was any."""
    taken = await work.session.execute(_ERASE, {"tenant": work.cell_id, "object_id": command.object_id})
    work.trail.count = taken.rowcount  # type: ignore[attr-defined]
    return bool(work.trail.count)
