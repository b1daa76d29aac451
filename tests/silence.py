"""A way to a neighbour that may fall silent: what goes over it gets lost, and neither end is told.

So does a network box that forgot its connections: those there are stay open and carry nothing, new ones work.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from deploy.local.ports import LOOPBACK

WAIT_SECONDS = 20
"""Ends a test that failed; none waits that long."""


@dataclass(eq=False, slots=True)
class _Line:
    """One connection: what is lost of what the caller says, and of what it is told; whether anybody reads it."""

    writers: list[asyncio.StreamWriter]
    heard: bool = True
    answered: bool = True
    read: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Way:
    """A relay before one port. `target` is where clients go.

    `made` counts the connections of clients, `ended` those the other side ended, `said` what clients said, in pieces.
    """

    host: str
    port: int
    target: str = ""
    made: int = 0
    ended: int = 0
    said: int = 0
    hanging: bool = False
    """Whether connections made from now on carry nothing either."""
    _lines: list[_Line] = field(default_factory=list)
    _at: tuple[bytes, bool] | None = None

    def forget_at(self, word: bytes, *, heard: bool) -> None:
        """As `forget`, as soon as a client says this; `heard`: that word still arrives."""
        self._at = word, heard

    def forget(self, *, heard: bool = False, deaf: bool = False) -> None:
        """The connections there are carry nothing from now on.

        `heard`: what the caller says still arrives, only the answers are lost. `deaf`: nobody reads it either.
        """
        for line in self._lines:
            line.heard, line.answered = heard, False
            if deaf:
                line.read.clear()

    async def until_made(self, count: int) -> None:
        """Wait for the client to have made so many connections."""
        async with asyncio.timeout(WAIT_SECONDS):
            while self.made < count:
                await asyncio.sleep(0.01)

    async def until_ended(self, count: int) -> None:
        """Wait for the other side to have ended so many."""
        async with asyncio.timeout(WAIT_SECONDS):
            while self.ended < count:
                await asyncio.sleep(0.01)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, to its end."""
        self.made += 1
        there, back = await asyncio.open_connection(self.host, self.port)
        line = _Line([writer, back])
        line.read.set()
        if self.hanging:
            line.heard = line.answered = False
        self._lines.append(line)
        await asyncio.gather(self._say(line, reader, back), self._answer(line, there, writer))

    async def _say(self, line: _Line, caller: asyncio.StreamReader, there: asyncio.StreamWriter) -> None:
        async for data in _read(line, caller):
            self.said += 1
            if self._at is not None and self._at[0] in data:
                self.forget(heard=self._at[1])
                self._at = None
            if line.heard:
                there.write(data)
        # A farewell is lost too.
        if line.heard:
            there.close()

    async def _answer(self, line: _Line, there: asyncio.StreamReader, caller: asyncio.StreamWriter) -> None:
        async for data in _read(line, there):
            if line.answered:
                caller.write(data)
        self.ended += 1
        if line.answered:
            caller.close()

    def close(self) -> None:
        """End everything."""
        for line in self._lines:
            line.read.set()
            for writer in line.writers:
                writer.transport.abort()


async def _read(line: _Line, source: asyncio.StreamReader) -> AsyncIterator[bytes]:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            await line.read.wait()
            yield data


@asynccontextmanager
async def way_to(port: int, host: str = LOOPBACK) -> AsyncIterator[Way]:
    """A way to what listens there."""
    way = Way(host, port)
    server = await asyncio.start_server(way.carry, LOOPBACK, 0)
    way.target = f"{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    try:
        yield way
    finally:
        server.close()
        way.close()
        await server.wait_closed()
