"""The key of something that is gone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class EraseObjectKey:
    """Of which object."""

    object_id: UUID


async def erase_object_key(work: Work, command: EraseObjectKey) -> bool:
    """Destroy it: what entries say of the object in clear is unreadable from now on, and the hashes stay."""
    await work.keyring.destroy([command.object_id])
    work.trail.count = 1
    return True
