"""`make bench peers=1`: the same three acts by the bare skeleton, in the same run, and how much more ours cost."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.platform import Platform
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.postgres import Postgres
from tests.bench.costs import Cost, at_rest, cost_of
from tests.bench.fill import CONTRIBUTIONS, PERSON, SEATS, TEXT
from tests.bench.limits import answering
from tests.bench.load import Request, http_request
from tests.bench.measure import CASES
from tests.bench.processor import LOAD, processor_seconds, tree_seconds
from tests.bench.scene import MANY
from tests.bench.skeleton import Base
from tests.e2e.bodies import Pen

DATABASE = "bench_skeleton"


async def peers(platform: Platform) -> list[Cost]:
    """The skeleton's three acts for somebody in as many circles as the larger of our scenes."""
    found = []
    await provision(platform.postgres)
    cell, person, ids = await filled(platform.postgres, CASES, MANY)
    async with served(platform.postgres) as (url, pid):

        def look() -> Mapping[str, float]:
            ours = processor_seconds(platform)
            return {"skeleton": tree_seconds(pid), "postgres": ours["postgres"], LOAD: ours[LOAD]}

        resting = await at_rest(look, _nothing_follows)
        for name, request in acts(url, cell, person, ids).items():
            found.append(await cost_of(name, MANY, url, request, look, _nothing_follows, resting))
    return found


async def _nothing_follows() -> None:
    """The skeleton does all of its work before it answers."""


async def provision(postgres: Postgres) -> None:
    """A database of the skeleton's own, empty."""
    administrator = await postgres.connect("postgres")
    await administrator.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
    await administrator.execute(f"CREATE DATABASE {DATABASE} OWNER case_app")
    await administrator.close()
    engine = create_async_engine(_url(postgres))
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()


def _url(postgres: Postgres) -> str:
    return postgres.database_url("case", "app").replace("rondetafel_case", DATABASE)


async def filled(postgres: Postgres, number: int, mine: int) -> tuple[UUID, UUID, list[UUID]]:
    """So many cases, as in our own databases; a cell, somebody in the circle of each of its cases, and their ids."""
    cell, person = uuid4(), uuid4()
    ids = [uuid4() for _ in range(mine)]
    cases = [(case_id, cell) for case_id in ids] + [(uuid4(), uuid4()) for _ in range(number - mine)]
    rows = {
        "case": [(case_id, of, f"23-{number}", "FOLLOW_UP", str(PERSON)) for number, (case_id, of) in enumerate(cases)],
        "circle_entry": [
            (case_id, who)
            for case_id, of in cases
            for who in [person if of == cell else uuid4(), *(uuid4() for _ in SEATS)]
        ],
        "contribution": [(uuid4(), case_id, person, TEXT) for case_id, _ in cases for _ in range(CONTRIBUTIONS)],
    }
    connection = await postgres.connect(DATABASE)
    for table, records in rows.items():
        await connection.copy_records_to_table(table, records=records)
    await connection.execute("ANALYZE")
    await connection.close()
    return cell, person, ids


@asynccontextmanager
async def served(postgres: Postgres) -> AsyncIterator[tuple[str, int]]:
    """The address, and the process."""
    port = Ports.free().portal
    command = [sys.executable, "-m", "tests.bench.skeleton", str(port), _url(postgres)]
    process = await asyncio.create_subprocess_exec(*command)
    try:
        await answering(port)
        yield f"http://{LOOPBACK}:{port}", process.pid
    finally:
        process.terminate()
        await process.wait()


def acts(url: str, cell: UUID, person: UUID, ids: Sequence[UUID]) -> dict[str, Request]:
    """The three of them, by the names that ours have."""
    headers, chance = {"X-Person": str(person)}, random.Random(1)
    base, signal = f"{url}/cells/{cell}", json.dumps(Pen().signal("23088")).encode()
    page, entered = (
        http_request("GET", f"{base}/cases", headers),
        http_request("POST", f"{base}/signals", headers, signal),
    )
    return {
        "list 20": lambda: page,
        "read": lambda: http_request("GET", f"{base}/cases/{chance.choice(ids)}", headers),
        "create": lambda: entered,
    }


HEAD = f"{'act':9} {'ours ms':>9} {'bare ms':>9} {'times':>6} {'ours /s':>9} {'bare /s':>9} {'times':>6}"


def beside(ours: Sequence[Cost], bare: Sequence[Cost]) -> str:
    """A line an act: processor milliseconds and answers a second of both, and how many times the bare one's."""
    lines = [HEAD]
    for other in bare:
        own = next(cost for cost in ours if (cost.name, cost.circles) == (other.name, other.circles))
        spent, bare_spent = own.median_together, other.median_together
        rate, bare_rate = own.median_rate, other.median_rate
        lines.append(
            f"{other.name:9} {spent:9.2f} {bare_spent:9.2f} {spent / bare_spent:6.1f} {rate:9.0f} {bare_rate:9.0f} "
            f"{rate / bare_rate:6.2f}"
        )
    return "\n".join(lines)
