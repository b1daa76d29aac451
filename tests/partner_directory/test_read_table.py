"""A table as those who sit at it see it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, SecondFactorMissing
from services.kit.policy import EVERYBODY, Role
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.read_table import ReadTable, TableView, read_table
from tests.harness import Cell, Person
from tests.partner_directory.town import DECREE, LAW, TEXT, Host, on_platform
from tests.security.statements import statements_of


def names(table: TableView) -> set[tuple[str, str]]:
    """Who is shown."""
    return {(mandate.given_name, mandate.family_name) for mandate in table.mandates}


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_everybody_of_the_cell_sees_who_sits_there(host: Host, role: Role) -> None:
    town, coordinator = await host.town_with_coordinator(towns=2)
    await town.sworn(Role.MAYOR)
    reader = await town.invited(role)
    await reader.run(accept_undertaking, AcceptUndertaking(TEXT))
    await town.partner(coordinator, given_name="Zoë", family_name="D'Hondt")
    table = await reader.run(read_table, ReadTable())
    assert names(table) == {("Nele", "Claes"), ("Zoë", "D'Hondt")}
    assert (table.person_id, table.undertaking.version) == (reader.person_id, TEXT)
    assert (table.mine.cell.cell_id, table.mine.roles, table.mine.undertaken) == (town.cell_id, (role.value,), True)
    assert [town.nis_code for town in table.mine.towns] == sorted(town.nis_codes)
    moments = [mandate.mandate.mandate_id for mandate in table.mandates]
    assert moments == sorted(moments, reverse=True)


async def test_invariant_07_without_an_undertaking_one_sees_the_own_place_alone(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator, given_name="Zoë", family_name="D'Hondt")
    table = await partner.run(read_table, ReadTable())
    assert (table.mine.undertaken, table.mine.roles) == (False, ("participant",))
    assert [mandate.mandate.mandate_id for mandate in table.mandates] == [partner.mandate_id]
    assert names(table) == {("Zoë", "D'Hondt")}
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert len((await partner.run(read_table, ReadTable())).mandates) == 2


async def test_what_is_over_or_to_come_is_shown_as_not_valid(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    over = await town.partner(coordinator)
    await coordinator.run(end_mandate, EndMandate(over.mandate_id, 1, "left"))
    later = await town.partner(coordinator, first_day=date(2027, 1, 1))
    ended = {
        mandate.mandate.mandate_id: mandate.ended
        for mandate in (await coordinator.run(read_table, ReadTable())).mandates
    }
    assert ended == {coordinator.mandate_id: False, over.mandate_id: True, later.mandate_id: True}


async def test_the_legal_bases_are_those_of_the_own_valid_mandates(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator, legal_basis=DECREE, email="zoe@basis.example")
    again = {"legal_basis": LAW, "email": "zoe@basis.example", "kbo_number": await host.organisation("clb")}
    both = await town.partner(coordinator, **again, first_day=date(2027, 1, 1))
    assert both.person_id == partner.person_id
    assert [legal_basis.code for legal_basis in (await partner.run(read_table, ReadTable())).legal_bases] == [DECREE]
    host.harness.clock.now = datetime(2027, 1, 1, 12, tzinfo=UTC)
    table = await partner.run(read_table, ReadTable())
    assert [legal_basis.code for legal_basis in table.legal_bases] == [DECREE, LAW]
    assert all(
        legal_basis.title_nl and legal_basis.title_fr and legal_basis.title_en for legal_basis in table.legal_bases
    )


async def test_law_is_called_as_on_the_day_in_brussels(host: Host) -> None:
    """The Criminal Code of 2024 takes the place of the old one at midnight, on pages and in what is promised."""
    host.harness.clock.now = datetime(2026, 4, 7, 21, 59, tzinfo=UTC)
    town = await host.town()
    coordinator = await town.sworn(Role.COORDINATOR, first_day=date(2026, 4, 1), last_day=date(2026, 12, 31))
    before = await coordinator.run(read_table, ReadTable())
    assert (before.speaking.code, before.speaking.name_nl) == ("criminal-code-458ter", "artikel 458ter Strafwetboek")
    assert "(artikel 458ter Strafwetboek)" in before.undertaking.nl
    host.harness.clock.advance(minutes=2)
    after = await coordinator.run(read_table, ReadTable(before.version))
    assert after.unchanged
    assert after.speaking.code == "case-consultation"
    assert all(("458ter" in name and "Straf" in name) or "Code" in name for name in after.speaking.names.values())
    for text, name in zip(("nl", "fr", "de", "en"), after.speaking.names.values(), strict=True):
        assert f"({name})" in getattr(after.undertaking, text)
    mine = await on_platform(coordinator).run(list_my_cells, ListMyCells())
    assert mine.undertaking == after.undertaking


async def test_a_second_legal_basis_to_speak_on_the_same_day_is_excluded(servers: Servers, host: Host) -> None:
    second = """
        INSERT INTO legal_basis (code, in_force_from, in_force_to, partner_kinds, regions, allows, title_nl, title_fr,
            title_de, title_en, name_nl, name_fr, name_de, name_en, source, legal_basis_id, version)
        VALUES ('another', $1::date, $2::date, '{}', '{}', '{speak}', '', '', '', '', '', '', '', '', '',
                gen_random_uuid(), 1)"""
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(second, date(2010, 1, 1), date(2017, 8, 2))
        with pytest.raises(asyncpg.ExclusionViolationError):
            await connection.execute(second, date(2017, 8, 3), date(2017, 8, 3))
    finally:
        await transaction.rollback()
        await connection.close()


async def test_invariant_17_who_does_not_sit_there_finds_nothing(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    neighbour, stranger = await host.town_with_coordinator()
    leaving = await town.partner(coordinator)
    assert await leaving.run(read_table, ReadTable())
    await coordinator.run(end_mandate, EndMandate(leaving.mandate_id, 1, "left"))
    nowhere = Cell(host.harness, uuid4(), ())
    for person in (
        stranger.elsewhere(town), leaving, Person(town, uuid4()), coordinator.elsewhere(nowhere),
        on_platform(coordinator),
    ):  # fmt: skip
        with pytest.raises(CellNotFound):
            await person.run(read_table, ReadTable())
    with pytest.raises(CellNotFound):
        await town.as_host(read_table, ReadTable())
    with pytest.raises(CellNotFound):
        await town.as_system(read_table, ReadTable(), "portal.service")
    table = await coordinator.run(read_table, ReadTable())
    assert {mandate.mandate.tenant_id for mandate in table.mandates} == {town.cell_id}
    coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await coordinator.run(read_table, ReadTable())
    assert neighbour.cell_id != town.cell_id


async def test_what_every_page_asks_is_one_statement_beside_the_frames(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(towns=2)
    await town.sworn(Role.MAYOR)
    held = await coordinator.run(read_table, ReadTable())
    for person, handler, asked in (
        (coordinator, read_table, ReadTable(held.version)),
        (on_platform(coordinator), list_my_cells, ListMyCells()),
    ):
        heard = await statements_of(host.harness, partial(person.run, handler, asked))  # type: ignore[arg-type]
        assert len(heard) == 5
        assert all(statement.startswith("driver: ") for statement in heard)
