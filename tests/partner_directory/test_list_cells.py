"""The host's cells from outside, and the colour of their pages."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from services.kit.errors import CellNotFound, RoleMissing, UndertakingMissing
from services.kit.policy import Role
from services.partner_directory.commands.cell.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.queries.list_cells import CellPage, ListCells, list_cells
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from tests.harness import Cell
from tests.partner_directory.town import UNUSED, Host, on_platform, present


async def all_pages(host: Host, size: int) -> list[CellPage]:
    """Every page, one after the other."""
    pages = [await host.run(list_cells, ListCells(size, None))]
    while (cursor := pages[-1].next_cursor) is not None:
        pages.append(await host.run(list_cells, ListCells(size, cursor)))
    return pages


async def test_pages_follow_each_other_newest_first_and_count_alike(host: Host) -> None:
    made = [await host.town(towns) for towns in (1, 2, 1)]
    pages = await all_pages(host, 2)
    found = [view.cell.cell_id for page in pages for view in page.cells]
    assert found[:3] == [town.cell_id for town in reversed(made)]
    assert found == sorted(found, reverse=True)
    assert {page.cells_total for page in pages} == {len(found)}
    assert [town.nis_code for town in pages[0].cells[1].towns] == sorted(made[1].nis_codes)
    taken = {town.nis_code for page in pages for view in page.cells for town in view.towns}
    flemish = set(present("flanders"))
    assert {(page.towns_with_cell, page.towns_total) for page in pages} == {(len(taken & flemish), len(flemish))}


async def test_only_the_host_lists_its_cells(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    with pytest.raises(RoleMissing):
        await coordinator.run(list_cells, ListCells(1, None))
    with pytest.raises(CellNotFound):
        await on_platform(coordinator).run(list_cells, ListCells(1, None))
    for cell_id in (town.cell_id, uuid4()):
        with pytest.raises(CellNotFound):
            await host.run(list_cells, ListCells(1, None), cell_id)
    assert await host.run(list_cells, ListCells(1, None))


async def parse_colour(host: Host, cell_id: UUID) -> str:
    """What the host's list says."""
    views = [view for page in await all_pages(host, 50) for view in page.cells]
    return next(view.cell.brand_colour for view in views if view.cell.cell_id == cell_id)


async def test_a_cell_begins_with_a_colour_or_that_of_the_house(host: Host) -> None:
    plain = await host.run(create_cell, CreateCell((next(UNUSED["flanders"]),), ""))
    tinted = await host.run(create_cell, CreateCell((next(UNUSED["flanders"]),), "", "#1b6c68"))
    assert (await parse_colour(host, plain.id), await parse_colour(host, tinted.id)) == ("", "#1b6c68")


async def test_coordinator_and_host_change_the_colour(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    neighbour = await host.town()
    receipt = await coordinator.run(change_brand_colour, ChangeBrandColour("#7a2230"))
    assert (receipt.id, receipt.state) == (town.cell_id, "SETTING_UP")
    (mine,) = (await on_platform(coordinator).run(list_my_cells, ListMyCells())).cells
    assert mine.cell.brand_colour == "#7a2230"
    await town.as_host(change_brand_colour, ChangeBrandColour(""))
    assert (await parse_colour(host, town.cell_id), await parse_colour(host, neighbour.cell_id)) == ("", "")


async def test_nobody_else_changes_it(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    _, stranger = await host.town_with_coordinator()
    command = ChangeBrandColour("#7a2230")
    for role in (Role.MAYOR, Role.DPO, Role.OVERSIGHT):
        with pytest.raises(RoleMissing):
            await (await town.sworn(role)).run(change_brand_colour, command)
    with pytest.raises(UndertakingMissing):
        await (await town.invited(Role.COORDINATOR)).run(change_brand_colour, command)
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(town).run(change_brand_colour, command)
    nowhere = Cell(host.harness, uuid4(), ())
    with pytest.raises(CellNotFound):
        await coordinator.elsewhere(nowhere).run(change_brand_colour, command)
    with pytest.raises(CellNotFound):
        await host.run(change_brand_colour, command, nowhere.cell_id)
    with pytest.raises(CellNotFound):
        await host.run(change_brand_colour, command)
    assert await coordinator.run(change_brand_colour, command)
