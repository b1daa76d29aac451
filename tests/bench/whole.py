"""The whole bench of eight minutes: limits, pages, what acts cost, the doors of the API."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from deploy.local.platform import Platform
from tests.bench import frame
from tests.bench.acts import Log, Tally, differences
from tests.bench.costs import costs
from tests.bench.flanders import create_flanders
from tests.bench.idle import REST_SECONDS, idle
from tests.bench.limits import database_limit, grpc_limit, http_limit
from tests.bench.measure import CASES, CONNECTIONS, RUNS, SHORT_SECONDS, measured
from tests.bench.page_measures import details, measure_pages, weigh_pages
from tests.bench.peers import peers
from tests.bench.report import Measure, measure_of
from tests.bench.results import Results
from tests.bench.scene import FEW, MANY, TARGETS, Scene, arranged, filled, members_of
from tests.e2e.fresh import fresh_table
from tests.instances import running_platform

CELLS = 100
IDLE_SECONDS = 20


async def limits(platform: Platform) -> list[Measure]:
    """What the parts do with nothing on top."""
    found = []
    for connections in CONNECTIONS:
        rates = [await database_limit(platform.postgres, connections, int(max(SHORT_SECONDS, 2))) for _ in range(RUNS)]
        found.append(Measure("limit: pgbench, same rows", connections, rates, [], []))
        for name, limit in (("limit: FastAPI echo", http_limit), ("limit: grpc.aio echo", grpc_limit)):
            runs = [await limit(connections, SHORT_SECONDS) for _ in range(RUNS)]
            found.append(measure_of(name, connections, runs))
    for result in found:
        print(result.line(), flush=True)
    return found


async def doors(platform: Platform, scene: Scene, bare: Mapping[int, float], tally: Tally) -> list[Measure]:
    """Create, list and read at the API, one after the other; many at once are measured with what they cost."""
    url, found = platform.instance.portal_url, []
    for name, request in (await scene.doors(url, tally)).items():
        found.append(await measured(name, url, request, 1, target=TARGETS[name, 1], limit=bare[1]))
    return found


async def bench(*, with_peers: bool, workers: int) -> Results:
    """Everything, in order; prints as it goes."""
    tally, of_frame = Tally(), await frame.costs()
    async with running_platform(workers=workers) as platform:
        await asyncio.sleep(REST_SECONDS)
        at_rest = await idle(platform, IDLE_SECONDS)
        found = await limits(platform)
        bare = {result.connections: result.median for result in found if result.name == "limit: FastAPI echo"}
        async with fresh_table(platform) as few, fresh_table(platform) as many:
            cells, flanders = await create_flanders(platform)
            await filled(platform, dict(cells[:CELLS]), (CASES - MANY) // CELLS, (await members_of(many))["nele"])
            scenes = [await arranged(platform, few, FEW, tally), await arranged(platform, many, MANY, tally)]
            weights = await weigh_pages(platform, scenes[-1])
            async with Log.of(platform, (few, many)) as log:
                before = await log.entries()
                # Pages first: what is created at the API would all wait on the start page of the coordinator.
                of_pages, times = await measure_pages(platform, scenes[-1], bare, tally)
                spent = await costs(platform, scenes, log, tally)
                found += of_pages + await doors(platform, scenes[-1], bare, tally)
                wrong = differences(tally.acts, before, await log.entries())
        bare_costs = await peers(platform) if with_peers else []
    print(f"Answers {tally.answers}, acts {tally.acts.total()}, log entries: {wrong or 'equal'}")
    return Results(found, spent, details(times, weights), flanders, wrong, bare_costs, of_frame, at_rest)
