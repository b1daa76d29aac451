"""The real databases of the services, migrated once for the whole run."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from deploy.local.postgres import database_name
from deploy.local.servers import Servers
from services.kit.database import Database
from services.kit.migrate import migrate
from services.kit.patience import Queries
from tests.patience import HANGS_AFTER

PATIENT = Queries(HANGS_AFTER, HANGS_AFTER, HANGS_AFTER, HANGS_AFTER, HANGS_AFTER, HANGS_AFTER)
"""As long as a test waits for anything; where a service gives up sooner, tests of silence have times of their own."""


class Migrated(Database):
    """A service's database, and a look past its walls: what no working role may read, such as the outbox."""

    def __init__(self, servers: Servers, service: str, *, size: int = 12) -> None:
        super().__init__(servers.postgres.working_urls(service), size=size, patience=PATIENT)
        self._postgres = servers.postgres
        self._name = database_name(service)
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._turn = asyncio.Lock()

    async def unwalled(self, query: str, *values: Any) -> list[asyncpg.Record]:
        """The rows of a question, of all cells, as the superuser."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._postgres.connect(self._name)
        async with self._turn:
            return list(await self._connection.fetch(query, *values))

    async def forget_untold(self) -> None:
        """What tests before this one told nobody counts as told: a relay would try such rows first, batch by batch."""
        await self.unwalled("UPDATE outbox SET published_at = now() WHERE published_at IS NULL")

    async def forget_due(self) -> None:
        """What tests before this one left to fall due counts as done: each would be run by who moves the clock."""
        await self.unwalled("UPDATE term SET state = 'done' WHERE state = 'waiting'")

    async def close(self) -> None:
        """Close all connections, the superuser's too."""
        await super().close()
        if self._connection is not None:
            self._connection.terminate()


async def migrated(servers: Servers, service: str) -> Migrated:
    """The service's database through its working roles, brought to its newest version by its own migrations.

    Commits there do not wait for the disk, which is most of the time of many a test: no test that asks for this lets
    PostgreSQL crash. Those that do, of tests/local and of the platform, have it wait.
    """
    await asyncio.to_thread(migrate, service, servers.postgres.database_url(service, "migrator"))
    connection = await servers.postgres.connect("postgres")
    await connection.execute(f"ALTER DATABASE {database_name(service)} SET synchronous_commit = off")
    await connection.close()
    return Migrated(servers, service)
