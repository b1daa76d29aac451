"""Who answers what the directory's handlers ask from outside their transactions: the sign-in service, and acts across
the wall between platform and cell.

Each question across the wall is asked as a named process, in a transaction and with a record of its own: neither side
sees the other's tenant.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from aiosmtplib import SMTPException

from services.kit.asking import Answerers
from services.kit.execute import Executor
from services.kit.grid import Grid
from services.kit.principal import PLATFORM, system
from services.partner_directory.codes import OneTimeCodes, new_code
from services.partner_directory.commands.claim_invitation import ClaimInvitation, claim_invitation
from services.partner_directory.commands.claim_letter import ClaimLetter, claim_letter
from services.partner_directory.commands.try_code import TryCode, try_code
from services.partner_directory.errors import LetterNotTaken, NoMailServer
from services.partner_directory.giving import WhoIs
from services.partner_directory.invitation_letters import InvitationLetter
from services.partner_directory.inviting import CodeFits, MailInvitation
from services.partner_directory.lettering import SetUpSignIn
from services.partner_directory.queries.open_recovery import OpenRecovery, open_recovery
from services.partner_directory.queries.read_stand_ins import ReadStandIns, read_stand_ins
from services.partner_directory.recovering import AnybodyLeft, Named, WhoIsProposed
from services.partner_directory.revoking import Accounts

NAME = "partner_directory.recovery"
LETTERS = "partner_directory.letters"
CODES = "partner_directory.codes"
CODE_GRID_SECONDS = 0.2
"""Answers about codes leave at multiples of it: several times what a try takes."""

Send = Callable[[InvitationLetter], Awaitable[None]]
"""Hands the letter to the mail server; returns when it took it. Raises OSError and SMTPException."""


@dataclass(frozen=True, slots=True)
class Invitations:
    """How people are invited: codes, the address of the page where they are given, and who takes the letter.

    `send` is None where there is no mail server: letters wait.
    """

    codes: OneTimeCodes
    public_url: str
    send: Send | None
    grid: Grid

    def page(self, cell_id: UUID, invitation_id: UUID) -> str:
        """Where the code is given; ids alone."""
        return f"{self.public_url}/invitation/{cell_id}/{invitation_id}"


def answerers(
    executor: Executor, accounts: Accounts, invitations: Invitations, posting: Accounts | None = None
) -> Answerers:
    """One answerer for each kind of question of this service.

    `posting` are the accounts again, with more patience: there the sign-in service waits for a mail server.
    """

    async def who_is(question: WhoIs) -> UUID:
        return await accounts.find_or_create(question.email, question.given_name, question.family_name)

    async def anybody_left(question: AnybodyLeft) -> bool:
        return await executor.run(system(NAME, question.cell_id), read_stand_ins, ReadStandIns())

    async def who_is_proposed(question: WhoIsProposed) -> Named:
        return await executor.run(system(NAME, PLATFORM), open_recovery, OpenRecovery(question.recovery_id))

    async def set_up_sign_in(question: SetUpSignIn) -> bool:
        principal = system(LETTERS, question.cell_id)
        if not await executor.run(principal, claim_letter, ClaimLetter(question.mandate_id)):
            return False
        return await (posting or accounts).ask_to_set_up(question.email, question.language)

    return {
        WhoIs: who_is,
        SetUpSignIn: set_up_sign_in,
        AnybodyLeft: anybody_left,
        WhoIsProposed: who_is_proposed,
        CodeFits: partial(_code_fits, executor, invitations),
        MailInvitation: partial(_mail_invitation, executor, invitations),
    }


async def _code_fits(executor: Executor, invitations: Invitations, question: CodeFits) -> bytes | None:
    """The costly work comes first and is the same for all, and the answer leaves on the grid."""
    came = invitations.grid.now()
    derived = await invitations.codes.derive(question.invitation_id, question.code)
    principal = system(CODES, question.cell_id)
    code_hash = await executor.run(principal, try_code, TryCode(question.invitation_id, derived))
    await invitations.grid.leave(came)
    return code_hash


async def _mail_invitation(executor: Executor, invitations: Invitations, question: MailInvitation) -> bytes | None:
    """The code is made here and nowhere kept; what it comes to is committed before the letter is handed over."""
    if invitations.send is None:
        raise NoMailServer
    code = new_code()
    derived = await invitations.codes.derive(question.invitation_id, code)
    principal = system(LETTERS, question.cell_id)
    code_hash = await executor.run(principal, claim_invitation, ClaimInvitation(question.invitation_id, derived))
    if code_hash is None:
        return None
    page = invitations.page(question.cell_id, question.invitation_id)
    try:
        await invitations.send(
            InvitationLetter(question.invitation_id, question.email, question.language, page, code, question.until)
        )
    except (OSError, SMTPException):
        # What the mail server says of it may hold the address.
        raise LetterNotTaken from None
    return code_hash
