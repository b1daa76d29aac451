"""A mandate gets an earlier last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.allowed import allow_shorten_mandate
from services.partner_directory.changing import locked, tell_changed


@dataclass(frozen=True, slots=True)
class ShortenMandate:
    """Which mandate, in the version last read; its new last day, inclusive; the code of the reason."""

    mandate_id: UUID
    expected_version: int
    last_day: date
    reason: str


async def shorten_mandate(work: Work, command: ShortenMandate) -> Receipt:
    """Take back an extension, or let it end on a day that is known: until then it is what it was."""
    mandate, others = await locked(work, command.mandate_id)
    allow_shorten_mandate(work, mandate, others, command.expected_version)
    mandate.shorten(command.last_day, local_date(work.now))
    work.trail.detail["reason"] = command.reason
    await tell_changed(work, mandate)
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)
