"""Which object a pseudonym of the log stood for, of something that is gone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.kit.execute import Work

_ERASE = text("DELETE FROM object_name WHERE tenant_id = :tenant AND pseudonym = :pseudonym")


@dataclass(frozen=True, slots=True)
class EraseObjectName:
    """Which pseudonym, of 16 bytes like an id."""

    pseudonym: UUID


async def erase_object_name(work: Work, command: EraseObjectName) -> bool:
    """Take it away. Whether it was there."""
    taken = await work.session.execute(_ERASE, {"tenant": work.cell_id, "pseudonym": command.pseudonym.bytes})
    work.trail.count = taken.rowcount  # type: ignore[attr-defined]
    return bool(work.trail.count)
