"""A signal is gone, as the case service tells."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.audit.erasing import LATE, have_erased
from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class ForgetSignal:
    """Which signal."""

    signal_id: UUID


async def forget_signal(work: Work, command: ForgetSignal) -> None:
    """Its entries stay, and nobody reads any more what they were about; nor those of records that come later."""
    await have_erased(work, command.signal_id)
    work.at(work.now + LATE, "late_records", command.signal_id)
