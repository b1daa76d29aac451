"""Cells: opening one, and all that keeps the host from it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound, IdempotencyKeyReused, RoleMissing
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.errors import CellExists, MunicipalityMerged, UnknownMunicipality
from services.partner_directory.queries.list_municipalities import ListMunicipalities, list_municipalities
from tests.partner_directory.town import UNUSED, Host, on_platform


async def test_the_host_opens_a_cell_and_all_are_told(host: Host, servers: Servers) -> None:
    towns = (next(UNUSED["flanders"]), next(UNUSED["flanders"]))
    receipt = await host.run(create_cell, CreateCell(towns, "Kanaal"))
    assert (receipt.state, receipt.version) == ("SETTING_UP", 1)
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    row = await connection.fetchrow("SELECT name, state FROM cell WHERE cell_id = $1", receipt.id)
    known = await connection.fetchval("SELECT count(*) FROM known_cell WHERE cell_id = $1", receipt.id)
    payloads = await connection.fetch("SELECT tenant_id, payload FROM outbox WHERE type = 'cell.created'")
    await connection.close()
    assert tuple(row) == ("Kanaal", "SETTING_UP")
    assert known == 1
    told = {pb.CellCreated.FromString(payload["payload"]).cell_id: payload for payload in payloads}[str(receipt.id)]
    assert told["tenant_id"] == PLATFORM
    assert tuple(pb.CellCreated.FromString(told["payload"]).nis_codes) == towns


async def test_a_cell_is_named_as_its_first_town_in_the_towns_language(host: Host, servers: Servers) -> None:
    namur = await host.run(create_cell, CreateCell(("92094",), ""))
    gent = await host.run(create_cell, CreateCell(("44021", "44013"), ""))
    amel = await host.run(create_cell, CreateCell(("63001",), ""))
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    names = {
        row["cell_id"]: row["name"]
        for row in await connection.fetch(
            "SELECT cell_id, name FROM cell WHERE cell_id = ANY($1)", [namur.id, gent.id, amel.id]
        )
    }
    await connection.close()
    assert names == {namur.id: "Namur", gent.id: "Gent", amel.id: "Amel"}


async def test_a_town_has_one_cell(host: Host) -> None:
    first, second = next(UNUSED["flanders"]), next(UNUSED["flanders"])
    await host.run(create_cell, CreateCell((first,), ""))
    with pytest.raises(CellExists) as refused:
        await host.run(create_cell, CreateCell((second, first), ""))
    assert refused.value.field == "nis_codes"
    assert first in (refused.value.expected or "")
    assert await host.run(create_cell, CreateCell((second,), "")), "the refused cell took nothing"


async def test_two_at_once_for_crossing_towns_make_one_cell(host: Host) -> None:
    first, second = next(UNUSED["wallonia"]), next(UNUSED["wallonia"])
    answers = await asyncio.gather(
        host.run(create_cell, CreateCell((first, second), "")),
        host.run(create_cell, CreateCell((second, first), "")),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["CellExists", "Receipt"]


async def test_towns_that_are_not_there(host: Host) -> None:
    with pytest.raises(UnknownMunicipality) as unknown:
        await host.run(create_cell, CreateCell(("99999",), ""))
    assert unknown.value.field == "nis_codes"
    with pytest.raises(MunicipalityMerged) as merged:
        await host.run(create_cell, CreateCell(("23023",), ""))
    assert "23106" in (merged.value.expected or "")


async def test_invariant_25_a_merger_counts_from_its_first_day_in_brussels(host: Host) -> None:
    host.harness.clock.now = datetime(2024, 12, 31, 22, 59, tzinfo=UTC)
    with pytest.raises(UnknownMunicipality):
        await host.run(create_cell, CreateCell(("46030",), ""))
    host.harness.clock.now = datetime(2024, 12, 31, 23, 0, tzinfo=UTC)
    with pytest.raises(MunicipalityMerged):
        await host.run(create_cell, CreateCell(("46013",), ""))
    assert await host.run(create_cell, CreateCell(("46030",), ""))


async def test_only_the_host_and_only_on_the_platform(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = CreateCell((next(UNUSED["flanders"]),), "")
    with pytest.raises(RoleMissing):
        await coordinator.run(create_cell, command)
    with pytest.raises(CellNotFound):
        await on_platform(coordinator).run(create_cell, command)
    for cell_id in (town.cell_id, uuid4()):
        with pytest.raises(CellNotFound):
            await host.run(create_cell, command, cell_id)
    assert await host.run(create_cell, command)


async def test_a_repeat_answers_the_same_cell(host: Host) -> None:
    command = CreateCell((next(UNUSED["flanders"]),), "")
    key = uuid4().hex
    first = await host.run(create_cell, command, key=key)
    assert await host.run(create_cell, command, key=key) == first
    with pytest.raises(IdempotencyKeyReused):
        await host.run(create_cell, CreateCell((next(UNUSED["flanders"]),), ""), key=key)


async def test_the_regions_have_their_present_municipalities(host: Host) -> None:
    counts = {}
    for region in ("flanders", "wallonia", "brussels"):
        towns = await host.run(list_municipalities, ListMunicipalities(region))
        counts[region] = len(towns)
        assert all(town.region == region for town in towns)
    assert counts == {"flanders": 285, "wallonia": 261, "brussels": 19}
    flemish = {town.nis_code for town in await host.run(list_municipalities, ListMunicipalities("flanders"))}
    assert "46030" in flemish
    assert "46013" not in flemish


async def test_only_the_host_lists_municipalities(host: Host) -> None:
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR)
    assert await host.run(list_municipalities, ListMunicipalities("brussels"))
    with pytest.raises(CellNotFound):
        await on_platform(mayor).run(list_municipalities, ListMunicipalities("brussels"))
    with pytest.raises(CellNotFound):
        await host.run(list_municipalities, ListMunicipalities("brussels"), town.cell_id)
