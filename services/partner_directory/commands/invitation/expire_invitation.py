"""Nobody came by an invitation in its 14 days."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.inviting import locked_invitation
from services.partner_directory.model import InvitationState


@dataclass(frozen=True, slots=True)
class ExpireInvitation:
    """Which invitation."""

    invitation_id: UUID


async def expire_invitation(work: Work, command: ExpireInvitation) -> bool:
    """Forget who was invited, unless they came, it was withdrawn or sent again. Whether anybody was forgotten.

    The code counts no more already: each try compares the moment with the end.
    """
    invitation = await locked_invitation(work, command.invitation_id)
    if invitation is None or invitation.state != InvitationState.SENT or invitation.open_at(work.now):
        return False
    invitation.decide(InvitationState.EXPIRED, at=work.now, by=None)
    work.trail.count = 1
    work.trail.detail |= {"invitation": str(command.invitation_id), "state": InvitationState.EXPIRED}
    return True
