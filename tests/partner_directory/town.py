"""Cells of towns nobody else in this run uses, and the people the host and coordinators invite to them."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from services.kit.execute import HandlerOf
from services.kit.grid import Grid
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.partner_directory.across import Invitations, Send, answerers
from services.partner_directory.codes import OneTimeCodes
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.invite_person import InvitePerson, invite_person
from services.partner_directory.commands.invitation.send_invitation import SendInvitation, send_invitation
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.appoint_host import AppointHost, appoint_host
from services.partner_directory.commands.organisation.register_organisation import (
    RegisterOrganisation,
    register_organisation,
)
from services.partner_directory.commands.proposal.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.data import GERMAN_SPEAKING, municipality_rows
from services.partner_directory.model import FOUNDING, GIVES
from tests.databases import Migrated
from tests.harness import Cell, Harness, Person
from tests.partner_directory.signing_in import PEOPLE, SignInService

Command = TypeVar("Command")
Result = TypeVar("Result")

LAW, DECREE, TEXT = "law-2018-07-30", "decree-vl-2021-05-21", "2026-1"
CHEAP = 2
"""What trying a code costs in tests."""


def present(region: str) -> list[str]:
    """The NIS codes of a region's present municipalities, as the source file has them."""
    rows = [row for row in municipality_rows() if row["valid_to"] is None]
    return [row["nis_code"] for row in rows if row["region"] == region]


NAMED_IN_TESTS = frozenset({"44013", "44021", "46030", "92094"}) | GERMAN_SPEAKING
"""Not handed out; those that speak German neither, so that a town of Wallonia is one that speaks French."""


class Unused(Iterator[str]):
    """Codes that no cell of this run has, in their order."""

    def __init__(self, region: str) -> None:
        self._region = region
        self.again()

    def again(self) -> None:
        """All may be taken: no cell has one any more."""
        self._left = deque(code for code in present(self._region) if code not in NAMED_IN_TESTS)

    def __next__(self) -> str:
        return self._left.popleft()

    @property
    def few(self) -> bool:
        """Whether a test might not find as many as it takes."""
        return len(self._left) < FEW_TOWNS


FEW_TOWNS = 40
UNUSED = {region: Unused(region) for region in ("flanders", "wallonia", "brussels")}


async def leave_towns(database: Migrated) -> None:
    """When a region has few towns left without a cell, the cells of earlier tests give theirs back."""
    if UNUSED["flanders"].few or UNUSED["wallonia"].few:
        await database.unwalled("UPDATE cell_municipality SET until = now() WHERE until IS NULL")
        for unused in UNUSED.values():
            unused.again()


def kbo_numbers() -> Iterator[str]:
    """Enterprise numbers whose check digits fit."""
    for number in itertools.count(10_000_000):
        yield f"{number:08}{97 - number % 97:02}"


UNUSED_KBO = kbo_numbers()


@dataclass
class Host:
    """The host's administration of the directory under test."""

    harness: Harness
    sign_in: SignInService = field(default_factory=SignInService)

    def __post_init__(self) -> None:
        self.sign_in.now = self.harness.clock
        self.hand_in(None)

    def hand_in(self, send: Send | None) -> None:
        """Letters of ours go there from now on."""
        invitations = Invitations(
            OneTimeCodes(CHEAP), "https://rondetafel.example", lambda letter: self.sign_in.inviting(letter), Grid(1e-6)
        )
        self.harness.executor.answerers = answerers(
            self.harness.executor, self.sign_in, invitations, send=send, read_issuer=self.sign_in.read_issuer,
            mirror=self.sign_in.mirror, metadata=self.sign_in, ends=self.sign_in,
        )  # fmt: skip

    async def run(
        self, handler: HandlerOf[Command, Result], command: Command, cell_id: UUID = PLATFORM, key: str | None = None
    ) -> Result:
        """Run a handler as the client `host`."""
        principal = Principal(PrincipalKind.HOST, uuid5(PEOPLE, "host"), cell_id, name="host")
        return await self.harness.executor.run(principal, handler, command, idempotency_key=key)

    async def organisation(self, kind: str = "caw") -> str:
        """A registered organisation; its number."""
        kbo_number = next(UNUSED_KBO)
        await self.run(register_organisation, RegisterOrganisation(kbo_number, "Partner", kind))
        return kbo_number

    async def town(self, towns: int = 1, region: str = "flanders") -> Town:
        """A cell of so many towns, without people."""
        nis_codes = tuple(next(UNUSED[region]) for _ in range(towns))
        receipt = await self.run(create_cell, CreateCell(nis_codes, ""))
        return Town(self.harness, receipt.id, nis_codes, self, await self.organisation())

    async def appointment(self, **changes: Any) -> AppointHost:
        """An appointment that is in order."""
        values: dict[str, Any] = {
            "email": f"{uuid4().hex}@host.example",
            "given_name": "Hilde",
            "family_name": "Baert",
            "kbo_number": "" if "kbo_number" in changes else await self.organisation("other"),
            "first_day": date(2026, 11, 24),
            "last_day": date(2027, 11, 23),
        }
        return AppointHost(**(values | changes))

    async def appointed(self, **changes: Any) -> Person:
        """Somebody who acts for the host, on the platform."""
        command = await self.appointment(**changes)
        receipt = await self.run(appoint_host, command)
        return Person(Cell(self.harness, PLATFORM, ()), uuid5(PEOPLE, command.email), mandate_id=receipt.id)

    async def town_with_coordinator(self, towns: int = 1, region: str = "flanders") -> tuple[Town, Person]:
        """The same, with a coordinator for all towns who accepted secrecy."""
        town = await self.town(towns, region)
        return town, await town.sworn(Role.COORDINATOR)


@dataclass
class Town(Cell):
    """A cell made by the host. `givers`: who may give mandates there, in the order they came."""

    host: Host
    kbo_number: str
    givers: dict[Role, Person] = field(default_factory=dict)
    sworn_in: set[UUID] = field(default_factory=set)

    def invitation(self, role: Role = Role.PARTICIPANT, **changes: Any) -> InvitePerson:
        """An invitation that is in order."""
        values: dict[str, Any] = {
            "email": f"{uuid4().hex}@caw.example",
            "given_name": "Nele",
            "family_name": "Claes",
            "kbo_number": self.kbo_number,
            "role": role,
            "nis_codes": (),
            "first_day": date(2026, 11, 24),
            "last_day": date(2027, 11, 23),
            "legal_basis": LAW,
            "clearance_until": date(2028, 1, 1) if role is Role.INFORMATION_OFFICER else None,
        }
        return InvitePerson(**(values | changes))

    async def as_host(self, handler: HandlerOf[Command, Result], command: Command) -> Result:
        """Run a handler as the host, in this cell."""
        return await self.host.run(handler, command, self.cell_id)

    async def invited(self, role: Role, **changes: Any) -> Person:
        """Somebody the host founded the cell with, or whom its coordinator or mayor invited; `mandate_id` is theirs."""
        command = self.invitation(role, **changes)
        giver = next((giver for kind, giver in self.givers.items() if role in GIVES[kind]), None)
        if role in FOUNDING and not {Role.MAYOR, role} & set(self.givers):
            receipt = await self.founded(command)
        elif giver is not None and await self._swears(giver):
            receipt = await self.given(giver.run, command)
        else:
            receipt = await self.confirmed(command)
        person = self.person_of(command, receipt)
        if role in GIVES and command.first_day <= date(2026, 11, 24):
            self.givers.setdefault(role, person)
        return person

    async def founded(self, command: InvitePerson) -> Receipt:
        """The host gave it, so long ago that it opens content now."""
        clock = self.harness.clock
        clock.advance(hours=-73)
        try:
            return await self.given(self.as_host, command)
        finally:
            clock.advance(hours=73)

    async def proposed(self, role: Role = Role.DPO, **changes: Any) -> Receipt:
        """What the host asks of a cell that has a mayor."""
        receipt = await self.as_host(invite_person, self.invitation(role, **changes))
        assert receipt.state == "PROPOSED"
        return receipt

    async def confirmed(self, command: InvitePerson) -> Receipt:
        """The same, with the cell's yes; in a cell of nobody its coordinator comes first."""
        proposal = await self.as_host(invite_person, command)
        if not self.givers:
            await self.invited(Role.COORDINATOR)
        giver = next(iter(self.givers.values()))
        await self._swears(giver)
        return await self.comes(command, await giver.run(confirm_proposal, ConfirmProposal(proposal.id, 1)))

    async def given(self, run: Any, command: InvitePerson) -> Receipt:
        """Invited by that act, who comes with the code; the mandate's receipt. A proposal's, where it became one."""
        receipt: Receipt = await run(invite_person, command)
        return receipt if receipt.state == "PROPOSED" else await self.comes(command, receipt)

    async def sent(self, invitation: Receipt) -> str:
        """The code, once the letter was sent."""
        clock = system("partner_directory.clock", self.cell_id)
        await self.harness.executor.run(clock, send_invitation, SendInvitation(invitation.id))
        return self.host.sign_in.code_of(invitation.id)

    async def comes(self, command: InvitePerson, invitation: Receipt) -> Receipt:
        """Who was invited comes with the code of the letter; the mandate's receipt."""
        assert invitation.state == "SENT"
        person = self.person_of(command, invitation)
        return await person.run(accept_invitation, AcceptInvitation(invitation.id, await self.sent(invitation)))

    async def _swears(self, giver: Person) -> bool:
        """Who gives has accepted secrecy, here at the latest."""
        if giver.person_id not in self.sworn_in:
            await giver.run(accept_undertaking, AcceptUndertaking(TEXT))
            self.sworn_in.add(giver.person_id)
        return True

    async def sworn(self, role: Role, **changes: Any) -> Person:
        """The same, having accepted secrecy."""
        person = await self.invited(role, **changes)
        await person.run(accept_undertaking, AcceptUndertaking(TEXT))
        self.sworn_in.add(person.person_id)
        return person

    async def partner(self, coordinator: Person, **changes: Any) -> Person:
        """Somebody the coordinator invited."""
        command = self.invitation(**changes)
        return self.person_of(command, await self.given(coordinator.run, command))

    def person_of(self, command: InvitePerson, receipt: Receipt) -> Person:
        """The person behind an invitation's address, in this cell."""
        return Person(self, uuid5(PEOPLE, command.email), mandate_id=receipt.id)


def on_platform(person: Person) -> Person:
    """The same person outside all cells."""
    return person.elsewhere(Cell(person.cell.harness, PLATFORM, ()))
