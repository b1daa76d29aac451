"""A mandate is that of a deputy from now on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.allowed import STAND_INS, check_leaving
from services.partner_directory.changing import lock_mandates, tell_changed
from services.partner_directory.errors import HolderNotFound, MandateNotFound
from services.partner_directory.model import Mandate, MandateState
from services.partner_directory.standing_in import allow_name_deputy, check_deputy


@dataclass(frozen=True, slots=True)
class NameDeputy:
    """Whose mandate, in the version last read; of which holder's mandate; and whether it counts always."""

    mandate_id: UUID
    expected_version: int
    holder_id: UUID
    when: str


async def name_deputy(work: Work, command: NameDeputy) -> Receipt:
    """Have it count only as that of this holder's deputy; named again, of another holder or at another turn."""
    named = {command.mandate_id, command.holder_id}
    mandates = await lock_mandates(work, Mandate.mandate_id.in_(named))
    known = {mandate.mandate_id: mandate for mandate in mandates}
    deputy, holder = known.get(command.mandate_id), known.get(command.holder_id)
    if deputy is None:
        raise MandateNotFound
    allow_name_deputy(work, deputy, command.expected_version)
    if holder is None or holder.state_at(work.now) is MandateState.ENDED:
        raise HolderNotFound(field="holder_id", expected="a mandate of this cell that is not over")
    check_deputy(deputy, holder, [other for other in mandates if other.deputy_of is not None])
    others = [other for other in mandates if other.role in STAND_INS and other is not deputy]
    check_leaving(work, deputy, others)
    deputy.stand_in_for(holder, command.when)
    await tell_changed(work, deputy)
    return Receipt(deputy.mandate_id, deputy.state_at(work.now), deputy.version)
