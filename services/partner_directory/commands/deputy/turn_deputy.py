"""The turn of a deputy begins or ends."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.changing import lock_mandates, tell_changed
from services.partner_directory.model import Mandate, MandateState


@dataclass(frozen=True, slots=True)
class TurnDeputy:
    """Of whose mandate."""

    mandate_id: UUID


async def turn_deputy(work: Work, command: TurnDeputy) -> bool:
    """Note that a deputy's turn began or ended, find the next one, and have open pages read it. Whether it is one.

    Access began and ended already, by the times that were told; only a turn after the next waits for this.
    """
    mandates = await lock_mandates(work, Mandate.mandate_id == command.mandate_id)
    deputy = next((found for found in mandates if found.mandate_id == command.mandate_id), None)
    if deputy is None or deputy.deputy_of is None or deputy.state_at(work.now) is MandateState.ENDED:
        return False
    await tell_changed(work, deputy)
    work.trail.count = 1
    turn = "begins" if deputy.state_at(work.now) is MandateState.ACTIVE else "is over"
    work.trail.detail |= {"mandate": str(deputy.mandate_id), "turn": turn, "acts_for": str(deputy.deputy_for)}
    return True
