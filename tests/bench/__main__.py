"""`make bench`: the platform as `make run` runs it, next to the bare limits of this machine in the same run.

RONDETAFEL_BENCH_SECONDS (5) and RONDETAFEL_BENCH_CASES (20000) make it short, to try the bench itself.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import uvloop

from deploy.local.instance import REPOSITORY
from deploy.local.platform import Platform
from tests.bench.acts import Tally, differences, logged
from tests.bench.flanders import create_flanders
from tests.bench.limits import database_limit, grpc_limit, http_limit
from tests.bench.measure import CONNECTIONS, RUNS, SECONDS, measured
from tests.bench.page_measures import details, measure_pages, table_of, weigh_pages
from tests.bench.pages import opened
from tests.bench.report import Measure, measure_of, save, table
from tests.bench.scene import TARGETS, filled, members_of, processor_seconds, requests
from tests.e2e.fresh import fresh_table
from tests.e2e.table import Table
from tests.instances import running_platform

CELLS = 100


async def limits(platform: Platform) -> list[Measure]:
    """What the parts do with nothing on top."""
    found = []
    for connections in CONNECTIONS:
        rates = [await database_limit(platform.postgres, connections, int(max(SECONDS, 2))) for _ in range(RUNS)]
        found.append(Measure("limit: pgbench, same rows", connections, rates, [], []))
        for name, limit in (("limit: FastAPI echo", http_limit), ("limit: grpc.aio echo", grpc_limit)):
            runs = [await limit(connections, SECONDS) for _ in range(RUNS)]
            found.append(measure_of(name, connections, runs))
    for result in found:
        print(result.line(), flush=True)
    return found


async def doors(
    platform: Platform, own: Table, ids: list[UUID], bare: Mapping[int, float], tally: Tally
) -> list[Measure]:
    """Create, list and read at the API."""
    url, found = platform.instance.portal_url, []
    for name in ("create", "list 20", "read"):
        for connections in CONNECTIONS:
            request = requests(url, own, await own["nele"].token(), ids, tally)[name]
            target = TARGETS[name, connections]
            found.append(await measured(name, url, request, connections, target=target, limit=bare[connections]))
    return found


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """CPU seconds by process between two looks."""
    return {name: round(total - before[name], 1) for name, total in after.items()}


async def bench() -> None:
    """Everything, in order; prints as it goes."""
    started, tally = time.monotonic(), Tally()
    async with running_platform() as platform:
        found = await limits(platform)
        bare = {result.connections: result.median for result in found if result.name == "limit: FastAPI echo"}
        async with fresh_table(platform) as own:
            cells, flanders = await create_flanders(platform)
            members = await members_of(own)
            ids = await filled(platform, own, cells[:CELLS], members["nele"])
            pages = await opened(platform, own, members, ids, tally)
            weights = await weigh_pages(platform, own, pages)
            before, looks = await logged(platform, own), [processor_seconds(platform)]
            # Pages first: what is created at the API would all wait on the start page of the coordinator.
            of_pages, times = await measure_pages(platform, own, pages, bare, tally)
            looks.append(processor_seconds(platform))
            found += of_pages + await doors(platform, own, ids, bare, tally)
            looks.append(processor_seconds(platform))
            wrong = differences(tally.acts, before, await logged(platform, own))
    rows = details(times, weights)
    facts = {
        "flanders": flanders, "answers": tally.answers, "acts": tally.acts, "not_logged": wrong, "pages": rows,
        "cpu_seconds": {"pages": spent(*looks[:2]), "api": spent(*looks[1:])}, "at": datetime.now(UTC),
    }  # fmt: skip
    print(f"\n{table(found)}\n\n{table_of(rows)}\n")
    print(f"Flanders: {flanders}\nCPU seconds: {facts['cpu_seconds']}")
    print(f"Answers {tally.answers}, acts {tally.acts.total()}, log entries: {wrong or 'equal'}")
    print(f"Took {(time.monotonic() - started) / 60:.1f} minutes")
    save(REPOSITORY / ".run" / "bench" / "figures.json", found, facts)
    if wrong:
        sys.exit("the log does not hold one entry for each act")


if __name__ == "__main__":
    uvloop.run(bench())
