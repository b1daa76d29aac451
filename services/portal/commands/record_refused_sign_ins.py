"""Somebody without a valid sign-in knocked; kept in the host's log, counted per source and minute."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class RecordRefusedSignIns:
    """How often in that minute. The source is an address; the log holds a keyed pseudonym of it."""

    source: str = field(repr=False)
    minute: datetime
    count: int


async def record_refused_sign_ins(work: Work, command: RecordRefusedSignIns) -> None:
    """Leave the record; it is all there is to do."""
    work.trail.count = command.count
    work.trail.detail["source"] = (await work.ring.blind(command.source, "source")).hex()[:32]
    work.trail.detail["minute"] = command.minute.isoformat()
