"""Invariant 15, from door to door: a suspended mandate reads nothing, alone or with all of its organisation."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from deploy.local.caller import Caller
from deploy.local.demo import seeder
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from tests.e2e.bodies import Pen
from tests.e2e.reading import reading
from tests.e2e.table import Table
from tests.e2e.waiting import until


async def mandate_of(table: Table, name: str) -> dict[str, Any]:
    """As the coordinator sees it."""
    mandates = (await table["an"].get(table.path("mandates"), page_size=50)).body["mandates"]
    found: dict[str, Any] = next(mandate for mandate in mandates if mandate["given_name"] == name)
    return found


@pytest.mark.parametrize("what", ["mandate", "organisation"])
async def test_invariant_15_a_read_is_refused_while_it_is_suspended(
    platform: Platform, table: Table, what: str
) -> None:
    nele, an = table["nele"], table["an"]
    made = await nele.post(table.path("signals"), Pen().signal(table.nis_code))
    path = table.path(f"signals/{made.body['id']}")
    mine = await mandate_of(table, "Nele")
    address = table.path(f"{what}s/{mine[f'{what}_id']}")
    async with reading(platform, nele, path) as reader:
        etag = {"if_match": f'"{mine["version"]}"'} if what == "mandate" else {}
        receipt = await an.post(f"{address}/suspend", {"reason": "inquiry"}, **etag)
        await reader.is_refused()
        assert (await an.get(path)).body["signal_id"] == made.body["id"], "the others read on"
    reader.check(f"the suspension of the {what}")
    await an.post(f"{address}/resume", {}, **({"if_match": receipt.etag} if etag else {}))

    async def reads_again() -> bool | None:
        return (await nele.send("GET", path)).status_code == 200 or None

    await until("the case service hears that it counts again", reads_again)


async def test_invariant_15_nobody_of_a_suspended_cell_reads_and_all_do_once_it_is_resumed(
    platform: Platform, table: Table
) -> None:
    nele, an = table["nele"], table["an"]
    made = await nele.post(table.path("signals"), Pen().signal(table.nis_code))
    path = table.path(f"signals/{made.body['id']}")
    doors = (path, table.path("table"), table.path("mandates"), table.path("cases"), table.path("sessions"))
    async with host_of(platform) as host, reading(platform, nele, path) as reader:
        assert [(await an.send("GET", door)).status_code for door in doors] == [200] * len(doors)
        await host.post(f"/host-cells/{table.cell}/suspend", {"reason": "incident"})
        await reader.is_refused()
        assert [(await an.send("GET", door)).status_code for door in doors] == [404] * len(doors)
        told = (await an.get("/me")).body["suspended"]
        assert [cell["cell_id"] for cell in told] == [table.cell]
    reader.check("the suspension of the cell")
    async with host_of(platform) as host:
        await host.post(f"/host-cells/{table.cell}/resume", {})

    async def reads_again() -> bool | None:
        return [(await an.send("GET", door)).status_code for door in doors] == [200] * len(doors) or None

    await until("all services hear that it goes on", reads_again)


@asynccontextmanager
async def host_of(platform: Platform) -> AsyncIterator[Caller]:
    """The host at the API."""
    progress = Progress(platform.instance.root / f"host-{secrets.token_hex(4)}.json")
    async with seeder(platform, progress) as town_hall:
        yield town_hall.host
