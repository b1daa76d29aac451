"""Two processes at the same terms, one killed (-9): each is done once. With 10,000: `python -m tests.bench.terms`."""

from __future__ import annotations

import asyncio

from deploy.local.servers import Servers
from tests.databases import Migrated
from tests.kit.bells import tower
from tests.kit.ringing_killed import rung_though_killed
from tests.patience import HANGS_AFTER


async def test_one_of_two_is_killed_and_each_is_done_once(servers: Servers, database: Migrated) -> None:
    our = await tower(database)
    async with asyncio.timeout(HANGS_AFTER):
        bells = await rung_though_killed(servers, our, 300, after=20)
    assert sorted(await our.rung()) == sorted(bells)
    assert {await our.state(bell) for bell in bells} == {("done", 0)}
