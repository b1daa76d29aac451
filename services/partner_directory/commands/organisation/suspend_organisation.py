"""All people of an organisation are out for a while."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.allowed import suspended_with
from services.partner_directory.changing import lock_organisation, name_changed, tell_changed


@dataclass(frozen=True, slots=True)
class SuspendOrganisation:
    """Which organisation, and the code of the reason."""

    organisation_id: UUID
    reason: str


async def suspend_organisation(work: Work, command: SuspendOrganisation) -> Receipt:
    """Suspend what its people hold in the caller's towns, now or later, in one act; all of it or nothing.

    Nothing is known of the organisation itself: whoever gets a mandate for it afterwards, acts.
    """
    people, stand_ins = await lock_organisation(work, command.organisation_id)
    going = suspended_with(work, people, stand_ins)
    for mandate in going:
        mandate.suspend(command.reason, at=work.now, by=work.actor_id, organisation_id=command.organisation_id)
    await tell_changed(work, *going)
    name_changed(work, command.organisation_id, going)
    return Receipt(command.organisation_id, "SUSPENDED", 1)
