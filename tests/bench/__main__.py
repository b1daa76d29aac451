"""`make bench`: the platform as `make run` runs it, next to the bare limits of this machine in the same run."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime

import uvloop

from deploy.local.instance import REPOSITORY
from deploy.local.platform import Platform
from tests.bench.flanders import create_flanders
from tests.bench.limits import database_limit, grpc_limit, http_limit
from tests.bench.load import Figures, Request, load
from tests.bench.report import Measure, save, table
from tests.bench.scene import counting, filled, log_size, processor_seconds, requests
from tests.e2e.fresh import fresh_table
from tests.instances import running_platform

RUNS = 3
SECONDS = float(os.environ.get("RONDETAFEL_BENCH_SECONDS", "5"))
CONNECTIONS = (1, 8)
CELLS = 100
TARGETS = {
    ("create", 8): "600/s", ("create", 1): "p50 6 ms", ("list 20", 8): "700/s", ("list 20", 1): "p50 5 ms",
    ("read", 8): "800/s", ("read", 1): "p50 5 ms",
}  # fmt: skip


async def measured(name: str, url: str, request: Request, connections: int, limit: float) -> Measure:
    """Three runs after a warm-up."""
    await load(url, request, connections, min(SECONDS, 2))
    runs: list[Figures] = [await load(url, request, connections, SECONDS) for _ in range(RUNS)]
    rates = [run.per_second for run in runs]
    measure = Measure(
        name, connections, rates, [run.p50 for run in runs], [run.p99 for run in runs],
        TARGETS.get((name, connections), ""), sorted(rates)[1] / limit,
    )  # fmt: skip
    print(measure.line(), flush=True)
    return measure


async def limits(platform: Platform) -> list[Measure]:
    """What the parts do with nothing on top."""
    found = []
    for connections in CONNECTIONS:
        rates = [await database_limit(platform.postgres, connections, int(max(SECONDS, 2))) for _ in range(RUNS)]
        found.append(Measure("limit: pgbench, same rows", connections, rates, [], []))
        for name, limit in (("limit: FastAPI echo", http_limit), ("limit: grpc.aio echo", grpc_limit)):
            runs = [await limit(connections, SECONDS) for _ in range(RUNS)]
            found.append(
                Measure(
                    name,
                    connections,
                    [one.per_second for one in runs],
                    [one.p50 for one in runs],
                    [one.p99 for one in runs],
                )
            )
    for one in found:
        print(one.line(), flush=True)
    return found


async def bench() -> None:
    """Everything, in order; prints as it goes."""
    started = time.monotonic()
    async with running_platform() as platform:
        found = await limits(platform)
        bare = {one.connections: one.median for one in found if one.name == "limit: FastAPI echo"}
        async with fresh_table(platform) as own:
            cells, flanders = await create_flanders(platform)
            ids = await filled(platform, own, cells[:CELLS])
            before, used = await log_size(platform, own.cell), processor_seconds(platform)
            answers = 0
            for name in ("create", "list 20", "read"):
                for connections in CONNECTIONS:
                    token = await own["nele"].token()
                    door = requests(platform.instance.portal_url, own, token, ids)[name]
                    counted, request = counting(door)
                    found.append(
                        await measured(name, platform.instance.portal_url, request, connections, bare[connections])
                    )
                    answers += counted()
            logged = await log_size(platform, own.cell) - before
            spent = {name: total - used[name] for name, total in processor_seconds(platform).items()}
    facts = {"flanders": flanders, "answers": answers, "logged": logged, "cpu_seconds": spent, "at": datetime.now(UTC)}
    print(f"\n{table(found)}\n")
    print(f"Flanders: {flanders}")
    print(f"Answers {answers}, log entries {logged}: {'equal' if answers == logged else 'NOT EQUAL'}")
    print("CPU seconds: " + ", ".join(f"{name} {total:.1f}" for name, total in spent.items()))
    print(f"Took {(time.monotonic() - started) / 60:.1f} minutes")
    save(REPOSITORY / ".run" / "bench" / "figures.json", found, facts)
    if answers != logged:
        sys.exit("the log does not hold one entry for each answer")


if __name__ == "__main__":
    uvloop.run(bench())
