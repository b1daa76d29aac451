"""Records of something that is gone may have come after the word of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.audit.erasing import have_erased
from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class ForgetLateRecords:
    """Of which object."""

    object_id: UUID


async def forget_late_records(work: Work, command: ForgetLateRecords) -> bool:
    """Have those erased too; whether there were any."""
    return await have_erased(work, command.object_id)
