"""A load generator that costs little: keep-alive HTTP/1.1 over asyncio streams, requests prepared as bytes.

Each connection sends its next request when the answer is there (closed loop): "8 connections" means 8 people at once.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

Request = Callable[[], bytes]


class BadAnswer(Exception):
    """The server answered something else than success: the figure would be worth nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One run: answers per second and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float
    answers: int


def http_request(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """The bytes of one request."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ", 2)[1])
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    if not 200 <= status < 300:
        raise BadAnswer(f"{status}: {body[:300]!r}")


async def _connection(host: str, port: int, request: Request, until: float, latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        while not latencies or time.perf_counter() < until:
            started = time.perf_counter()
            writer.write(request())
            await _answer(reader)
            latencies.append((time.perf_counter() - started) * 1000)
    finally:
        writer.close()


async def load(url: str, request: Request, connections: int, seconds: float) -> Figures:
    """Run `request` over that many connections for that long, once at least. Raises BadAnswer at the first refusal."""
    parts = urlsplit(url)
    latencies: list[float] = []
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(
                _connection(parts.hostname or "", parts.port or 80, request, started + seconds, latencies)
            )
    elapsed = time.perf_counter() - started
    ordered = sorted(latencies)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return Figures(len(ordered) / elapsed, statistics.median(ordered), p99, len(ordered))
