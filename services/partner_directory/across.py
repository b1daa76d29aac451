"""Who answers what the directory's handlers ask from outside their transactions: the sign-in service, and acts across
the wall between platform and cell.

Each question across the wall is asked as a named process, in a transaction and with a record of its own: neither side
sees the other's tenant.
"""

from __future__ import annotations

from uuid import UUID

from services.kit.asking import Answerers
from services.kit.execute import Executor
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.claim_letter import ClaimLetter, claim_letter
from services.partner_directory.giving import WhoIs
from services.partner_directory.lettering import SetUpSignIn
from services.partner_directory.queries.open_recovery import OpenRecovery, open_recovery
from services.partner_directory.queries.read_cell import HowFarIs
from services.partner_directory.queries.read_stand_ins import ReadStandIns, read_stand_ins
from services.partner_directory.queries.read_standing import ReadStanding, StandingView, read_standing
from services.partner_directory.recovering import AnybodyLeft, Named, WhoIsProposed
from services.partner_directory.revoking import Accounts

NAME = "partner_directory.recovery"
LETTERS = "partner_directory.letters"
LOOKS = "partner_directory.set_up"


def answerers(executor: Executor, accounts: Accounts, posting: Accounts | None = None) -> Answerers:
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

    async def how_far_is(question: HowFarIs) -> StandingView:
        return await executor.run(system(LOOKS, question.cell_id), read_standing, ReadStanding())

    return {
        WhoIs: who_is, SetUpSignIn: set_up_sign_in, AnybodyLeft: anybody_left, WhoIsProposed: who_is_proposed,
        HowFarIs: how_far_is,
    }  # fmt: skip
