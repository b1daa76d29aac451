"""Just enough of a web server for a partner of a test: one request for each connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to it."""

    body: bytes = b""
    kind: str = "text/html"
    status: str = "200 OK"
    headers: Mapping[str, str] = field(default_factory=dict)


class Site(Protocol):
    """What answers."""

    at: str

    def answer(self, asked: Asked) -> Told:
        """To one request."""


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[None]:
    """It answers at a port of this machine, and knows which."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.split("\r\n")
            sent = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = (await reader.readexactly(int(sent.get("content-length", "0")))).decode()
            target = urlsplit(first.split()[1])
            told = site.answer(Asked(target.path, dict(parse_qsl(target.query)), dict(parse_qsl(body))))
            known = {"content-type": told.kind, "content-length": str(len(told.body)), "connection": "close"}
            headers = "".join(f"{name}: {value}\r\n" for name, value in (known | dict(told.headers)).items())
            writer.write(f"HTTP/1.1 {told.status}\r\n{headers}\r\n".encode() + told.body)
            await writer.drain()
        finally:
            writer.close()

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        site.at = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield
