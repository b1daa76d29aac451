"""A signal is gone, as the case service tells: what people were written about it goes too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class ForgetSignal:
    """Which signal."""

    signal_id: UUID


async def forget_signal(work: Work, command: ForgetSignal) -> None:
    """Have it taken away at once: who hears may not, the role `erasing` may."""
    work.at(work.now, "notices", command.signal_id)
