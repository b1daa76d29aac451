"""Who was invited gets the letter with link and code."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.inviting import MailInvitation, locked_invitation, opened


@dataclass(frozen=True, slots=True)
class SendInvitation:
    """Which invitation."""

    invitation_id: UUID


async def send_invitation(work: Work, command: SendInvitation) -> bool:
    """Have the letter sent, if it still waits; whether it was. Raises LetterNotTaken and Unavailable: then the term is
    due again.

    Each letter has a code of its own, and it alone counts: a process that is killed between the mail server's yes and
    this note has another sent, and the code before is dead.
    """
    invitation = await locked_invitation(work, command.invitation_id)
    if invitation is None or not invitation.letter_waits(work.now):
        return False
    email = await opened(work, invitation, "email")
    code_hash = work.ask(
        MailInvitation(work.cell_id, command.invitation_id, email, invitation.language, invitation.code_until)
    )
    sent = code_hash is not None and invitation.note_sent(code_hash, work.now)
    work.trail.count = 1
    work.trail.detail |= {"invitation": str(command.invitation_id), "sent": "yes" if sent else "no"}
    return sent
