"""Whatever lists are sent in whatever order: one that was taken is so from then on, and everybody can come to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import lists, sampled_from, tuples

from deploy.local.servers import Servers
from services.kit.outbox import Receipt
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.withdraw_invitation import WithdrawInvitation, withdraw_invitation
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import SeatsFaulty
from services.partner_directory.policy import POLICY
from services.partner_directory.queries.check_seats import SeatCheck
from services.partner_directory.queries.list_invitations import list_invitations
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.partner_directory.seat_files import Cells, checked, imported, seat, states
from tests.partner_directory.test_invitations import OPEN
from tests.partner_directory.town import Host, Town

ROLES = ("deelnemer", "verslaggever")
DAYS = (("24/11/2026", "23/11/2027"), ("24/11/2026", "1/6/2027"), ("1/6/2027", "1/6/2028"))
SEATS = tuples(sampled_from(("ada", "bo")), sampled_from(ROLES), sampled_from((0, 1, 2)), sampled_from(DAYS))
ACTS = sampled_from(("list", "list", "list", "come", "withdraw", "end"))
Drawn = tuple[str, str, int, tuple[str, str]]


@dataclass
class Table:
    """A town of two, who coordinates it, and one person for each address; `held`: mandates that were not ended;
    `taken`: the newest list that was taken, while nobody on any was withdrawn or ended."""

    town: Town
    coordinator: Person
    people: dict[str, Person] = field(default_factory=dict)
    held: list[UUID] = field(default_factory=list)
    taken: list[Cells] = field(default_factory=list)

    def row(self, drawn: Drawn) -> Cells:
        """What a draw stands for; town 2 is both."""
        name, role, town, (first, last) = drawn
        towns = " ".join(self.town.nis_codes if town == 2 else [self.town.nis_codes[town]])
        return seat(self.town, email=f"{name}@caw.example", role=role, nis_codes=towns, to=last, **{"from": first})

    async def open(self) -> list[tuple[UUID, str, int]]:
        """The invitations that wait, the oldest first: id, address, version."""
        page = await self.coordinator.run(list_invitations, OPEN)
        found = [(view.invitation.invitation_id, view.email, view.invitation.version) for view in page.invitations]
        return found[::-1]

    async def comes(self, invitation_id: UUID, email: str) -> None:
        """The person of that address comes with the code."""
        code = await self.town.sent(Receipt(invitation_id, "SENT", 1))
        person = self.people.setdefault(email, Person(self.town, uuid4()))
        self.held.append((await person.run(accept_invitation, AcceptInvitation(invitation_id, code))).id)


async def happens(table: Table, act: str, drawn: list[Drawn]) -> None:
    """One act; a list is taken whole or not at all, as it was told before."""
    waiting = await table.open()
    if act == "list":
        rows = [table.row(one_seat) for one_seat in drawn]
        await sends(table, rows, await checked(table.coordinator, *rows))
    elif act == "come" and waiting:
        await table.comes(*waiting[0][:2])
        if table.taken:
            assert set(states(await checked(table.coordinator, *table.taken))) <= {"invited", "held"}
    elif act == "withdraw" and waiting:
        table.taken = []
        await table.coordinator.run(withdraw_invitation, WithdrawInvitation(waiting[0][0], waiting[0][2]))
    elif act == "end" and table.held:
        table.taken = []
        await table.coordinator.run(end_mandate, EndMandate(table.held.pop(), 1, "left_function"))


async def sends(table: Table, rows: list[Cells], told: SeatCheck) -> None:
    before = len(await table.open())
    try:
        receipt = await imported(table.coordinator, *rows)
    except SeatsFaulty:
        assert told.faulty
        assert len(await table.open()) == before
        return
    table.taken = rows
    assert not told.faulty
    assert receipt.version == told.letters
    assert len(await table.open()) == before + told.letters
    assert set(states(await checked(table.coordinator, *rows))) <= {"invited", "held"}
    assert (await imported(table.coordinator, *rows)).version == 0


async def live(host: Host, acts: list[tuple[str, list[Drawn]]]) -> None:
    table = Table(*await host.town_with_coordinator(2))
    for act, drawn in acts:
        await happens(table, act, drawn)
    for invitation_id, email, _ in await table.open():
        await table.comes(invitation_id, email)


@pytest.fixture
def property_run(servers: Servers) -> Iterator[Any]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "partner_directory"))
        yield runner.run, Host(Harness("partner_directory", database, POLICY))
        runner.run(database.close())


def test_in_any_history_a_list_that_was_taken_is_so_and_everybody_can_come(property_run: Any) -> None:
    loop, host = property_run

    @settings(
        max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(lists(tuples(ACTS, lists(SEATS, min_size=1, max_size=3)), min_size=2, max_size=8))
    def holds(acts: list[tuple[str, list[Drawn]]]) -> None:
        loop(live(host, acts))

    holds()
