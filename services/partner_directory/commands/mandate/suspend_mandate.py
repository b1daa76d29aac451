"""A mandate opens nothing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.allowed import allow_suspend_mandate
from services.partner_directory.changing import locked, tell_changed


@dataclass(frozen=True, slots=True)
class SuspendMandate:
    """Which mandate, in the version last read, and the code of the reason."""

    mandate_id: UUID
    expected_version: int
    reason: str


async def suspend_mandate(work: Work, command: SuspendMandate) -> Receipt:
    """Suspend it until it is resumed; everywhere within a second it gives no access (invariant 15)."""
    mandate, others = await locked(work, command.mandate_id)
    allow_suspend_mandate(work, mandate, others, command.expected_version)
    mandate.suspend(command.reason, at=work.now, by=work.actor_id)
    await tell_changed(work, mandate)
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)
