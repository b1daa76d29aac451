"""A mandate ends now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select, update

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM, PrincipalKind
from services.partner_directory.allowed import STAND_INS, allow_end_mandate
from services.partner_directory.errors import MandateNotFound
from services.partner_directory.events import publish_mandates
from services.partner_directory.giving import announcement
from services.partner_directory.model import Done, Mandate, PersonCell
from services.partner_directory.posting import tell_town
from services.partner_directory.reminding import remind


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
    await work.session.execute(
        update(PersonCell)
        .where(PersonCell.person_id == mandate.person_id, PersonCell.tenant_id == work.cell_id)
        .where(PersonCell.mandate_id == mandate.mandate_id)
        .values(ends_at=mandate.ends_at)
    )
    if work.principal.kind is PrincipalKind.HOST and work.cell_id != PLATFORM:
        tell_town(work, announcement(work, mandate, Done.ENDED))
    remind(work, mandate)
    await publish_mandates(work, mandate)
    await work.session.flush()
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)


async def locked(work: Work, mandate_id: UUID) -> tuple[Mandate, list[Mandate]]:
    """The mandate and all that may stand in for a coordinator, locked: two coordinators cannot end each other."""
    found = await work.session.scalars(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id)
        .where(or_(Mandate.mandate_id == mandate_id, Mandate.role.in_(STAND_INS) & (Mandate.ends_at > work.now)))
        .order_by(Mandate.mandate_id)
        .with_for_update()
    )
    mandates = {mandate.mandate_id: mandate for mandate in found}
    mandate = mandates.pop(mandate_id, None)
    if mandate is None:
        raise MandateNotFound
    return mandate, list(mandates.values())
