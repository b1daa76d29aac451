"""A mandate ends now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM, PrincipalKind
from services.partner_directory.allowed import allow_end_mandate
from services.partner_directory.changing import forget_address, locked, tell_changed
from services.partner_directory.giving import announcement
from services.partner_directory.model import Done
from services.partner_directory.posting import tell_town


@dataclass(frozen=True, slots=True)
class EndMandate:
    """Which mandate, in the version last read, and the code of the reason."""

    mandate_id: UUID
    expected_version: int
    reason: str


async def end_mandate(work: Work, command: EndMandate) -> Receipt:
    """End a mandate; everywhere within a second it gives no access any more (invariant 15)."""
    mandate, others = await locked(work, command.mandate_id)
    allow_end_mandate(work, mandate, others, command.expected_version)
    mandate.end(command.reason, at=work.now, by=work.actor_id)
    if work.principal.kind is PrincipalKind.HOST and work.cell_id != PLATFORM:
        tell_town(work, announcement(work, mandate, Done.ENDED))
    await forget_address(work, mandate.mandate_id)
    await tell_changed(work, mandate)
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)
