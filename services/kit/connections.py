"""One connection of the HTTP door, within the limits (kit/limits.py).

uvicorn with httptools bounds nothing. `Bounded` stands between: it gives the parser no more bytes than a head may
have, and ends a connection that is late. tests/kit/test_connections.py holds it against the installed uvicorn.
"""

from __future__ import annotations

import asyncio
import enum
import http
import ipaddress
from collections import Counter
from typing import Any, NoReturn

import prometheus_client
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from services.kit.errors import RondetafelError, TooManyRequests, Unavailable
from services.kit.limits import (
    HeadTooLarge,
    Limits,
    RequestMalformed,
    RequestTooLarge,
    RequestTooSlow,
    TargetTooLong,
    network_of,
    room_for,
)
from services.kit.problems import problem_of

REFUSED = prometheus_client.Counter(
    "rondetafel_http_refused_total", "Connections ended before a request was whole, by code", ["code"]
)


class Phase(enum.Enum):
    """Where a connection is: between requests, in a request's head, in its body."""

    IDLE = enum.auto()
    HEAD = enum.auto()
    BODY = enum.auto()


class Door:
    """Counts the connections there are."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._most = room_for(limits.connections)
        self._all = 0
        self._by_network: Counter[str] = Counter()

    def enter(self, host: str) -> str:
        """One more from this host; the answer is for `leave`. Raises TooManyRequests, or Unavailable for all."""
        network = network_of(host)
        if self._all >= self._most:
            raise Unavailable(retry_after=10)
        if self._by_network[network] >= self.limits.per_address and not self._is_proxy(host):
            raise TooManyRequests(retry_after=10)
        self._all += 1
        self._by_network[network] += 1
        return network

    def leave(self, network: str) -> None:
        """One less."""
        self._all -= 1
        self._by_network[network] -= 1
        if not self._by_network[network]:
            del self._by_network[network]

    def __len__(self) -> int:
        """How many there are."""
        return self._all

    def _is_proxy(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self.limits.proxies)


class Config(uvicorn.Config):
    """uvicorn's, with the door."""

    door: Door


class Bounded(HttpToolsProtocol):
    """One connection within the limits. What is refused is answered with a problem document and ended."""

    config: Config

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = config.door.limits
        self._network: str | None = None
        self._phase = Phase.IDLE
        self._received = self._head = self._cookies = 0
        self._fault: RondetafelError | None = None
        self._ended = False
        self._deadline: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refused at once when there are too many; else the first request is awaited for as long as a head may take."""
        super().connection_made(transport)
        try:
            self._network = self.config.door.enter(self.client[0] if self.client else "")
        except RondetafelError as error:
            self._ended = True
            transport.write(_bytes_of(error))
            transport.close()
            return
        self._expect(self._limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """No timer outlives its connection."""
        if self._network is not None:
            self.config.door.leave(self._network)
            self._network = None
        self._expect(None)
        self._cancel_stuck()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """The parser gets a head in pieces that are never larger than what a head may still have."""
        while data and not self._ended and not self.transport.is_closing():
            if self._phase is Phase.IDLE:
                self._begin()
            room = self._limits.head_bytes + 1 - self._received if self._phase is Phase.HEAD else len(data)
            piece, data = data[:room], data[room:]
            self._received += len(piece)
            super().data_received(piece)
            if self._phase is Phase.HEAD and self._received > self._limits.head_bytes:
                self._refuse(HeadTooLarge(expected=f"at most {self._limits.head_bytes} bytes"))
            elif self._received > self._limits.message_bytes:
                self._refuse(RequestTooLarge())

    def on_message_begin(self) -> None:
        """A head begins."""
        if self._phase is Phase.IDLE:
            self._begin()
        self._head = self._cookies = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """The address, or a piece of it."""
        super().on_url(url)
        if len(self.url) > self._limits.target_bytes:
            self._stop(TargetTooLong(expected=f"at most {self._limits.target_bytes} bytes"))

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header. Those after a body (trailers) are refused: they would come too late for every guard."""
        if self._phase is not Phase.HEAD:
            self._stop(RequestMalformed())
        self._head += len(name) + len(value) + 4
        if len(self.headers) >= self._limits.headers or self._head + len(self.url) > self._limits.head_bytes:
            self._stop(HeadTooLarge(expected=f"at most {self._limits.headers} headers"))
        if name.lower() == b"cookie":
            cookies = value.split(b";")
            self._cookies += len(cookies)
            if self._cookies > self._limits.cookies or max(map(len, cookies)) > self._limits.cookie_bytes:
                self._stop(HeadTooLarge(field="Cookie", expected=f"at most {self._limits.cookies} cookies"))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The rest of the request has its own time."""
        self._phase = Phase.BODY
        self._expect(self._limits.message_seconds)
        super().on_headers_complete()
        if len(self.pipeline) > self._limits.pipelined:
            self._stop(RequestMalformed())

    def on_message_complete(self) -> None:
        """The request is whole; its answer may take what it takes."""
        self._phase, self._received = Phase.IDLE, 0
        self._expect(None)
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not read what it asked for."""
        super().pause_writing()
        self._cancel_stuck()
        self._stuck = self.loop.call_later(self._limits.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It does."""
        self._cancel_stuck()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """uvicorn's way out when the parser gave up, or a limit made it give up."""
        self._refuse(self._fault or RequestMalformed())

    def _begin(self) -> None:
        self._phase, self._received = Phase.HEAD, 0
        self._expect(self._limits.head_seconds)

    def _stop(self, fault: RondetafelError) -> NoReturn:
        """Out of a callback of the parser; it ends in send_400_response."""
        self._fault = fault
        raise fault

    def _expect(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if self._ended:
            self.transport.abort()
        elif self._phase is Phase.IDLE:
            self.transport.close()
        else:
            self._refuse(RequestTooSlow())

    def _refuse(self, error: RondetafelError) -> None:
        """Answer and end. The client may go on sending for a moment: a reset would take the answer from it."""
        if self._ended:
            return
        self._ended = True
        if self.cycle is not None and not self.cycle.response_complete:
            REFUSED.labels(error.code).inc()
            self.transport.abort()
            return
        self.transport.write(_bytes_of(error))
        self.transport.write_eof()
        self._expect(self._limits.linger_seconds)

    def _cancel_stuck(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


def _bytes_of(error: RondetafelError) -> bytes:
    REFUSED.labels(error.code).inc()
    answer = problem_of(error).response()
    status = f"HTTP/1.1 {answer.status_code} {http.HTTPStatus(answer.status_code).phrase}".encode()
    ours = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"connection", b"close")]
    headers = [pair for pair in answer.raw_headers if pair[0] != b"connection"] + ours
    lines = [status, *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + bytes(answer.body)
