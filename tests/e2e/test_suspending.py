"""Invariant 15, from door to door: a suspended mandate reads nothing, alone or with all of its organisation."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from deploy.local.platform import Platform
from tests.e2e.bodies import Pen
from tests.e2e.table import Table
from tests.e2e.test_ending import heartbeats, reading, until_read
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
    reads: list[tuple[float, int]] = []
    async with reading(nele, path, reads), heartbeats(platform) as beats:
        await until_read(reads, beats)
        before = beats[-1]
        etag = {"if_match": f'"{mine["version"]}"'} if what == "mandate" else {}
        receipt = await an.post(f"{address}/suspend", {"reason": "inquiry"}, **etag)
        suspended = time.monotonic()
        # The beat that names the new fact, and one more: at the second all have heard the first.
        while len([beat for beat in beats if beat != before]) < 2:
            await asyncio.sleep(0.01)
        settled = time.monotonic()
        assert (await nele.send("GET", path)).status_code == 404
        assert (await an.get(path)).body["signal_id"] == made.body["id"], "the others read on"
    late = [status for began, status in reads if began > settled]
    assert late == [404] * len(late)
    first = next(began for began, status in reads if status == 404)
    print(f"\nThe first refused read began {1000 * (first - suspended):.0f} ms after the suspension of the {what}")
    await an.post(f"{address}/resume", {}, **({"if_match": receipt.etag} if etag else {}))

    async def reads_again() -> bool | None:
        return (await nele.send("GET", path)).status_code == 200 or None

    await until("the case service hears that it counts again", reads_again)
