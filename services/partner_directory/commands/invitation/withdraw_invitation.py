"""An invitation is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.inviting import allow_invitation, found_invitation, take_back


@dataclass(frozen=True, slots=True)
class WithdrawInvitation:
    """Which invitation, in the version last read."""

    invitation_id: UUID
    expected_version: int


async def withdraw_invitation(work: Work, command: WithdrawInvitation) -> Receipt:
    """Nobody comes by it any more, and who was invited is forgotten."""
    invitation = await found_invitation(work, command.invitation_id)
    allow_invitation(work, invitation, command.expected_version)
    return take_back(work, invitation)
