"""A suspended mandate counts again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.allowed import allow_resume_mandate
from services.partner_directory.changing import locked, tell_changed


@dataclass(frozen=True, slots=True)
class ResumeMandate:
    """Which mandate, in the version last read."""

    mandate_id: UUID
    expected_version: int


async def resume_mandate(work: Work, command: ResumeMandate) -> Receipt:
    """It counts again to the last day it had, which may have come nearer meanwhile and did not move."""
    mandate, _ = await locked(work, command.mandate_id)
    allow_resume_mandate(work, mandate, command.expected_version)
    mandate.resume()
    await tell_changed(work, mandate)
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)
