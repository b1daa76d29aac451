"""`python -m tests.bench.frame [ACTS]`: what the frame of an act costs, beside the driver's own bare transaction.

In one process over a real PostgreSQL, one act after the other: an empty act (policy, transaction, record, nothing
between), and those of the three doors. The bare transaction makes the same round trips to the same tables with a row
of the same size, and nothing of ours. Processor milliseconds, for on a busy machine the clock says nothing.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from uuid import UUID

import asyncpg
import psutil
import uvloop

from deploy.local.servers import Servers
from services.case.commands.enter_signal import enter_signal
from services.case.policy import POLICY
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.read_case import ReadCase, read_case
from services.kit.clock import utc_now
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.policy import TABLE, Rule, Verb
from tests.case.story import SIGNAL, Story, story
from tests.databases import Migrated, migrated
from tests.harness import Harness, Person, TestClock
from tests.instances import new_instance

ACTS = 400
CASES = 150
CONTRIBUTIONS = 3
ROUNDS = 20
_RECORD = b"x" * 400
_BARE = (
    "SELECT * FROM begin_act($1, $2, $3, $4, $5, $6, $7)",
    """
WITH producer AS (
    INSERT INTO producer_height AS height (tenant_id, epoch, seq) SELECT $1::uuid, epoch, 1 FROM producer_epoch
    ON CONFLICT (tenant_id, epoch) DO UPDATE SET seq = height.seq + 1 RETURNING epoch, seq)
INSERT INTO outbox (tenant_id, message_id, stream, type, subject, payload, producer_epoch, producer_seq, created_at)
SELECT $1::uuid, $2::uuid, 'audit', 'bare', 'bare', $3::bytea, epoch, seq, $4::timestamptz FROM producer""",
)


@dataclass(frozen=True, slots=True)
class FrameCost:
    """Processor milliseconds of one act: in this process, and in PostgreSQL."""

    name: str
    here: float
    postgres: float

    @property
    def total(self) -> float:
        """Of both."""
        return self.here + self.postgres


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is asked."""


async def do_nothing(work: Work, query: Nothing) -> None:
    """An act of which only the frame is left."""


class Bench:
    """One cell with a reader in the circle of `CASES` cases."""

    def __init__(self, servers: Servers, database: Migrated, acts: int) -> None:
        rule = Rule(Verb.CONSULT, roles=TABLE)
        self._servers, self._database, self._acts = servers, database, acts
        # Every act at its own moment, as when it is served: what is the same for long may be remembered.
        clock = TestClock(utc_now())
        self._harness = Harness("case", database, {**POLICY, do_nothing: rule}, clock)
        self._chance = random.Random(1)

    async def run(self) -> list[FrameCost]:
        """The bare transaction first, then the acts."""
        first = await story(self._harness)
        cases = [await _case(replace(first)) for _ in range(CASES)]
        person = first.prevention
        url = self._servers.postgres.database_url("case", "app").replace("+asyncpg", "")
        async with asyncpg.create_pool(url, min_size=1, max_size=1, reset=_keep) as pool:
            return await self._compared(pool, person, cases)

    async def _compared(self, pool: asyncpg.Pool[asyncpg.Record], person: Person, cases: list[UUID]) -> list[FrameCost]:
        doors: dict[str, Callable[[], Awaitable[object]]] = {
            "bare": lambda: self._bare(pool, person),
            "empty": lambda: person.run(do_nothing, Nothing()),
            "create": lambda: person.run(enter_signal, SIGNAL, idempotency_key=str(new_id())),
            "list 20": lambda: person.run(list_cases, ListCases(20, None, None)),
            "read": lambda: person.run(read_case, ReadCase(self._chance.choice(cases))),
        }
        for act in doors.values():
            await self._round(act)
        # In turns: what else the machine does then makes all of them dearer alike.
        rounds = [[await self._round(act) for act in doors.values()] for _ in range(ROUNDS)]
        return [_cost(name, [row[place] for row in rounds]) for place, name in enumerate(doors)]

    async def _bare(self, pool: asyncpg.Pool[asyncpg.Record], person: Person) -> None:
        now, cell = utc_now(), person.cell.cell_id
        async with pool.acquire() as connection:
            await connection.execute("BEGIN")
            await connection.fetch(_BARE[0], cell, person.person_id, now, None, False, [], None)
            await connection.execute(_BARE[1], cell, new_id(), _RECORD, now)
            await connection.execute("COMMIT")

    async def _round(self, act: Callable[[], Awaitable[object]]) -> tuple[float, float]:
        here, there = time.process_time(), self._postgres_seconds()
        acts = max(1, self._acts // ROUNDS)
        for _ in range(acts):
            self._harness.clock.now = utc_now()
            await act()
        spent = time.process_time() - here, self._postgres_seconds() - there
        return spent[0] * 1000 / acts, spent[1] * 1000 / acts

    def _postgres_seconds(self) -> float:
        """Of the processes it has; to the nanosecond, for other figures of Linux count in hundredths of a second."""
        server = psutil.Process(self._servers.postgres.process.pid)
        pids = [process.pid for process in (server, *server.children(recursive=True))]
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e9


async def _case(one: Story) -> UUID:
    """A listed case with contributions of the reader."""
    await one.list()
    for _ in range(CONTRIBUTIONS):
        await one.share(one.prevention)
    return one.case_id


def _cost(name: str, rounds: list[tuple[float, float]]) -> FrameCost:
    """The median of the rounds."""
    cost = FrameCost(name, median(here for here, _ in rounds), median(there for _, there in rounds))
    print(f"{name:10} {cost.here:6.3f} ms here {cost.postgres:6.3f} ms PostgreSQL {cost.total:6.3f} ms", flush=True)
    return cost


async def _keep(connection: object) -> None:
    """Nothing is reset: each transaction says all it needs."""


async def costs(acts: int = ACTS) -> list[FrameCost]:
    """With a PostgreSQL of its own, which is gone afterwards."""
    with new_instance() as instance:
        servers = Servers(instance)
        await servers.start()
        database = await migrated(servers, "case")
        try:
            return await Bench(servers, database, acts).run()
        finally:
            await database.close()
            await asyncio.shield(servers.stop())


def told(found: list[FrameCost]) -> str:
    """How the empty act stands to the bare transaction."""
    bare, empty = (next(cost for cost in found if cost.name == name) for name in ("bare", "empty"))
    return f"An empty act costs {empty.total / bare.total:.2f} times the bare transaction"


if __name__ == "__main__":
    print(told(uvloop.run(costs(int(sys.argv[1]) if len(sys.argv) > 1 else ACTS))))
