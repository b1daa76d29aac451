"""Two processes ring so many bells, one is killed (-9) on the way."""

from __future__ import annotations

import asyncio
from uuid import UUID

from deploy.local.servers import Servers
from tests.kit.bells import Tower
from tests.kit.ringing import ringer

DONE = "SELECT count(*) AS count FROM term WHERE tenant_id = $1 AND state = 'done'"


async def rung_though_killed(servers: Servers, tower: Tower, count: int, *, after: int) -> list[UUID]:
    """Add `count` bells that are due; kill one process when `after` have rung. Those added, when the other ended."""
    bells = await tower.add(count)
    ringers = [await ringer(servers, tower) for _ in range(2)]
    try:
        for each in ringers:
            each.begin()
        done = 0
        while done < after:
            await asyncio.sleep(0.01)
            ((done,),) = await tower.harness.database.unwalled(DONE, tower.cell.cell_id)
        ringers[0].kill()
        assert done < count, "it was killed in the middle"
        await ringers[0].ended()
        assert await ringers[1].ended() == 0
    finally:
        for each in ringers:
            if each.process.returncode is None:
                each.kill()
    return bells
