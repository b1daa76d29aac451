"""The people of an organisation are back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.allowed import resumed_with
from services.partner_directory.changing import lock_organisation, name_changed, tell_changed


@dataclass(frozen=True, slots=True)
class ResumeOrganisation:
    """Which organisation."""

    organisation_id: UUID


async def resume_organisation(work: Work, command: ResumeOrganisation) -> Receipt:
    """What was suspended with it counts again; a mandate that was suspended by itself stays so."""
    people, _ = await lock_organisation(work, command.organisation_id)
    back = resumed_with(work, people)
    for mandate in back:
        mandate.resume()
    await tell_changed(work, *back)
    name_changed(work, command.organisation_id, back)
    return Receipt(command.organisation_id, "ACTIVE", 1)
