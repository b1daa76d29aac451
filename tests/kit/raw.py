"""A client that sends bytes, and a server with limits of the test before a small application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from services.kit.http import HttpServer
from services.kit.limits import Limits

HELLO = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass
class Echo:
    """Answers with the number of bytes in the body, and remembers which requests it saw."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    held: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        if scope["path"] == "/held":
            await self.held.wait()
        body = b"x" * (8 * 1024 * 1024) if scope["path"] == "/large" else str(size).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@dataclass
class Raw:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *pieces: bytes) -> None:
        """Whatever the server does with it."""
        for piece in pieces:
            self.writer.write(piece)
            try:
                await self.writer.drain()
            except ConnectionError:
                return

    async def head(self) -> bytes:
        """The status line and headers of the next answer."""
        return await self.reader.readuntil(b"\r\n\r\n")

    async def answer(self) -> bytes:
        """Everything until the server ends the connection."""
        whole = b""
        try:
            while piece := await self.reader.read(65_536):
                whole += piece
        except ConnectionError:
            pass
        return whole

    def close(self) -> None:
        """At once."""
        self.writer.close()


@dataclass
class Served:
    """A running server."""

    server: HttpServer
    app: Echo
    opened: list[Raw] = field(default_factory=list)

    async def connect(self) -> Raw:
        """A new connection."""
        raw = Raw(*await asyncio.open_connection("127.0.0.1", self.server.port))
        self.opened.append(raw)
        return raw

    async def ask(self, *pieces: bytes) -> bytes:
        """What comes back on a connection of its own until the server ends it."""
        raw = await self.connect()
        sending = asyncio.create_task(raw.send(*pieces))
        answer = await raw.answer()
        await sending
        return answer


@asynccontextmanager
async def serving(limits: Limits | None = None, app: Any = None) -> AsyncIterator[Served]:
    """A server on a free port."""
    echo = Echo()
    server = HttpServer(app or echo, "127.0.0.1:0", limits)
    running = asyncio.create_task(server.run())
    served = Served(server, echo)
    try:
        yield served
    finally:
        echo.held.set()
        for raw in served.opened:
            raw.close()
        await server.stop()
        await running
