"""`python -m tests.bench.terms [COUNT]`: 10,000 terms due at once, two processes, one killed (-9) on the way.

Each is done once, or this ends by an error. On a busy machine the seconds say little.
"""

from __future__ import annotations

import asyncio
import sys
import time

from deploy.local.servers import Servers
from tests.databases import migrated
from tests.instances import new_instance
from tests.kit.bells import tower
from tests.kit.ringing_killed import rung_though_killed

COUNT = 10_000


async def measure(servers: Servers, count: int) -> float:
    """Seconds from the first of them to the last."""
    await servers.start()
    database = await migrated(servers, "case")
    try:
        our, began = await tower(database), time.monotonic()
        bells = await rung_though_killed(servers, our, count, after=count // 4)
        seconds = time.monotonic() - began
        assert sorted(await our.rung()) == sorted(bells)
    finally:
        await database.close()
        await servers.stop()
    return seconds


if __name__ == "__main__":
    count = int(sys.argv[1]) if sys.argv[1:] else COUNT
    with new_instance() as instance:
        seconds = asyncio.run(measure(Servers(instance), count))
    print(f"{count:,} terms, each done once, in {seconds:.0f} s")
