"""What a handler asks of its database: every statement, by the ORM and by the driver, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event

from services.kit.database import Database
from tests.harness import Harness


class Ear:
    """Subscription all statements of one database's pools."""

    def __init__(self, database: Database) -> None:
        self._engines = list(database._engines.values())
        self.heard: list[str] = []

    def _by_the_orm(self, connection: object, cursor: object, statement: str, *more: object) -> None:
        self.heard.append(f"orm: {statement}")

    def _by_the_driver(self, record: Any) -> None:
        self.heard.append(f"driver: {record.query}")

    def _connected(self, connection: Any, record: object) -> None:
        connection.driver_connection.add_query_logger(self._by_the_driver)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """From here on; the pools begin anew, so that every connection is heard."""
        for engine in self._engines:
            await engine.dispose()
            event.listen(engine.sync_engine, "before_cursor_execute", self._by_the_orm)
            event.listen(engine.sync_engine, "connect", self._connected)
        try:
            yield
        finally:
            for engine in self._engines:
                event.remove(engine.sync_engine, "before_cursor_execute", self._by_the_orm)
                event.remove(engine.sync_engine, "connect", self._connected)
                await engine.dispose()

    def take(self) -> list[str]:
        """What was heard since the last time."""
        heard, self.heard = self.heard, []
        return heard


@asynccontextmanager
async def statements(harness: Harness) -> AsyncIterator[list[str]]:
    """What is asked of the database meanwhile, by SQLAlchemy and by the driver, on connections that are new."""
    ear = Ear(harness.database)
    async with ear.listening():
        yield ear.heard
        # The driver tells what it was asked in the next turn of the loop.
        await asyncio.sleep(0)


async def statements_of(harness: Harness, act: Callable[[], Awaitable[object]]) -> list[str]:
    """What an act asks with its frame (BEGIN, who acts, the record, COMMIT), on a connection that knows its types."""
    async with statements(harness) as heard:
        await act()
        await asyncio.sleep(0)
        heard.clear()
        await act()
    return heard
