"""What the directory says may be done succeeds, and what it does not name is refused: for everybody, at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples

from deploy.local.servers import Servers
from services.kit.errors import (
    RondetafelError,
)
from services.kit.policy import Role
from services.kit.principal import Principal, PrincipalKind
from services.partner_directory.allowed import OWN_VERBS
from services.partner_directory.commands.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.add_legal_basis import add_legal_basis
from services.partner_directory.commands.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.confirm_legal_basis import ConfirmLegalBasis, confirm_legal_basis
from services.partner_directory.commands.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.commands.decline_proposal import DeclineProposal, decline_proposal
from services.partner_directory.commands.draft_rules import DraftRules, draft_rules
from services.partner_directory.commands.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.invite_person import invite_person
from services.partner_directory.commands.register_organisation import RegisterOrganisation, register_organisation
from services.partner_directory.find import MandateView, ProposalView
from services.partner_directory.policy import POLICY
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.list_proposals import ListProposals, list_proposals
from services.partner_directory.queries.list_recoveries import ListRecoveries, list_recoveries
from services.partner_directory.queries.list_rules import ListRules, list_rules
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.attempt import refused, refused_as
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.partner_directory.test_keeping_the_law import law
from tests.partner_directory.town import PEOPLE, TEXT, UNUSED_KBO, Host, Town, on_platform

ROLES = (Role.MAYOR, Role.MAYOR_DELEGATE, Role.COORDINATOR, Role.DPO, Role.OVERSIGHT)
ACTS = ("propose", "invite", "end", "decline", "days", "year")
Told = dict[str, tuple[bool, RondetafelError | None]]
Seen = set[tuple[str, bool]]
"""Which verbs were met allowed, and which refused: a property nobody meets says nothing."""


@dataclass
class Place:
    """A cell of two towns with people in it, and what the host proposed there."""

    town: Town
    people: list[Person]
    proposals: list[ProposalView]
    mandates: list[MandateView]

    @property
    def host(self) -> Principal:
        """The host's client, addressing this cell."""
        return Principal(PrincipalKind.HOST, uuid5(PEOPLE, "host"), self.town.cell_id, name="host")


async def place_after(host: Host, acts: list[tuple[str, Role, int]]) -> Place:
    """A cell after these acts; what is refused has no effect."""
    town = await host.town(2, region="wallonia")
    coordinator = await town.sworn(Role.COORDINATOR)
    mayor = await town.sworn(Role.MAYOR)
    one_town = await town.sworn(Role.COORDINATOR, nis_codes=town.nis_codes[:1])
    people = [coordinator, mayor, one_town, await town.sworn(Role.PARTICIPANT), await town.invited(Role.DPO)]
    for act, role, number in acts:
        await happens(place := Place(town, people, [], []), act, role, number)
        people = place.people
    return Place(town, people, await _proposals(people), await _mandates(host, town))


async def happens(place: Place, act: str, role: Role, number: int) -> None:
    """One of them, if it can be."""
    town, people = place.town, place.people
    clock = town.harness.clock
    clock.advance(minutes=1)
    somebody = people[number % len(people)]
    today = clock.now.date()
    towns: Any = ((), town.nis_codes[:1], town.nis_codes[1:])[number % 3]
    days = {"first_day": today, "last_day": today + timedelta(days=200 + number)}
    try:
        if act == "propose":
            await town.as_host(invite_person, town.invitation(role, nis_codes=towns, **days))
        elif act == "invite":
            command = town.invitation(role, nis_codes=towns, **days)
            person = town.person_of(command, await people[1].run(invite_person, command))
            people.append(person)
            if number % 2:
                await person.run(accept_undertaking, AcceptUndertaking(TEXT))
        elif act == "end":
            for view in await _mandates(town.host, town):
                if view.mandate.mandate_id == somebody.mandate_id:
                    await people[1].run(end_mandate, EndMandate(somebody.mandate_id, view.mandate.version, "left"))
        elif act == "decline":
            for proposal in (await _proposals(people))[:1]:
                await people[1].run(decline_proposal, DeclineProposal(proposal.proposal.proposal_id, 1))
        else:
            clock.advance(days=150 if act == "days" else 330)
    except RondetafelError:
        return


async def _proposals(people: list[Person]) -> list[ProposalView]:
    for reader in people:
        try:
            return list((await reader.run(list_proposals, ListProposals(50, None))).proposals)
        except RondetafelError:
            continue
    return []


async def _mandates(host: Host, town: Town) -> list[MandateView]:
    return list((await host.run(list_mandates, ListMandates(50, None, ended=True), town.cell_id)).mandates)


async def of_mandates(place: Place, principal: Principal, met: Seen) -> None:
    """Of each mandate of the cell: whether it may be ended, and what that is refused with."""
    harness = place.town.harness
    try:
        page = await harness.executor.run(principal, list_mandates, ListMandates(50, None, ended=True))
    except RondetafelError:
        return
    for view in page.mandates:
        act = EndMandate(view.mandate.mandate_id, view.mandate.version, "other")
        refusal = await refused_as(harness, principal, end_mandate, act)
        met.add(("end_mandate", refusal is None))
        assert ("end_mandate" in view.may) == (refusal is None), (view.mandate.role, principal, view.may, refusal)


async def of_proposals(place: Place, reader: Person) -> Told:
    """Of each proposal that waits: what may be answered, and what that is refused with."""
    try:
        seen = {
            view.proposal.proposal_id: view.may
            for view in (await reader.run(list_proposals, ListProposals(50, None))).proposals
        }
    except RondetafelError:
        seen = {}
    found: Told = {}
    for view in place.proposals:
        proposal_id, version = view.proposal.proposal_id, view.proposal.version
        may = seen.get(proposal_id, ())
        confirm = ConfirmProposal(proposal_id, version)
        decline = DeclineProposal(proposal_id, version)
        said = f"{view.proposal.role} {proposal_id}"
        found[f"confirm {said}"] = "confirm_proposal" in may, await refused(reader, confirm_proposal, confirm)
        found[f"decline {said}"] = "decline_proposal" in may, await refused(reader, decline_proposal, decline)
    return found


async def of_cell(place: Place, reader: Person) -> Told:
    """The directory's own verbs in the cell, as the table and the caller's own list both tell them."""
    town = place.town
    try:
        named: tuple[str, ...] = (await reader.run(read_table, ReadTable())).mine.may
    except RondetafelError:
        named = ()
    mine = (await on_platform(reader).run(list_my_cells, ListMyCells())).cells
    listed = next((mandate.may for mandate in mine if mandate.cell.cell_id == town.cell_id), ())
    assert listed == named
    today = town.harness.clock.now.date()
    days = {"first_day": today, "last_day": today + timedelta(days=30), "nis_codes": ()}
    unconfirmed = await town.host.run(add_legal_basis, law(first_day=today))
    acts: dict[str, tuple[Any, Any]] = {
        "accept_undertaking": (accept_undertaking, AcceptUndertaking(TEXT)),
        "change_brand_colour": (change_brand_colour, ChangeBrandColour("#7a2230")),
        "confirm_legal_basis": (confirm_legal_basis, ConfirmLegalBasis(unconfirmed.id, 1)),
        "invite_person": (invite_person, town.invitation(Role.PARTICIPANT, **days)),
        "draft_rules": (draft_rules, DraftRules("undertaking", None, "Zwijgen.", "", "")),
        "list_rules": (list_rules, ListRules(1, None)),
        "list_mandates": (list_mandates, ListMandates(1, None)),
        "list_proposals": (list_proposals, ListProposals(1, None)),
        "list_recoveries": (list_recoveries, ListRecoveries(1, None)),
        "register_organisation": (register_organisation, RegisterOrganisation(next(UNUSED_KBO), "Partner", "caw")),
    }
    assert set(acts) == set(OWN_VERBS)
    return {verb: (verb in named, await refused(reader, *act)) for verb, act in acts.items()}


async def check(host: Host, acts: list[tuple[str, Role, int]], met: Seen) -> None:
    """Everybody reads, and everything is tried."""
    place = await place_after(host, acts)
    await of_mandates(place, place.host, met)
    for reader in place.people:
        await of_mandates(place, reader.principal, met)
        told = await of_cell(place, reader) | await of_proposals(place, reader)
        for verb, (named, refusal) in told.items():
            met.add((verb.split()[0], named))
            assert named == (refusal is None), (verb, named, refusal, acts)


@pytest.fixture
def property_run(servers: Servers) -> Iterator[Any]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "partner_directory"))
        yield runner.run, Host(Harness("partner_directory", database, POLICY))
        runner.run(database.close())


def test_what_may_be_done_succeeds_and_nothing_else(property_run: Any) -> None:
    loop, host = property_run
    start = host.harness.clock.now
    met: Seen = set()

    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(lists(tuples(sampled_from(ACTS), sampled_from(ROLES), integers(0, 7)), max_size=6))
    def holds(acts: list[tuple[str, Role, int]]) -> None:
        host.harness.clock.now = start
        loop(check(host, acts, met))

    holds()
    verbs = ("end_mandate", "confirm", "decline", "change_brand_colour", "invite_person", "list_proposals")
    assert met >= {(verb, may) for verb in verbs for may in (True, False)}
