"""The year for which somebody promised secrecy is over, and the mandate is not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.events import publish_mandates
from services.partner_directory.lacking import warn_of_lack
from services.partner_directory.reminding import mandate_in_force


@dataclass(frozen=True, slots=True)
class ExpireUndertaking:
    """Of which mandate."""

    mandate_id: UUID


async def expire_undertaking(work: Work, command: ExpireUndertaking) -> bool:
    """Tell that it is over: the log says so, and pages that are open hear it. Whether it was.

    Access ended already: every wall compares the moment with the end (invariants 7 and 15). One that was accepted anew
    is not touched.
    """
    mandate = await mandate_in_force(work, command.mandate_id)
    if mandate is None or mandate.undertaken_until is None or mandate.undertaken_until > work.now:
        return False
    work.trail.count = 1
    work.trail.detail["mandate"] = str(mandate.mandate_id)
    await publish_mandates(work, mandate)
    await warn_of_lack(work, mandate)
    return True
