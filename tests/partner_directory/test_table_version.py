"""Who holds a table is not told its people again, and is told all that changed; the log says the same of both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import CellNotFound
from services.kit.policy import Role
from services.partner_directory.commands.cell.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.queries.read_table import ReadTable, TableView, read_table
from tests.harness import Person
from tests.partner_directory.town import DECREE, LAW, TEXT, Host, Town

NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def host(host: Host) -> Iterator[Host]:
    """Its clock goes on in one test alone."""
    now = host.harness.clock.now
    yield host
    host.harness.clock.now = now


async def table_of(reader: Person, held: str = "") -> TableView:
    """As the reader is told it."""
    return await reader.run(read_table, ReadTable(held))


async def test_who_holds_the_present_version_is_told_no_people_again(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator, legal_basis=DECREE)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    told = await table_of(coordinator)
    assert told.version
    assert (told.unchanged, len(told.mandates)) == (False, 2)
    again = await table_of(coordinator, told.version)
    assert (again.unchanged, again.mandates, again.more_before) == (True, (), False)
    assert (again.version, again.mine.may, again.mine.roles) == (told.version, told.mine.may, told.mine.roles)
    assert [basis.code for basis in again.legal_bases] == [basis.code for basis in told.legal_bases] == [LAW]
    assert len((await table_of(coordinator, "1.1.1.1")).mandates) == 2


async def test_the_version_is_of_the_people_and_the_rest_of_the_reader(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator, legal_basis=DECREE)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    held = (await table_of(coordinator)).version
    seen = await table_of(partner, held)
    assert seen.unchanged
    assert (seen.person_id, seen.mine.roles) == (partner.person_id, ("participant",))
    assert [basis.code for basis in seen.legal_bases] == [DECREE]
    assert "plan_session" not in seen.mine.may
    assert "plan_session" in (await table_of(coordinator, held)).mine.may


async def test_the_colour_comes_also_to_who_holds_the_people(host: Host) -> None:
    _, coordinator = await host.town_with_coordinator()
    held = (await table_of(coordinator)).version
    await coordinator.run(change_brand_colour, ChangeBrandColour("#1b6c68"))
    seen = await table_of(coordinator, held)
    assert (seen.unchanged, seen.mine.cell.brand_colour) == (True, "#1b6c68")


async def test_invariant_07_before_the_undertaking_nothing_can_be_held(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    held = (await table_of(coordinator)).version
    seen = await table_of(partner, held)
    assert (seen.version, seen.unchanged, len(seen.mandates)) == ("", False, 1)


Change = Callable[[Town, Person, Person], Awaitable[object]]


async def _named_anew(town: Town, coordinator: Person, partner: Person) -> object:
    again = {"kbo_number": await town.host.organisation("clb"), "first_day": NEW_YEAR}
    return await town.partner(coordinator, email="zoe@held.example", given_name="Zo", **again)


CHANGES: dict[str, Change] = {
    "invited": lambda town, coordinator, partner: town.partner(coordinator),
    "to come": lambda town, coordinator, partner: town.partner(coordinator, first_day=NEW_YEAR),
    "ended": lambda town, coordinator, partner: coordinator.run(end_mandate, EndMandate(partner.mandate_id, 1, "left")),
    "promised": lambda town, coordinator, partner: partner.run(accept_undertaking, AcceptUndertaking(TEXT)),
    "named anew": _named_anew,
}


@pytest.mark.parametrize("change", CHANGES)
async def test_whatever_is_written_of_who_sits_there_gives_another_version(host: Host, change: str) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator, email="zoe@held.example", given_name="Zoë")
    held = await table_of(coordinator)
    await CHANGES[change](town, coordinator, partner)
    seen = await table_of(coordinator, held.version)
    assert not seen.unchanged
    assert shown(seen) != shown(held)
    assert (await table_of(coordinator, seen.version)).unchanged


def shown(table: TableView) -> list[tuple[object, ...]]:
    """What a reader sees of the people."""
    return [
        (mandate.mandate.mandate_id, mandate.given_name, mandate.undertaken, mandate.ended)
        for mandate in table.mandates
    ]


async def test_what_time_alone_brings_about_gives_another_version(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    await town.partner(coordinator, first_day=NEW_YEAR, last_day=date(2027, 1, 31))
    brief = await town.partner(coordinator, last_day=date(2027, 2, 28), email="brief@held.example")
    await brief.run(accept_undertaking, AcceptUndertaking(TEXT))
    held, versions = await table_of(coordinator), set[str]()
    for moment in (
        datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC),
        datetime(2027, 1, 31, 23, tzinfo=UTC), datetime(2027, 2, 28, 23, tzinfo=UTC),
    ):  # fmt: skip
        host.harness.clock.now = moment
        seen = await table_of(coordinator, held.version)
        assert seen.unchanged == (moment < datetime(2026, 12, 31, 23, tzinfo=UTC))
        assert seen.unchanged or shown(seen) != shown(held)
        versions.add(seen.version)
        held = held if seen.unchanged else seen
    assert len(versions) == 4


async def test_invariant_15_who_left_is_told_nothing_with_whatever_version(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    held = (await table_of(partner)).version
    assert (await table_of(partner, held)).unchanged
    await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 2, "left"))
    with pytest.raises(CellNotFound):
        await table_of(partner, held)


async def test_what_is_held_is_recorded_as_what_is_told(host: Host, servers: Servers) -> None:
    town, coordinator = await host.town_with_coordinator()
    leaving = await town.partner(coordinator)
    await coordinator.run(end_mandate, EndMandate(leaving.mandate_id, 1, "left"))
    await town.partner(coordinator, first_day=NEW_YEAR)
    held = (await table_of(coordinator)).version
    assert (await table_of(coordinator, held)).unchanged
    told, again = await _records(servers, town)
    assert (told.action, told.count) == ("read_table", 3)
    for record in (told, again):
        for own in ("record_id", "at", "trace_id"):
            record.ClearField(own)
    assert told == again


async def _records(servers: Servers, town: Town) -> list[audit_pb2.AuditRecord]:
    administrator = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await administrator.fetch(
        "SELECT payload FROM outbox WHERE type = 'audit.record' AND tenant_id = $1", town.cell_id
    )
    await administrator.close()
    records = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in records if record.action == "read_table"]


async def test_proposals_are_counted_for_those_who_may_list_them(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor, partner = await town.sworn(Role.MAYOR), await town.partner(coordinator)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert (await table_of(mayor)).proposals_waiting == 0
    await town.proposed(Role.DPO)
    held = (await table_of(mayor)).version
    waiting = [(await table_of(reader, held)).proposals_waiting for reader in (mayor, coordinator, partner)]
    assert waiting == [1, 1, 0]
