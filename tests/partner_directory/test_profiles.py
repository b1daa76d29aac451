"""What people tell of themselves: who writes it, who reads it where, and when that ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.policy import Role
from services.kit.principal import PLATFORM, Principal, PrincipalKind
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.profile.change_my_profile import ChangeMyProfile, change_my_profile
from services.partner_directory.contacts import ContactView
from services.partner_directory.errors import TelephoneUnreadable
from services.partner_directory.model import read_telephone
from services.partner_directory.profiles import Told
from services.partner_directory.queries.export_contacts import ExportContacts, export_contacts
from services.partner_directory.queries.read_contacts import ReadContacts, read_contacts
from services.partner_directory.queries.read_my_profile import ProfileView, ReadMyProfile, read_my_profile
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.harness import Cell, Person
from tests.partner_directory.town import Host, on_platform

NUMBER = "+32470123456"
TOLD = ChangeMyProfile(1, "fr", "0470 12 34 56", "ma-do, 9-16 u")


async def tells(person: Person, telephone: str = NUMBER, version: int = 1) -> None:
    """A person's first word, or the next."""
    command = ChangeMyProfile(version, "nl", telephone, "9-16 u")
    await on_platform(person).run(change_my_profile, command)


async def contacts_of(reader: Person) -> dict[UUID, ContactView]:
    """The list of the cell the reader acts in, by person."""
    return {contact.person_id: contact for contact in (await reader.run(read_contacts, ReadContacts())).contacts}


async def test_what_is_told_once_is_read_at_all_the_own_tables(host: Host) -> None:
    first, second = await host.town(region="wallonia"), await host.town(region="wallonia")
    email = f"{uuid4().hex}@stad.example"
    person = await first.sworn(Role.MAYOR, email=email)
    there = await second.sworn(Role.MAYOR, email=email)
    me = on_platform(person)
    assert await me.run(read_my_profile, ReadMyProfile()) == ProfileView(Told(), 1)
    receipt = await me.run(change_my_profile, TOLD, idempotency_key="a")
    assert (receipt.id, receipt.version) == (person.person_id, 2)
    assert await me.run(change_my_profile, TOLD, idempotency_key="a") == receipt, "a repeat changes nothing"
    told = Told("fr", NUMBER, "ma-do, 9-16 u")
    assert await me.run(read_my_profile, ReadMyProfile()) == ProfileView(told, 2)
    for cell, colleague in ((first, person), (second, there)):
        reader = await cell.sworn(Role.COORDINATOR)
        seen = await contacts_of(reader)
        assert (seen[colleague.person_id].told, seen[reader.person_id].told) == (told, Told())
    assert (await me.run(change_my_profile, ChangeMyProfile(2, "", "", ""))).version == 3
    assert await me.run(read_my_profile, ReadMyProfile()) == ProfileView(Told(), 3), "told no more"


async def test_another_version_and_two_at_once(host: Host) -> None:
    person = on_platform(await (await host.town(region="wallonia")).sworn(Role.MAYOR))
    for version in (0, 2):
        with pytest.raises(VersionChanged):
            await person.run(change_my_profile, ChangeMyProfile(version, "nl", "", ""))
    for version in (1, 2):
        asked = [ChangeMyProfile(version, "nl", f"0470 12 34 5{last}", "") for last in range(2)]
        done = await asyncio.gather(
            *(person.run(change_my_profile, command) for command in asked), return_exceptions=True
        )
        lost = [found for found in done if isinstance(found, VersionChanged)]
        assert len(lost) == 1, done
    assert (await person.run(read_my_profile, ReadMyProfile())).version == 3


async def test_it_is_of_the_person_and_asked_on_the_platform_with_a_second_factor(host: Host) -> None:
    town = await host.town(region="wallonia")
    person, other = await town.sworn(Role.MAYOR), await town.sworn(Role.COORDINATOR)
    await tells(person)
    assert (await on_platform(other).run(read_my_profile, ReadMyProfile())).version == 1
    with pytest.raises(CellNotFound):
        await person.run(read_my_profile, ReadMyProfile())
    with pytest.raises(CellNotFound):
        await person.run(change_my_profile, ChangeMyProfile(1, "nl", "", ""))
    weak = on_platform(person)
    weak.acr = 1
    with pytest.raises(SecondFactorMissing):
        await weak.run(change_my_profile, ChangeMyProfile(1, "nl", "", ""))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""), ("0470 12 34 56", NUMBER), ("0470/12.34.56", NUMBER), ("+32 (0)470 12 34 56", NUMBER),
        ("0032470123456", NUMBER), ("03 227 21 21", "+3232272121"), ("٠٤٧٠ ١٢ ٣٤ ٥٦", NUMBER),
        ("+33 1 42 68 53 00", "+33142685300"), ("+31 20 794 0800", "+31207940800"), ("0800 12 345", "+3280012345"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert read_telephone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["0470", "12", "nele", "+", "0470 12 34 56 of 0471 12 34 56", "0470 12 34 56 ext 7", "bel 0470 12 34 56", "-",
     "0470123456;0470123457", "=1+1", "+99 12 34", "0" * 40, "112", "@0470123456"],
)  # fmt: skip
async def test_what_is_no_number_is_refused_and_nothing_changes(host: Host, typed: str) -> None:
    person = on_platform(Person(Cell(host.harness, uuid4(), ()), uuid4()))
    with pytest.raises(TelephoneUnreadable) as refused:
        await person.run(change_my_profile, ChangeMyProfile(1, "nl", typed, ""))
    assert refused.value.field == "telephone"
    assert (await person.run(read_my_profile, ReadMyProfile())).version == 1


async def test_who_sits_there_reads_the_list_and_the_coordinator_alone_takes_it_along(host: Host) -> None:
    town, neighbour = await host.town(region="wallonia"), await host.town(region="wallonia")
    stranger = await neighbour.sworn(Role.COORDINATOR)
    coordinator = await town.sworn(Role.COORDINATOR)
    roles = (Role.MAYOR, Role.PREVENTION_OFFICER, Role.PARTICIPANT, Role.MINUTE_TAKER, Role.DPO, Role.OVERSIGHT)
    people = {role: await town.sworn(role, given_name="Đorđe", family_name="’t Jonck") for role in roles}
    unsworn = await town.invited(Role.PARTICIPANT)
    for person in people.values():
        await tells(person)
    seen = await contacts_of(coordinator)
    assert seen == {
        contact.person_id: contact for contact in (await coordinator.run(export_contacts, ExportContacts())).contacts
    }
    assert set(seen) == {person.person_id for person in (coordinator, unsworn, *people.values())}
    mayor = seen[people[Role.MAYOR].person_id]
    assert (mayor.given_name, mayor.family_name, mayor.told.telephone) == ("Đorđe", "’t Jonck", NUMBER)
    assert [(seat.role, seat.seat, seat.nis_codes) for seat in mayor.seats] == [("mayor", "mayor", town.nis_codes)]
    may = {}
    for role, person in people.items():
        may[role] = set((await person.run(read_table, ReadTable())).mine.may) & {"read_contacts", "export_contacts"}
        if role in (Role.DPO, Role.OVERSIGHT):
            with pytest.raises(RoleMissing):
                await person.run(read_contacts, ReadContacts())
        else:
            assert await contacts_of(person) == seen
        with pytest.raises(RoleMissing):
            await person.run(export_contacts, ExportContacts())
    assert {role for role in may if may[role]} == set(roles) - {Role.DPO, Role.OVERSIGHT}
    assert set((await coordinator.run(read_table, ReadTable())).mine.may) >= {"read_contacts", "export_contacts"}
    with pytest.raises(UndertakingMissing):
        await unsworn.run(read_contacts, ReadContacts())
    nowhere = Cell(host.harness, uuid4(), ())
    for cell in (town, nowhere):
        with pytest.raises(CellNotFound):
            await stranger.elsewhere(cell).run(read_contacts, ReadContacts())
        with pytest.raises(CellNotFound):
            await stranger.elsewhere(cell).run(export_contacts, ExportContacts())


async def test_invariant_15_with_the_mandate_a_person_leaves_the_list(host: Host, servers: Servers) -> None:
    town, neighbour = await host.town(region="wallonia"), await host.town(region="wallonia")
    email = f"{uuid4().hex}@stad.example"
    coordinator, elsewhere = await town.sworn(Role.COORDINATOR), await neighbour.sworn(Role.COORDINATOR)
    person = await town.sworn(Role.PARTICIPANT, email=email)
    await neighbour.sworn(Role.PARTICIPANT, email=email)
    await tells(person)
    assert (await contacts_of(coordinator))[person.person_id].told.telephone == NUMBER
    assert await profiles(host, coordinator, town.cell_id) == {person.person_id}
    await coordinator.run(end_mandate, EndMandate(person.mandate_id, 2, "left"))
    assert person.person_id not in await contacts_of(coordinator)
    assert await profiles(host, coordinator, town.cell_id) == set()
    assert (await contacts_of(elsewhere))[person.person_id].told.telephone == NUMBER, "sits there still"


async def test_who_comes_later_stands_there_from_the_first_day_on(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(region="wallonia")
    later = {"first_day": date(2027, 1, 1), "last_day": date(2027, 6, 30)}
    person = await town.partner(coordinator, **later)
    await tells(person)
    assert person.person_id not in await contacts_of(coordinator)
    assert await profiles(host, coordinator, town.cell_id) == set()
    host.harness.clock.now = datetime(2027, 1, 1, 9, tzinfo=UTC)
    assert (await contacts_of(coordinator))[person.person_id].told.telephone == NUMBER
    assert await profiles(host, coordinator, town.cell_id) == {person.person_id}


async def profiles(host: Host, reader: Person, cell_id: UUID) -> set[UUID]:
    """Whose profiles the database shows the reader in a cell, without any condition; a key with each, and no other."""
    principal = Principal(PrincipalKind.PERSON, reader.person_id, cell_id, acr=2)
    async with host.harness.database.transaction(principal, host.harness.clock()) as transaction:
        seen = {row[0] for row in await transaction.raw.fetch("SELECT person_id FROM person_profile")}
        keys = "SELECT object_id FROM object_key WHERE tenant_id = $1"
        assert cell_id == PLATFORM or {row[0] for row in await transaction.raw.fetch(keys, PLATFORM)} == seen
    return seen


async def test_invariant_17_the_database_shows_a_profile_where_both_sit(host: Host) -> None:
    town, neighbour = await host.town(region="wallonia"), await host.town(region="wallonia")
    person, stranger = await town.sworn(Role.MAYOR), await neighbour.sworn(Role.MAYOR)
    unsworn, nobody = await town.invited(Role.COORDINATOR), Person(town, uuid4())
    await tells(person)
    await tells(stranger)
    assert await profiles(host, person, town.cell_id) == {person.person_id}
    assert await profiles(host, stranger, neighbour.cell_id) == {stranger.person_id}
    for reader, cell in ((stranger, town), (unsworn, town), (nobody, town), (person, neighbour)):
        assert await profiles(host, reader, cell.cell_id) == set()
    for reader in (person, stranger):
        assert await profiles(host, reader, PLATFORM) == {reader.person_id}, "the own alone"
    principal = Principal(PrincipalKind.PERSON, stranger.person_id, PLATFORM, acr=2)
    async with host.harness.database.transaction(principal, host.harness.clock()) as transaction:
        foreign = "UPDATE person_profile SET version = version + 1 WHERE person_id = $1"
        assert await transaction.raw.execute(foreign, person.person_id) == "UPDATE 0"


async def test_of_the_coordinator_alone_a_table_tells_the_number(host: Host) -> None:
    town = await host.town(region="wallonia")
    coordinator, mayor = await town.sworn(Role.COORDINATOR), await town.sworn(Role.MAYOR)
    dpo, unsworn = await town.sworn(Role.DPO), await town.invited(Role.PARTICIPANT)
    await tells(mayor)
    held = (await mayor.run(read_table, ReadTable())).version
    await tells(coordinator)
    for reader in (mayor, dpo, coordinator):
        table = await reader.run(read_table, ReadTable(held))
        told = {view.mandate.person_id: view.telephone for view in table.mandates}
        assert told == {coordinator.person_id: NUMBER, mayor.person_id: "", dpo.person_id: "", unsworn.person_id: ""}
    again = await mayor.run(read_table, ReadTable((await mayor.run(read_table, ReadTable())).version))
    assert again.unchanged
    await tells(coordinator, "03 227 21 21", 2)
    table = await mayor.run(read_table, ReadTable(again.version))
    assert {view.telephone for view in table.mandates} == {"", "+3232272121"}
    alone = await unsworn.run(read_table, ReadTable())
    assert [view.telephone for view in alone.mandates] == [""]


async def test_invariant_16_the_log_has_who_read_it_and_nothing_that_was_told(host: Host, servers: Servers) -> None:
    town, coordinator = await host.town_with_coordinator(region="wallonia")
    await on_platform(coordinator).run(change_my_profile, TOLD)
    await contacts_of(coordinator)
    await coordinator.run(export_contacts, ExportContacts())
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    query = "SELECT payload FROM outbox WHERE tenant_id = ANY ($1)"
    rows = await connection.fetch(query, [town.cell_id, PLATFORM])
    row = await connection.fetchrow("SELECT * FROM person_profile WHERE person_id = $1", coordinator.person_id)
    await connection.close()
    kept = [row["payload"] for row in rows]
    for act in (b"change_my_profile", b"read_contacts", b"export_contacts"):
        assert any(act in payload for payload in kept), act
    assert any(b"export_contacts" in payload and b"disclose" in payload for payload in kept)
    for told in (b"470123456", b"470 12 34 56", b"9-16 u"):
        assert not [payload for payload in kept if told in payload]
        assert not [column for column in row.values() if isinstance(column, bytes) and told in column]
