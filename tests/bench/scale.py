"""`make bench scale=10000`: what acts cost beside 10, 1,000, 10,000 cells, and how long a start takes with all of that.

Filled by COPY, sealed by the product's own vault, and kept below .run/bench/scale for later runs: 10,000 cells are five
million rows in the case and meeting services, some 8 GB and, once, an hour or more. What was filled is not emptied
again, so the figures of smaller steps are those kept from when they were measured.

The directory knows the cells in which somebody acts: it gives each town one cell, and there are no 10,000 towns.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from deploy.local import open_place
from deploy.local.instance import REPOSITORY, Instance
from deploy.local.platform import Platform
from deploy.local.ports import Ports
from deploy.local.process import StartFailed
from services.kit.ids import new_id
from tests.bench.acts import Connection, Log, Tally
from tests.bench.costs import costs
from tests.bench.figures import Figure, Figures, Taken, keep, load, of_costs, taken_at
from tests.bench.fill import Filler, Member
from tests.bench.measure import RUNS, SECONDS
from tests.bench.processor import Bystanders
from tests.bench.scene import FEW, arranged
from tests.bench.sessions import tell
from tests.e2e.fresh import fresh_table
from tests.instances import CALM, PORTS, UNHURRIED, handed_over

STEPS = (10, 1_000, 10_000)
ROOT = REPOSITORY / ".run" / "bench" / "scale"
KEPT = ROOT / "figures.json"
CASES_OF_EACH = 25
"""Twenty rows each: 13 in the case service, seven in the meeting service."""
BYTES_OF_EACH = 1_000_000
"""On disk, with the write-ahead log and some room: a cell of that many cases."""
TOLD_EVERY = 100
NIS_CODE = "23088"
START = "start with data"
LIMIT = 1.15
"""Times what it was in the first step, at most."""

_FILLED = "CREATE TABLE IF NOT EXISTS bench_filled (tenant_id uuid PRIMARY KEY)"


async def scale(cells: int) -> dict[str, Taken]:
    """Fill and measure, step by step, up to so many cells. Raises StartFailed when the disk has no room for them."""
    with Bystanders() as others:
        async with _kept_platform() as platform:
            steps = [step for step in STEPS if step <= cells]
            for step in steps:
                if await _filled(platform) <= step:
                    await _fill(platform, step)
                    figures = await _measured(platform, step)
                    keep(_kind(step), Taken(figures, {"cells": step}), KEPT)
    at = taken_at(others.busy, RUNS, SECONDS, cells * CASES_OF_EACH)
    return {kind: Taken(taken.figures, at) for kind, taken in load(KEPT).items()}


def _kind(step: int) -> str:
    return f"{step} cells"


@asynccontextmanager
async def _kept_platform() -> AsyncIterator[Platform]:
    """The platform of earlier runs with its data, or a new one; stopped afterwards, its data stay."""
    ROOT.mkdir(parents=True, exist_ok=True)
    open_place.open_to_pass(ROOT)
    # Its towns stay taken from run to run.
    os.environ[CALM] = str(ROOT)
    if not (ROOT / PORTS).exists():
        (ROOT / PORTS).write_text(json.dumps(asdict(Ports.free())))
    instance: Instance = handed_over(ROOT)
    with instance.locked():
        platform = Platform(instance, extra=UNHURRIED)
        try:
            await platform.start()
            yield platform
        finally:
            await platform.stop()


async def _filled(platform: Platform) -> int:
    connection = await platform.postgres.connect("rondetafel_case")
    await connection.execute(_FILLED)
    number: int = await connection.fetchval("SELECT count(*) FROM bench_filled")
    await connection.close()
    return number


async def _fill(platform: Platform, step: int) -> None:
    """Up to so many cells; one that was cut off is not there."""
    done = await _filled(platform)
    _check_space(platform.instance.root, step - done)
    case, meeting = [await platform.postgres.connect(f"rondetafel_{name}") for name in ("case", "meeting")]
    for number in range(done, step):
        await _fill_one(platform, case, meeting)
        if (number + 1) % TOLD_EVERY == 0:
            print(f"{number + 1} of {step} cells filled", flush=True)
    for connection in (case, meeting):
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


async def _fill_one(platform: Platform, case: Connection, meeting: Connection) -> None:
    cell, insider = uuid4(), Member(new_id(), new_id())
    filler = Filler(case, platform.instance.secrets.root_key("case"))
    async with case.transaction(), meeting.transaction():
        await case.execute("INSERT INTO bench_filled VALUES ($1)", cell)
        await filler.fill(cell, NIS_CODE, CASES_OF_EACH, insider)
        await tell(case, meeting, cell)


def _check_space(root: Path, cells: int) -> None:
    free = shutil.disk_usage(root).free
    if free < cells * BYTES_OF_EACH:
        raise StartFailed(f"{cells} cells need {cells * BYTES_OF_EACH / 1e9:.0f} GB, and {free / 1e9:.0f} GB are free.")


async def _measured(platform: Platform, step: int) -> Figures:
    """Each act beside so many cells, by people of a new one with as many cases as ever; then how long a start takes."""
    print(f"Beside {step} cells:", flush=True)
    tally = Tally()
    async with fresh_table(platform) as table:
        scene = await arranged(platform, table, FEW, tally)
        async with Log.of(platform, [table]) as log:
            found = await costs(platform, [scene], log, tally)
    await platform.stop()
    started = time.monotonic()
    await platform.start()
    return of_costs(found) | {START: Figure("s", (time.monotonic() - started,))}


def table_of(kinds: Mapping[str, Taken]) -> str:
    """A line for each figure: what it was at each step, and how many times the first step's it is now."""
    steps = [step for step in STEPS if _kind(step) in kinds]
    first, *_, last = [kinds[_kind(step)].figures for step in (steps[0], *steps)]
    lines = [f"{'figure':44}" + "".join(f"{step:>12,}" for step in steps) + f"{'times':>8}"]
    for name in first:
        values = [kinds[_kind(step)].figures[name].median for step in steps]
        times = last[name].median / first[name].median if first[name].median else 1.0
        more = " more than 1.15" if first[name].unit == "ms" and name.endswith("together") and times > LIMIT else ""
        lines.append(f"{name:44}" + "".join(f"{value:12.2f}" for value in values) + f"{times:8.2f}{more}")
    return "\n".join(lines)
