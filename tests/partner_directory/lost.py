"""A cell that lost everybody but its oversight, and the people who may recover it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.recovery.confirm_recovery import ConfirmRecovery, confirm_recovery
from services.partner_directory.commands.recovery.propose_recovery import ProposeRecovery, propose_recovery
from services.partner_directory.commands.recovery.second_recovery import SecondRecovery, second_recovery
from services.partner_directory.queries.list_recoveries import ListRecoveries, RecoveryView, list_recoveries
from tests.harness import START, Person
from tests.partner_directory.town import LAW, TEXT, UNUSED, Host, Town

LOST_AFTER = date(2026, 12, 1)
"""The last day of everybody who could say yes."""


@dataclass
class Lost:
    """The cell; two of the host, one of its oversight, and another of it who did not promise secrecy."""

    town: Town
    first: Person
    second: Person
    oversight: Person
    unsworn: Person

    def proposal(self, **changes: Any) -> ProposeRecovery:
        """A proposal that is in order."""
        values: dict[str, Any] = {
            "cell_id": self.town.cell_id,
            "email": f"{uuid4().hex}@stad.example",
            "given_name": "Lieve",
            "family_name": "Maes",
            "kbo_number": self.town.kbo_number,
            "role": Role.MAYOR,
            "nis_codes": (),
            "first_day": date(2026, 12, 2),
            "last_day": date(2027, 11, 23),
            "legal_basis": LAW,
        }
        return ProposeRecovery(**(values | changes))

    def seconding(self, recovery: Receipt, version: int = 1) -> SecondRecovery:
        """The second's yes."""
        return SecondRecovery(recovery.id, version)

    def confirmation(self, recovery: Receipt, version: int = 2) -> ConfirmRecovery:
        """Oversight's yes."""
        return ConfirmRecovery(recovery.id, version)

    async def proposed(self, **changes: Any) -> Receipt:
        """By the first."""
        return await self.first.run(propose_recovery, self.proposal(**changes))

    async def seconded(self, **changes: Any) -> Receipt:
        """By both of the host."""
        recovery = await self.proposed(**changes)
        await self.second.run(second_recovery, self.seconding(recovery))
        return recovery

    async def seen_by(self, who: Person) -> Sequence[RecoveryView]:
        """The recoveries this person is shown."""
        return (await who.run(list_recoveries, ListRecoveries(50, None))).recoveries

    async def recovered(self, command: ProposeRecovery) -> Person:
        """All three say yes to this."""
        recovery = await self.first.run(propose_recovery, command)
        await self.second.run(second_recovery, self.seconding(recovery))
        given = await self.oversight.run(confirm_recovery, self.confirmation(recovery))
        return Person(self.town, await self.town.host.sign_in.find_person(command.email, "", ""), mandate_id=given.id)


async def lost_town(host: Host, *, contact: str = "") -> Lost:
    """Coordinator and mayor have had their last day; oversight has not."""
    host.harness.clock.now = START
    town = await host.town(region="wallonia")
    if contact:
        nis_codes = (next(UNUSED["wallonia"]),)
        made = await host.run(create_cell, CreateCell(nis_codes, "", contact=contact))
        town = replace(town, cell_id=made.id, nis_codes=nis_codes)
    for role in (Role.COORDINATOR, Role.MAYOR):
        await town.sworn(role, last_day=LOST_AFTER)
    invitations = [town.invitation(Role.OVERSIGHT) for _ in range(2)]
    oversight, unsworn = [town.person_of(asked, await town.confirmed(asked)) for asked in invitations]
    await oversight.run(accept_undertaking, AcceptUndertaking(TEXT))
    host.harness.clock.advance(days=8)
    return Lost(town, await host.appointed(), await host.appointed(), oversight, unsworn)
