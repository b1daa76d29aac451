"""Oversight says yes to a recovery of its cell: the last of three, and the only one that gives anything."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.errors import CellNotLost, RecoverySamePerson
from services.partner_directory.giving import WhoIs, give, whoever_is
from services.partner_directory.invitation import Asked, anybody_left, in_order, lock_cell
from services.partner_directory.lettering import language_of, write_letter
from services.partner_directory.model import GivenBy
from services.partner_directory.recovering import WhoIsProposed, locked_recovery


@dataclass(frozen=True, slots=True)
class ConfirmRecovery:
    """Which recovery, in the version last read."""

    recovery_id: UUID
    expected_version: int


async def confirm_recovery(work: Work, command: ConfirmRecovery) -> Receipt:
    """Give the mandate, as a founding one: announced, content opens 72 hours later. The receipt is the mandate's."""
    await lock_cell(work, work.cell_id)
    recovery = await locked_recovery(work, command.recovery_id)
    recovery.expect_confirmable(command.expected_version, at=work.now, by=work.actor_id)
    if await anybody_left(work):
        raise CellNotLost
    asked = Asked(
        recovery.kbo_number, Role(recovery.role), tuple(recovery.nis_codes), recovery.first_day, recovery.last_day,
        recovery.legal_basis, None,
    )  # fmt: skip
    fitting = await in_order(work, asked, None)
    named = work.ask(WhoIsProposed(command.recovery_id))
    who = WhoIs(named.email, named.given_name, named.family_name)
    person_id = await whoever_is(work, who)
    if person_id in recovery.persons | {work.actor_id}:
        raise RecoverySamePerson
    mandate = fitting.mandate(work, person_id, GivenBy.RECOVERY)
    recovery.confirm(mandate.mandate_id, at=work.now, by=work.actor_id)
    await work.session.flush()
    receipt = await give(work, mandate, who)
    await write_letter(work, mandate.mandate_id, person_id, who.email, await language_of(work, mandate.nis_codes))
    return receipt
