"""What the answers should have left in the log, and what is there: the two must be equal, act by act."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeAlias
from uuid import UUID

import asyncpg

from deploy.local.platform import Platform
from deploy.local.ports import SERVICES
from services.kit.principal import PLATFORM
from tests.bench.load import Request
from tests.e2e.table import Table

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

LOGGED_SECONDS = 300
READ_ON = frozenset({"list_cases", "list_signals"})
"""Of these a page asks for the next part until it has all it shows: how often hangs on who looks at how much."""

_UNSENT = """
SELECT EXISTS (SELECT FROM outbox WHERE tenant_id = ANY ($1::uuid[]) AND (stream = 'audit' OR published_at IS NULL))"""
_ACTION = "convert_from(leaf, 'UTF8')::json ->> 'action'"
_ENTRIES = f"SELECT {_ACTION} AS action, count(*) FROM entry WHERE tenant_id = ANY ($1::uuid[]) GROUP BY 1"


class Tally:
    """Counts the acts of every request that is sent; all are answered, or the load would have failed."""

    def __init__(self) -> None:
        self.answers = 0
        self.acts: Counter[str] = Counter()

    def count(self, acts: Iterable[str]) -> None:
        """One answer that leaves these acts in the log."""
        self.answers += 1
        self.acts.update(acts)

    def counted(self, request: Request, acts: Iterable[str]) -> Request:
        """The same request, counted whenever it is sent."""
        left = tuple(acts)

        def sent() -> bytes:
            self.count(left)
            return request()

        return sent


class Log:
    """The log of some tenants, and what is on its way there. Connections are kept: asking again costs little."""

    def __init__(self, connections: Mapping[str, Connection], tenants: Sequence[UUID]) -> None:
        self._connections = connections
        self._tenants = list(tenants)

    @classmethod
    @asynccontextmanager
    async def of(cls, platform: Platform, tables: Iterable[Table]) -> AsyncIterator[Log]:
        """Of the cells of these tables, and of the platform."""
        tenants = [UUID(cell) for table in tables for cell in (table.cell, table.neighbour)]
        async with AsyncExitStack() as opened:
            connections = {}
            for service in SERVICES:
                connections[service] = await platform.postgres.connect(f"rondetafel_{service}")
                opened.push_async_callback(connections[service].close)
            yield cls(connections, [*tenants, PLATFORM])

    async def settled(self) -> None:
        """Wait until nothing waits to be logged, or to be told to others."""
        async with asyncio.timeout(LOGGED_SECONDS):
            for connection in self._connections.values():
                while await connection.fetchval(_UNSENT, self._tenants):
                    await asyncio.sleep(0.1)

    async def entries(self) -> Counter[str]:
        """By action, once all of them are there."""
        await self.settled()
        found = await self._connections["audit"].fetch(_ENTRIES, self._tenants)
        return Counter({row["action"]: row["count"] for row in found})


def differences(expected: Counter[str], before: Counter[str], after: Counter[str]) -> dict[str, str]:
    """Actions of which the log holds more or fewer entries than there were acts; of lists that are read on, fewer."""
    found = {action: after[action] - before[action] for action in expected}
    return {
        action: f"{found[action]} entries of {number} acts"
        for action, number in expected.items()
        if found[action] < number or (found[action] > number and action not in READ_ON)
    }
