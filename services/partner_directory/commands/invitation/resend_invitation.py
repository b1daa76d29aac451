"""An invitation is sent again, with a new code."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.inviting import allow_invitation, found_invitation, send_again


@dataclass(frozen=True, slots=True)
class ResendInvitation:
    """Which invitation, in the version last read."""

    invitation_id: UUID
    expected_version: int


async def resend_invitation(work: Work, command: ResendInvitation) -> Receipt:
    """A new letter with a new code and new days; the code before counts no more from here on.

    The sign-in service writes anew as well, to who still has to set up how to sign in.
    """
    invitation = await found_invitation(work, command.invitation_id)
    allow_invitation(work, invitation, command.expected_version)
    return await send_again(work, invitation)
