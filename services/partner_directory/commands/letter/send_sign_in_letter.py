"""A new person is asked by letter to set up how they sign in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from services.kit.execute import Work
from services.partner_directory.inviting import opened
from services.partner_directory.lettering import MakeKnown, address_of, locked_letter, question_of
from services.partner_directory.model import LINK_LIVES, Invitation, Mandate, SignInLetter
from services.partner_directory.providing import signs_in_elsewhere


@dataclass(frozen=True, slots=True)
class SendSignInLetter:
    """The letter of which mandate, or invitation."""

    mandate_id: UUID


async def send_sign_in_letter(work: Work, command: SendSignInLetter) -> bool:
    """Have it sent, if it still waits and the mandate, or the invitation to it, still holds; whether it was.

    Raises LetterNotTaken and Unavailable: then the term is due again. Taken and noted it is never sent again; a process
    that is killed between the two has it sent once more.
    """
    letter = await locked_letter(work, command.mandate_id)
    if letter is None:
        return False
    invitation = await _open_invitation(work, command.mandate_id)
    sent = await _has_account(work, letter, invitation) and await _sent(work, letter, invited=invitation is not None)
    letter.settle(work.now, sent=sent)
    work.trail.count = 1
    work.trail.detail |= {"mandate": str(letter.mandate_id), "sent": "yes" if sent else "no"}
    return sent


async def _has_account(work: Work, letter: SignInLetter, invitation: Invitation | None) -> bool:
    """Whether the sign-in service knows the person, by now at the latest.

    Who is not invited any more it never will, nor whose own organisation signs people in since the invitation.
    """
    if letter.person_id is None and invitation is not None:
        names = await opened(work, invitation, "given_name"), await opened(work, invitation, "family_name")
        known = MakeKnown(await address_of(work, letter), *names)
        if known in work.answers or not await signs_in_elsewhere(work, known.email):
            letter.person_id = work.ask(known)
    return letter.person_id is not None


async def _sent(work: Work, letter: SignInLetter, *, invited: bool) -> bool:
    assert letter.person_id is not None
    await work.scope_to(letter.person_id)
    question = await question_of(work, letter)
    # What was asked is done, whatever came to pass meanwhile.
    wanted = question in work.answers or (
        (invited or await _holds(work, letter.mandate_id)) and not await _sent_lately(work, letter)
    )
    return wanted and work.ask(question)


async def _open_invitation(work: Work, invitation_id: UUID) -> Invitation | None:
    """That by which the person is still to come; the walls show it to an act about that invitation."""
    invitation = await work.session.get(Invitation, (work.cell_id, invitation_id))
    return invitation if invitation is not None and invitation.open_at(work.now) else None


async def _holds(work: Work, mandate_id: UUID) -> bool:
    """Whether the mandate is not over; one that begins later counts."""
    held = select(Mandate.ends_at).where(Mandate.tenant_id == work.cell_id, Mandate.mandate_id == mandate_id)
    ends_at = await work.session.scalar(held)
    return ends_at is not None and ends_at > work.now


async def _sent_lately(work: Work, letter: SignInLetter) -> bool:
    """Whether the link of another letter to this person still works: one mandate more is no new letter."""
    newest = select(func.max(SignInLetter.sent_at)).where(
        SignInLetter.tenant_id == work.cell_id, SignInLetter.person_id == letter.person_id
    )
    sent_at = await work.session.scalar(newest)
    return sent_at is not None and sent_at > work.now - LINK_LIVES
