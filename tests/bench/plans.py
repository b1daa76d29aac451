"""What the hot statements cost under row security, by how many circles their reader is in.

`.venv/bin/python -m tests.bench.plans` prints the table of docs/performance.md, "Plans under row security"; with the
name of a handler, such as `list_cases`, the plans themselves too.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import event

from deploy.local.servers import Servers
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.policy import POLICY
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.list_signals import ListSignals, list_signals
from services.case.queries.list_waiting import ListWaiting, list_waiting
from services.case.queries.read_case import ReadCase, read_case
from services.kit.execute import Work
from tests.bench.filled_towns import Town, fill_towns
from tests.case.story import Story, story_in
from tests.databases import Migrated, migrated
from tests.harness import Harness, Person
from tests.instances import new_instance

CIRCLES = {"24001": 20, "24002": 150, "24003": 3000}
"""How many cases each town has, and its people are in."""
ELSEWHERE = ("24004", 3000)
"""A town of the same cell whose cases nobody asks for."""
REPEATS, ENOUGH = 200, 0.15
"""A statement is timed so often, or until it has used so many seconds."""
LOOKS = 4
"""The least of so many counts: the first, and one after the tables were made known anew, also read the catalogue."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement as PostgreSQL did it: pages looked at, and its processor's time in milliseconds, if it was taken."""

    query: str
    buffers: int
    tree: Mapping[str, Any]
    processor: float = 0


async def towns(harness: Harness, administrator: asyncpg.Connection[asyncpg.Record]) -> dict[int, Town]:
    """One cell with the towns, by how many cases each has. In each wait as many things; the rest runs or is over."""
    cell = await harness.cell(*CIRCLES, ELSEWHERE[0])
    found = {cases: await _town(await story_in(cell, name)) for name, cases in CIRCLES.items()}
    elsewhere = await _town(await story_in(cell, ELSEWHERE[0]))
    await fill_towns(administrator, [*found.items(), (ELSEWHERE[1], elsewhere)])
    return found


async def _town(our: Story) -> Town:
    """What waits is made by the product itself: a draft, an action, sessions to come, a signal, a proposal."""
    await our.list()
    participant = await our.invite(nis_codes=(our.town,))
    await our.share(our.police)
    await our.write(participant)
    case_id = our.case_id
    action = replace(our.decision().actions[0], owner_id=participant.person_id)
    await our.decide(our.decision(review_on=our.today + timedelta(days=7), actions=(action,)))
    for _ in range(3):
        await our.enter()
        await our.list()
        await our.coordinator.run(invite_to_circle, our.invitation(participant))
        await our.plan(days=1)
    await our.enter()
    await our.propose()
    await our.enter()
    return Town(our, participant, case_id)


HOT: Mapping[str, tuple[Callable[[Work, Any], Awaitable[Any]], Callable[[Town], Any]]] = {
    "list_cases, 20": (list_cases, lambda town: ListCases(20, None, None)),
    "list_signals, 20": (list_signals, lambda town: ListSignals(20, None)),
    "list_waiting": (list_waiting, lambda town: ListWaiting()),
    "read_case": (read_case, lambda town: ReadCase(town.case_id)),
}
PEOPLE: Mapping[str, Callable[[Town], Person]] = {
    "participant": lambda town: town.participant,
    "police": lambda town: town.story.police,
    "coordinator": lambda town: town.story.coordinator,
    "mayor": lambda town: town.story.mayor,
}


async def plans_of(harness: Harness, reader: Person, handler: Any, asked: Any, *, timed: bool = False) -> list[Plan]:
    """The questions of one act, each done again in its own transaction, with the plan that serves every caller."""
    found: list[Plan] = []

    @functools.wraps(handler)
    async def explained(work: Work, query: Any) -> None:
        raw = work.transaction.raw
        async with _heard(work) as heard:
            await handler(work, query)
        for statement, values in heard:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                found.append(await _plan(raw, statement, values, timed=timed))

    executor = Harness(
        harness.service, harness.database, {**harness.policy, explained: harness.policy[handler]}
    ).executor
    await executor.run(reader.principal, explained, asked)
    return found


@asynccontextmanager
async def _heard(work: Work) -> AsyncIterator[list[tuple[str, Sequence[Any]]]]:
    """What a handler asks from here on, by the ORM and by the driver."""
    heard: list[tuple[str, Sequence[Any]]] = []

    def by_the_driver(record: Any) -> None:
        heard.append((record.query, record.args))

    def by_the_orm(connection: object, cursor: object, statement: str, values: Any, *more: object) -> None:
        heard.append((statement, values))

    connection = (await work.session.connection()).sync_connection
    work.transaction.raw.add_query_logger(by_the_driver)
    event.listen(connection, "before_cursor_execute", by_the_orm)
    try:
        yield heard
        # The driver tells what it was asked in the next turn of the loop.
        await asyncio.sleep(0)
    finally:
        event.remove(connection, "before_cursor_execute", by_the_orm)
        work.transaction.raw.remove_query_logger(by_the_driver)


async def _plan(raw: asyncpg.Connection[Any], query: str, values: Sequence[Any], *, timed: bool) -> Plan:
    given = f"({', '.join(map(_literal, values))})" if values else ""
    await raw.execute(f"PREPARE hot AS {query}")
    trees = []
    for _ in range(LOOKS):
        explained = await raw.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE hot{given}")
        found = json.loads(explained) if isinstance(explained, str) else explained
        trees.append(found[0]["Plan"])
    await raw.execute("DEALLOCATE hot")
    tree = min(trees, key=_buffers)
    processor = await _processor(raw, query, values) if timed else 0
    return Plan(query, _buffers(tree), tree, processor)


def _buffers(node: Mapping[str, Any]) -> int:
    hit, read = node["Shared Hit Blocks"], node["Shared Read Blocks"]
    assert isinstance(hit, int)
    assert isinstance(read, int)
    return hit + read


async def _processor(raw: asyncpg.Connection[Any], query: str, values: Sequence[Any]) -> float:
    server = Path(f"/proc/{await raw.fetchval('SELECT pg_backend_pid()')}/stat")

    def used() -> float:
        user, system = server.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / _TICKS

    prepared = await raw.prepare(query)
    await prepared.fetch(*values)
    begun, times = used(), 0
    while times < REPEATS and used() - begun < ENOUGH:
        await prepared.fetch(*values)
        times += 1
    return (used() - begun) / times * 1000


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value)
        case list():
            return f"'{{{', '.join(map(str, value))}}}'"
        case UUID() | str() | datetime() | date():
            quoted = str(value).replace("'", "''")
            return f"'{quoted}'"
    raise TypeError(type(value))


async def _measured(database: Migrated, administrator: asyncpg.Connection[asyncpg.Record]) -> None:
    harness = Harness("case", database, POLICY)
    scene = await towns(harness, administrator)
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    for name, (handler, asks) in HOT.items():
        if only and handler.__name__ != only:
            continue
        for who, of in PEOPLE.items():
            cells = []
            for town in scene.values():
                plans = await plans_of(harness, of(town), handler, asks(town), timed=True)
                cells.append(f"{sum(p.buffers for p in plans)}; {sum(p.processor for p in plans):.2f} ms")
            print(f"| {name} | {who} | {' | '.join(cells)} |", flush=True)
            if only:
                for plan in plans:
                    print(plan.query)
                    _print_tree(plan.tree)


def _print_tree(node: Mapping[str, Any], depth: int = 0) -> None:
    what = " ".join(
        str(node[key])
        for key in ("Parent Relationship", "Subplan Name", "Node Type", "Index Name", "Relation Name", "CTE Name")
        if key in node
    )
    print(f"{'  ' * depth}{what}: {_buffers(node)} pages, {node['Actual Rows']} rows x {node['Actual Loops']}",
        *(f"[{node[key]}]" for key in ("Index Cond", "Filter") if key in node))  # fmt: skip
    for child in node.get("Plans", ()):
        _print_tree(child, depth + 1)


async def _main() -> None:
    with new_instance() as instance:
        servers = Servers(instance)
        await servers.start()
        try:
            database = await migrated(servers, "case")
            administrator = await servers.postgres.connect("rondetafel_case")
            await _measured(database, administrator)
            await database.close()
            administrator.terminate()
        finally:
            await servers.stop()


if __name__ == "__main__":
    asyncio.run(_main())
