"""Who answers what the directory's handlers ask from outside their transactions: the sign-in service, and acts across
the wall between platform and cell.

Each question across the wall is asked as a named process, in a transaction and with a record of its own: neither side
sees the other's tenant.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from services.kit.asking import Answerers
from services.kit.execute import Executor
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.claim_letter import ClaimLetter, claim_letter
from services.partner_directory.commands.claim_posting import ClaimPosting, claim_posting
from services.partner_directory.commands.release_posting import ReleasePosting, release_posting
from services.partner_directory.errors import LetterNotTaken, MailServerAway
from services.partner_directory.giving import WhoIs
from services.partner_directory.lettering import SetUpSignIn
from services.partner_directory.posting import Posted, PostLetter, Reach, Reached
from services.partner_directory.queries.open_recovery import OpenRecovery, open_recovery
from services.partner_directory.queries.read_stand_ins import ReadStandIns, read_stand_ins
from services.partner_directory.recovering import AnybodyLeft, Named, WhoIsProposed
from services.partner_directory.revoking import Accounts

NAME = "partner_directory.recovery"
LETTERS = "partner_directory.letters"

Send = Callable[[PostLetter], Awaitable[None]]
"""Hands a letter to the mail server; returns when it took it. Raises what `Letters.send` raises."""


def answerers(
    executor: Executor, accounts: Accounts, posting: Accounts | None = None, send: Send | None = None
) -> Answerers:
    """One answerer for each kind of question of this service.

    `posting` are the accounts again, with more patience: there the sign-in service waits for a mail server. Without
    `send` letters of our own wait.
    """
    return {**_of_accounts(executor, accounts, posting or accounts), **_of_letters(executor, posting or accounts, send)}


def _of_accounts(executor: Executor, accounts: Accounts, posting: Accounts) -> Answerers:
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
        return await posting.ask_to_set_up(question.email, question.language)

    return {WhoIs: who_is, SetUpSignIn: set_up_sign_in, AnybodyLeft: anybody_left, WhoIsProposed: who_is_proposed}


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
