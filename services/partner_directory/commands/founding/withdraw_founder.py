"""In a cell that the host founds: an invitation is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.founding import founding_invitation
from services.partner_directory.inviting import take_back


@dataclass(frozen=True, slots=True)
class WithdrawFounder:
    """Which invitation, in the version last read."""

    invitation_id: UUID
    expected_version: int


async def withdraw_founder(work: Work, command: WithdrawFounder) -> Receipt:
    """Raises InvitationNotFound, VersionChanged, InvitationOver."""
    return take_back(work, await founding_invitation(work, command.invitation_id, command.expected_version))
