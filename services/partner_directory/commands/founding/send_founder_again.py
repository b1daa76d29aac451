"""In a cell that the host founds: the letter goes once more, with another code."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.founding import expect_still_to_found, founding_invitation
from services.partner_directory.inviting import send_again


@dataclass(frozen=True, slots=True)
class SendFounderAgain:
    """Which invitation, in the version last read."""

    invitation_id: UUID
    expected_version: int


async def send_founder_again(work: Work, command: SendFounderAgain) -> Receipt:
    """Raises InvitationNotFound, VersionChanged, InvitationOver, CellFounded."""
    invitation = await founding_invitation(work, command.invitation_id, command.expected_version)
    await expect_still_to_found(work, invitation)
    return await send_again(work, invitation)
