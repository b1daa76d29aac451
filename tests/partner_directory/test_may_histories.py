"""What the directory says may be done succeeds, and what it does not name is refused: for everybody, at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples

from deploy.local.servers import Servers
from services.kit.errors import (
    RondetafelError,
)
from services.kit.policy import Role
from services.kit.principal import Principal, PrincipalKind
from services.partner_directory.allowed import OWN_VERBS
from services.partner_directory.commands.cell.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.deputy.mark_absent import MarkAbsent, mark_absent
from services.partner_directory.commands.invitation.import_seats import ImportSeats, import_seats
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.law.add_legal_basis import add_legal_basis
from services.partner_directory.commands.law.confirm_legal_basis import ConfirmLegalBasis, confirm_legal_basis
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.change_mandate import ChangeMandate, change_mandate
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.extend_mandate import ExtendMandate, extend_mandate
from services.partner_directory.commands.mandate.resume_mandate import ResumeMandate, resume_mandate
from services.partner_directory.commands.mandate.shorten_mandate import ShortenMandate, shorten_mandate
from services.partner_directory.commands.mandate.suspend_mandate import SuspendMandate, suspend_mandate
from services.partner_directory.commands.organisation.register_organisation import (
    RegisterOrganisation,
    register_organisation,
)
from services.partner_directory.commands.organisation.resume_organisation import ResumeOrganisation, resume_organisation
from services.partner_directory.commands.organisation.suspend_organisation import (
    SuspendOrganisation,
    suspend_organisation,
)
from services.partner_directory.commands.proposal.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.commands.proposal.decline_proposal import DeclineProposal, decline_proposal
from services.partner_directory.commands.rules.draft_rules import DraftRules, draft_rules
from services.partner_directory.errors import LastCoordinator, MandateExists, MandateUnchanged, MunicipalityNotInCell
from services.partner_directory.find import MandateView, ProposalView
from services.partner_directory.policy import POLICY
from services.partner_directory.queries.export_contacts import ExportContacts, export_contacts
from services.partner_directory.queries.list_invitations import ListInvitations, list_invitations
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.list_proposals import ListProposals, list_proposals
from services.partner_directory.queries.list_recoveries import ListRecoveries, list_recoveries
from services.partner_directory.queries.list_rules import ListRules, list_rules
from services.partner_directory.queries.read_contacts import ReadContacts, read_contacts
from services.partner_directory.queries.read_set_up import ReadSetUp, read_set_up
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.attempt import refused, refused_as
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.partner_directory.seat_files import seat_on, sent, sheet
from tests.partner_directory.signing_in import PEOPLE
from tests.partner_directory.test_keeping_the_law import law
from tests.partner_directory.town import TEXT, UNUSED_KBO, Host, Town, on_platform

ROLES = (Role.MAYOR, Role.MAYOR_DELEGATE, Role.COORDINATOR, Role.DPO, Role.OVERSIGHT)
ACTS = ("propose", "invite", "end", "suspend", "resume", "decline", "days", "year")
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
    partner = await town.sworn(Role.PARTICIPANT, kbo_number=await host.organisation())
    people = [coordinator, mayor, one_town, partner, await town.invited(Role.DPO)]
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
            person = town.person_of(command, await town.given(people[1].run, command))
            people.append(person)
            if number % 2:
                await person.run(accept_undertaking, AcceptUndertaking(TEXT))
        elif act == "end":
            for view in await _mandates(town.host, town):
                if view.mandate.mandate_id == somebody.mandate_id:
                    await people[1].run(end_mandate, EndMandate(somebody.mandate_id, view.mandate.version, "left"))
        elif act in ("suspend", "resume"):
            await turned(place, act, somebody, role)
        elif act == "decline":
            for proposal in (await _proposals(people))[:1]:
                await people[1].run(decline_proposal, DeclineProposal(proposal.proposal.proposal_id, 1))
        else:
            clock.advance(days=150 if act == "days" else 330)
    except RondetafelError:
        return


async def turned(place: Place, act: str, somebody: Person, role: Role) -> None:
    """Suspended or resumed: one mandate, for some roles drawn all of its organisation."""
    for view in await _mandates(place.town.host, place.town):
        if view.mandate.mandate_id == somebody.mandate_id:
            alone, together = acts_on(view)[f"{act}_mandate"], acts_on(view)[f"{act}_organisation"]
            handler, command, _ = together if role in (Role.DPO, Role.OVERSIGHT) else alone
            await place.people[1].run(handler, command)


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
        for verb, (handler, act, of_what_is_sent) in acts_on(view).items():
            refusal = await refused_as(harness, principal, handler, act)
            may = refusal is None or isinstance(refusal, of_what_is_sent)
            met.add((verb, may))
            assert (verb in view.may) == may, (verb, view.mandate.role, principal, view.may, refusal)


def acts_on(view: MandateView) -> dict[str, tuple[Any, Any, tuple[type[RondetafelError], ...]]]:
    """Each act on a mandate, and what it may be refused with for what is sent alone."""
    mandate = view.mandate
    named = (mandate.mandate_id, mandate.version)
    longer = min(mandate.last_day + timedelta(days=1), mandate.longest_day)
    earlier = mandate.last_day - timedelta(days=1)
    one_town, organisation = tuple(mandate.nis_codes[:1]), mandate.organisation_id
    sent = (LastCoordinator, MandateUnchanged, MandateExists, MunicipalityNotInCell)
    return {
        "end_mandate": (end_mandate, EndMandate(*named, "other"), ()),
        "extend_mandate": (extend_mandate, ExtendMandate(*named, longer), (MandateExists,)),
        "shorten_mandate": (shorten_mandate, ShortenMandate(*named, earlier, "other"), ()),
        "change_mandate": (change_mandate, ChangeMandate(*named, one_town, mandate.clearance_last_day), sent),
        "suspend_mandate": (suspend_mandate, SuspendMandate(*named, "other"), ()),
        "resume_mandate": (resume_mandate, ResumeMandate(*named), ()),
        "suspend_organisation": (suspend_organisation, SuspendOrganisation(organisation, "other"), ()),
        "resume_organisation": (resume_organisation, ResumeOrganisation(organisation), ()),
    }


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
        "import_seats": (import_seats, ImportSeats(sent(sheet(seat_on(town, today, today + timedelta(days=30)))))),
        "list_invitations": (list_invitations, ListInvitations(1, None)),
        "draft_rules": (draft_rules, DraftRules("undertaking", None, "Zwijgen.", "", "")),
        "list_rules": (list_rules, ListRules(1, None)),
        "list_mandates": (list_mandates, ListMandates(1, None)),
        "list_proposals": (list_proposals, ListProposals(1, None)),
        "list_recoveries": (list_recoveries, ListRecoveries(1, None)),
        "read_contacts": (read_contacts, ReadContacts()),
        "export_contacts": (export_contacts, ExportContacts()),
        "read_set_up": (read_set_up, ReadSetUp()),
        "mark_absent": (mark_absent, MarkAbsent(reader.mandate_id, today, today)),
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
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @example([("suspend", Role.MAYOR, 3)])
    @example([("suspend", Role.OVERSIGHT, 3)])
    @given(lists(tuples(sampled_from(ACTS), sampled_from(ROLES), integers(0, 7)), max_size=6))
    def holds(acts: list[tuple[str, Role, int]]) -> None:
        host.harness.clock.now = start
        loop(check(host, acts, met))

    holds()
    on_mandates = ("extend", "change", "suspend", "resume")
    assert met >= {(f"{act}_mandate", may) for act in on_mandates for may in (True, False)}
    assert met >= {(f"{act}_organisation", may) for act in ("suspend", "resume") for may in (True, False)}
    verbs = ("end_mandate", "confirm", "decline", "change_brand_colour", "invite_person", "list_proposals")
    assert met >= {(verb, may) for verb in verbs for may in (True, False)}
