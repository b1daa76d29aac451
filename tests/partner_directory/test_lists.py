"""What people and services are told: the own cells, who sits in a cell, one person's mandates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.kit.errors import CellNotFound, RoleMissing, RondetafelError, SecondFactorMissing, UndertakingMissing
from services.kit.policy import Role
from services.partner_directory.queries.get_mandates import GetMandates, get_mandates
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from tests.harness import Cell, Person
from tests.partner_directory.town import TEXT, Host, on_platform

PAGE = ListMandates(50, None)


async def test_a_person_sees_the_own_tables_and_no_others(host: Host) -> None:
    first, second, third = await host.town(), await host.town(towns=2), await host.town()
    person = await first.sworn(Role.MAYOR, email="an@lijst.example")
    await second.sworn(Role.COORDINATOR)
    await second.invited(Role.PREVENTION_OFFICER, email="an@lijst.example")
    await second.invited(Role.DPO, email="an@lijst.example")
    await third.sworn(Role.MAYOR)
    view = await on_platform(person).run(list_my_cells, ListMyCells())
    assert (view.undertaking.version, view.host) == (TEXT, False)
    assert [cell.cell.name for cell in view.cells] == sorted(cell.cell.name for cell in view.cells)
    found = {cell.cell.cell_id: cell for cell in view.cells}
    assert set(found) == {first.cell_id, second.cell_id}
    assert (found[first.cell_id].roles, found[first.cell_id].undertaken) == (("mayor",), True)
    assert (found[second.cell_id].roles, found[second.cell_id].undertaken) == (("dpo", "prevention_officer"), False)
    assert [town.nis_code for town in found[second.cell_id].towns] == sorted(second.nis_codes)


async def test_who_sits_nowhere_gets_an_empty_list(host: Host) -> None:
    nobody = Person(Cell(host.harness, uuid4(), ()), uuid4())
    assert (await on_platform(nobody).run(list_my_cells, ListMyCells())).cells == ()
    nobody.acr = 1
    with pytest.raises(SecondFactorMissing):
        await on_platform(nobody).run(list_my_cells, ListMyCells())


async def test_the_own_tables_are_asked_on_the_platform(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    assert await on_platform(coordinator).run(list_my_cells, ListMyCells())
    for cell in (town, Cell(host.harness, uuid4(), ())):
        with pytest.raises(CellNotFound):
            await coordinator.elsewhere(cell).run(list_my_cells, ListMyCells())


async def test_invariant_25_a_table_shows_from_the_first_to_the_last_day(host: Host) -> None:
    town = await host.town()
    days = {"first_day": date(2027, 3, 28), "last_day": date(2027, 10, 31)}
    person = on_platform(await town.invited(Role.MAYOR, **days))
    shown = {}
    for moment in ("2027-03-27T22:59", "2027-03-27T23:00", "2027-10-31T22:59", "2027-10-31T23:00"):
        host.harness.clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        shown[moment] = len((await person.run(list_my_cells, ListMyCells())).cells)
    assert list(shown.values()) == [0, 1, 1, 0]


async def test_those_in_the_cell_see_who_sits_there(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    neighbour, stranger = await host.town_with_coordinator()
    partner = await town.partner(coordinator, given_name="Zoë", family_name="D'Hondt")
    overseer = await town.sworn(Role.OVERSIGHT)
    for reader in (coordinator, overseer):
        page = await reader.run(list_mandates, PAGE)
        assert page.next_cursor is None
        (mine,) = [mandate for mandate in page.mandates if mandate.mandate.mandate_id == partner.mandate_id]
        assert (mine.given_name, mine.family_name, mine.organisation.kind) == ("Zoë", "D'Hondt", "caw")
        assert (mine.mandate.last_day, mine.undertaken) == (date(2027, 11, 23), False)
    with pytest.raises(UndertakingMissing):
        await partner.run(list_mandates, PAGE)
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(town).run(list_mandates, PAGE)
    seen = {mandate.mandate.tenant_id for mandate in (await stranger.run(list_mandates, PAGE)).mandates}
    assert seen == {neighbour.cell_id}


async def test_the_host_sees_mandates_without_names(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    page = await town.as_host(list_mandates, PAGE)
    (one,) = page.mandates
    assert (one.mandate.mandate_id, one.mandate.version) == (coordinator.mandate_id, 2)
    assert (one.given_name, one.family_name) == ("", "")
    with pytest.raises(CellNotFound):
        await host.run(list_mandates, PAGE, uuid4())


async def test_pages_follow_each_other_newest_first(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    invited = [await town.partner(coordinator) for _ in range(4)]
    expected = [mandate.mandate_id for mandate in reversed([coordinator, *invited])]
    found, cursor = [], None
    while True:
        page = await coordinator.run(list_mandates, ListMandates(2, cursor))
        found += [mandate.mandate.mandate_id for mandate in page.mandates]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == expected


async def test_services_are_told_one_persons_mandates(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    for service in ("case", "meeting", "audit", "portal"):
        view = await town.as_system(get_mandates, GetMandates(coordinator.person_id), f"{service}.service")
        (mandate,) = view.mandates
        assert (mandate.mandate_id, mandate.role) == (coordinator.mandate_id, "coordinator")
        assert mandate.undertaken_until is not None
        assert mandate.fact_version <= view.fact_version
    with pytest.raises(CellNotFound):
        await town.as_system(get_mandates, GetMandates(coordinator.person_id), "cli.service")
    with pytest.raises(RoleMissing):
        await coordinator.run(get_mandates, GetMandates(coordinator.person_id))
    with pytest.raises(CellNotFound):
        await town.as_host(get_mandates, GetMandates(coordinator.person_id))


async def test_invariant_17_no_mandate_and_no_such_cell_look_the_same(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    nowhere = Cell(host.harness, uuid4(), ())
    answers = []
    for cell, person_id in ((town, uuid4()), (nowhere, coordinator.person_id)):
        with pytest.raises(RondetafelError) as refused:
            await cell.as_system(get_mandates, GetMandates(person_id), "case.service")
        answers.append((refused.value.code, str(refused.value), refused.value.field))
    assert answers[0] == answers[1]
    assert await town.as_system(get_mandates, GetMandates(coordinator.person_id), "case.service")
