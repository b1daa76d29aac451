"""A process takes the letter of an invitation upon itself, with a code it has just made."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.inviting import keyed, locked_invitation


@dataclass(frozen=True, slots=True)
class ClaimInvitation:
    """Which invitation, and what the new code comes to."""

    invitation_id: UUID
    derived: str = field(repr=False)


async def claim_invitation(work: Work, command: ClaimInvitation) -> bytes | None:
    """Claim it for two minutes: from here on this code counts and none before. What is kept of the code; None when no
    letter waits. Raises LetterUnderWay. Unrecorded: it opens nothing.
    """
    invitation = await locked_invitation(work, command.invitation_id)
    if invitation is None or not invitation.letter_waits(work.now):
        return None
    code_hash = await keyed(work, command.derived)
    invitation.claim(code_hash, work.now)
    return code_hash
