"""Who answers what the directory's handlers ask from outside their transactions: the sign-in service, and acts across
the wall between platform and cell.

Each question across the wall is asked as a named process, in a transaction and with a record of its own: neither side
sees the other's tenant.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID

from services.kit.asking import Answerers
from services.kit.errors import AlreadyHandled, CellNotFound
from services.kit.execute import Executor
from services.kit.grid import Grid
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM, system
from services.partner_directory.codes import OneTimeCodes, new_code
from services.partner_directory.commands.cell.restart_cell import RestartCell, restart_cell
from services.partner_directory.commands.cell.stop_cell import StopCell, stop_cell
from services.partner_directory.commands.founding.invite_founder import InviteFounder, invite_founder
from services.partner_directory.commands.founding.send_founder_again import SendFounderAgain, send_founder_again
from services.partner_directory.commands.founding.withdraw_founder import WithdrawFounder, withdraw_founder
from services.partner_directory.commands.identity.warn_of_theft import WarnOfTheft, warn_of_theft
from services.partner_directory.commands.invitation.claim_invitation import ClaimInvitation, claim_invitation
from services.partner_directory.commands.invitation.try_code import TryCode, try_code
from services.partner_directory.commands.letter.claim_letter import ClaimLetter, claim_letter
from services.partner_directory.commands.letter.claim_posting import ClaimPosting, claim_posting
from services.partner_directory.commands.letter.release_posting import ReleasePosting, release_posting
from services.partner_directory.errors import AccountRefused, LetterNotTaken, MailServerAway, SignInServiceAway
from services.partner_directory.founding import FoundThere, ResendThere, WithdrawThere
from services.partner_directory.giving import WhoIs
from services.partner_directory.invitation_letters import InvitationLetter
from services.partner_directory.inviting import CodeFits, MailInvitation
from services.partner_directory.issuers import Issuers, Metadata
from services.partner_directory.lettering import MakeKnown, SetUpSignIn
from services.partner_directory.posting import Posted, PostLetter, Reach, Reached
from services.partner_directory.providing import IssuerSays, LookAgain, Mirror, ReadIssuer, ReadMetadata, SamlSays
from services.partner_directory.queries.open_recovery import OpenRecovery, open_recovery
from services.partner_directory.queries.read_cell import HowFarIs
from services.partner_directory.queries.read_stand_ins import ReadStandIns, read_stand_ins
from services.partner_directory.queries.read_standing import ReadStanding, StandingView, read_standing
from services.partner_directory.recovering import AnybodyLeft, Named, WhoIsProposed
from services.partner_directory.revoking import Accounts
from services.partner_directory.signed_in import Ends, EndThere, SignOutThere, WarnThere
from services.partner_directory.suspending import GoOnThere, StopThere

NAME = "partner_directory.recovery"
LETTERS = "partner_directory.letters"
LOOKS = "partner_directory.set_up"
SUSPENDS = "partner_directory.suspension"
FOUNDS = "partner_directory.founding"
THEFTS = "partner_directory.thefts"
CODES = "partner_directory.codes"
CODE_GRID_SECONDS = 0.2
"""Answers about codes leave at multiples of it: several times what a try takes."""

Invite = Callable[[InvitationLetter], Awaitable[None]]
"""The same of the letter of an invitation."""

Send = Callable[[PostLetter], Awaitable[None]]
"""Hands a letter to the mail server; returns when it took it. Raises what `Letters.send` raises."""

ReadsIssuer = Callable[[str], Awaitable[IssuerSays]]
"""What an issuer says of itself. Raises what `Issuers.read` raises."""


class ReadsMetadata(Protocol):
    """Reads metadata of providers of SAML."""

    async def read(self, question: ReadMetadata) -> SamlSays:
        """Raises what `Metadata.read` raises."""

    async def look_again(self, question: LookAgain) -> SamlSays | str:
        """By now; the code of what is wrong in its place."""


MirrorThere = Callable[[Mirror], Awaitable[bool]]
"""Lets the sign-in service have a provider as it is here. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Invitations:
    """How people are invited: codes, the address of the page where they are given, and who takes the letter.

    `invite` is None where there is no mail server: letters wait.
    """

    codes: OneTimeCodes
    public_url: str
    invite: Invite | None
    grid: Grid

    def page(self, cell_id: UUID, invitation_id: UUID) -> str:
        """Where the code is given; ids alone."""
        return f"{self.public_url}/invitation/{cell_id}/{invitation_id}"


def answerers(
    executor: Executor,
    accounts: Accounts,
    invitations: Invitations,
    posting: Accounts | None = None,
    send: Send | None = None,
    read_issuer: ReadsIssuer | None = None,
    mirror: MirrorThere | None = None,
    metadata: ReadsMetadata | None = None,
    ends: Ends | None = None,
) -> Answerers:
    """One answerer for each kind of question of this service.

    `posting` are the accounts again, with more patience: there the sign-in service waits for a mail server. Without
    `send` letters of our own wait.
    """
    posting = posting or accounts
    return {
        **_of_accounts(executor, accounts, posting),
        **_of_letters(executor, posting, send),
        **_of_cells(executor),
        **_of_founding(executor),
        **_of_invitations(executor, invitations),
        **_of_providers(read_issuer or Issuers().read, mirror, metadata or Metadata()),
        **_of_sign_ins(executor, ends),
    }


def _of_accounts(executor: Executor, accounts: Accounts, posting: Accounts) -> Answerers:
    async def who_is(question: WhoIs) -> UUID:
        if question.elsewhere:
            return await accounts.find(question.email)
        return await accounts.find_or_create(question.email, question.given_name, question.family_name)

    async def anybody_left(question: AnybodyLeft) -> bool:
        return await executor.run(system(NAME, question.cell_id), read_stand_ins, ReadStandIns())

    async def who_is_proposed(question: WhoIsProposed) -> Named:
        return await executor.run(system(NAME, PLATFORM), open_recovery, OpenRecovery(question.recovery_id))

    async def set_up_sign_in(question: SetUpSignIn) -> bool:
        principal = system(LETTERS, question.cell_id)
        if not await executor.run(principal, claim_letter, ClaimLetter(question.mandate_id)):
            return False
        return await posting.ask_to_set_up(question.email, question.language)

    async def make_known(question: MakeKnown) -> UUID | None:
        try:
            return await posting.find_or_create(question.email, question.given_name, question.family_name)
        except AccountRefused:
            return None

    return {
        WhoIs: who_is,
        SetUpSignIn: set_up_sign_in,
        MakeKnown: make_known,
        AnybodyLeft: anybody_left,
        WhoIsProposed: who_is_proposed,
    }


def _of_cells(executor: Executor) -> Answerers:
    async def how_far_is(question: HowFarIs) -> StandingView:
        return await executor.run(system(LOOKS, question.cell_id), read_standing, ReadStanding())

    async def stop_there(question: StopThere) -> Receipt:
        return await executor.run(system(SUSPENDS, question.cell_id), stop_cell, StopCell(question.reason))

    async def go_on_there(question: GoOnThere) -> Receipt:
        return await executor.run(system(SUSPENDS, question.cell_id), restart_cell, RestartCell())

    return {HowFarIs: how_far_is, StopThere: stop_there, GoOnThere: go_on_there}


def _of_founding(executor: Executor) -> Answerers:
    async def found_there(question: FoundThere) -> Receipt:
        return await executor.run(system(FOUNDS, question.cell_id), invite_founder, InviteFounder(question.founder))

    async def resend_there(question: ResendThere) -> Receipt:
        again = SendFounderAgain(question.invitation_id, question.expected_version)
        return await executor.run(system(FOUNDS, question.cell_id), send_founder_again, again)

    async def withdraw_there(question: WithdrawThere) -> Receipt:
        back = WithdrawFounder(question.invitation_id, question.expected_version)
        return await executor.run(system(FOUNDS, question.cell_id), withdraw_founder, back)

    return {FoundThere: found_there, ResendThere: resend_there, WithdrawThere: withdraw_there}


def _of_invitations(executor: Executor, invitations: Invitations) -> Answerers:
    return {
        CodeFits: partial(_code_fits, executor, invitations),
        MailInvitation: partial(_mail_invitation, executor, invitations),
    }


def _of_providers(read_issuer: ReadsIssuer, mirror: MirrorThere | None, metadata: ReadsMetadata) -> Answerers:
    async def read(question: ReadIssuer) -> IssuerSays:
        return await read_issuer(question.issuer)

    async def mirrored(question: Mirror) -> bool:
        if mirror is None:
            raise SignInServiceAway
        return await mirror(question)

    return {ReadIssuer: read, Mirror: mirrored, ReadMetadata: metadata.read, LookAgain: metadata.look_again}


def _of_sign_ins(executor: Executor, ends: Ends | None) -> Answerers:
    async def end_there(question: EndThere) -> None:
        if ends is None:
            raise SignInServiceAway
        await ends.end_session(question.session_id)

    async def sign_out_there(question: SignOutThere) -> None:
        if ends is None:
            raise SignInServiceAway
        await ends.sign_out(question.person_id)

    async def warn_there(question: WarnThere) -> None:
        with suppress(AlreadyHandled, CellNotFound):
            warning = WarnOfTheft(question.theft_id, question.person_id)
            await executor.run(system(THEFTS, question.cell_id), warn_of_theft, warning)

    return {EndThere: end_there, SignOutThere: sign_out_there, WarnThere: warn_there}


def _of_letters(executor: Executor, accounts: Accounts, send: Send | None) -> Answerers:
    async def reach(question: Reach) -> Reached | None:
        return await accounts.reach(question.person_id)

    async def post(question: PostLetter) -> Posted:
        """Claimed before, noted after by who asked. Cut off between, or without a word, the claim stands: that is the
        only doubt, and the next claim says so.
        """
        if send is None:
            raise MailServerAway
        principal, letter_id = system(LETTERS, question.cell_id), question.letter_id
        claimed = await executor.run(principal, claim_posting, ClaimPosting(letter_id, question.version))
        if claimed is not Posted.TAKEN:
            return claimed
        try:
            await send(question)
        except (MailServerAway, LetterNotTaken):
            await executor.run(principal, release_posting, ReleasePosting(letter_id))
            raise
        return Posted.TAKEN

    return {Reach: reach, PostLetter: post}


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
    if invitations.invite is None:
        raise MailServerAway
    code = new_code()
    derived = await invitations.codes.derive(question.invitation_id, code)
    principal = system(LETTERS, question.cell_id)
    code_hash = await executor.run(principal, claim_invitation, ClaimInvitation(question.invitation_id, derived))
    if code_hash is None:
        return None
    page = invitations.page(question.cell_id, question.invitation_id)
    await invitations.invite(
        InvitationLetter(question.invitation_id, question.email, question.language, page, code, question.until)
    )
    return code_hash
