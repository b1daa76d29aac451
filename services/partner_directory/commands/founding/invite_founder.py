"""In a cell that the host founds: somebody is invited to its first seats."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.founding import Founder, found
from services.partner_directory.invitation import in_order
from services.partner_directory.inviting import Letter


@dataclass(frozen=True, slots=True)
class InviteFounder:
    """Whom, and to what."""

    founder: Founder


async def invite_founder(work: Work, command: InviteFounder) -> Receipt:
    """By the rules of `invite_person` for the host; in a cell that has its mayor nothing is proposed by this."""
    founder = command.founder
    fitting = await in_order(work, founder.asked, None)
    return await found(work, fitting, founder.who, Letter(founder.language))
