"""Tell producers how far the log holds their records, when merges of a busy cell did not say so themselves.

Not recorded: it touches nothing of anybody, and would be a record for the log once a second.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.audit.events import audit_merged
from services.audit.find import load_positions
from services.audit.model.record import Source
from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class TellProducers:
    """Those whose records were merged and who were not told since."""

    sources: tuple[Source, ...]


async def tell_producers(work: Work, command: TellProducers) -> None:
    """May tell a producer again what it knows; what is told is committed."""
    positions = await load_positions(work)
    for source in command.sources:
        if (position := positions.get(source)) is not None:
            work.publish(audit_merged(source, position.contiguous))
