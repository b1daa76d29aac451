"""The HTTP door: guards as pure ASGI, and the server.

Guards are plain ASGI because starlette's BaseHTTPMiddleware costs four fifths of the throughput.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
import time
from collections.abc import Iterator, Mapping

import uvicorn
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit import telemetry
from services.kit.connections import Bounded, Config, Door
from services.kit.errors import Invalid, RondetafelError
from services.kit.fields import parse_number
from services.kit.limits import Limits
from services.kit.problems import INTERNAL, problem_of

logger = logging.getLogger(__name__)

Headers = list[tuple[bytes, bytes]]

MAX_BODY_BYTES = 1024 * 1024
MAX_BODY_SECONDS = 30

REQUESTS = Counter("rondetafel_http_requests_total", "Requests by route and status", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "rondetafel_http_request_seconds", "Duration of requests", ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip


class BodyTooLarge(Invalid):
    """The body is larger than one mebibyte."""


class BodyTooSlow(Invalid):
    """The body did not arrive in time."""


class ContentTypeUnsupported(Invalid):
    """The body is not sent as application/json."""


def header_of(scope: Scope, name: bytes) -> str | None:
    """The first header of that (lower case) name."""
    headers: Headers = scope["headers"]
    return next((value.decode("latin-1") for key, value in headers if key == name), None)


class Traced:
    """Outermost: span and RED metrics by route, and the header X-Trace-Id on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request in a trace of its own; one that the caller sent is linked to it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method: str = scope["method"]
        status, started = 500, time.perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if trace_id := telemetry.trace_id():
                    message["headers"] = [*message["headers"], (b"x-trace-id", trace_id.encode())]
            await send(message)

        stranger = header_of(scope, b"traceparent")
        with telemetry.span(method, SpanKind.SERVER, stranger=stranger, method=method) as span:
            try:
                await self._app(scope, receive, note)
            finally:
                route = getattr(scope.get("route"), "path", "none")
                span.update_name(f"{method} {route}")
                span.set_attributes({"route": route, "status": str(status)})
                REQUESTS.labels(method, route, str(status)).inc()
                REQUEST_SECONDS.labels(method, route).observe(time.perf_counter() - started)


class Caught:
    """Turns errors of inner guards and of the app into problems; the text of an untyped one stays here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the app when it raised before it answered."""
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, note)
        except RondetafelError as error:
            if begun:
                raise
            await problem_of(error).response()(scope, receive, send)
        except Exception:
            logger.exception("internal error in a request")
            if not begun:
                await INTERNAL.response()(scope, receive, send)


class SecurityHeaders:
    """The same protective headers on every answer; HSTS where the address is https.

    `forms_to` is the one other origin a form may lead to (the sign-in service). An answer that says itself how long it
    may be kept (an asset addressed by its content) is left that, and has no need of what guards a page; everything else
    is not kept.
    """

    def __init__(self, app: ASGIApp, *, https: bool, forms_to: str = "") -> None:
        self._app = app
        own = "; ".join(f"{kind}-src 'self'" for kind in ("style", "script", "img", "font", "connect"))
        forms = f"'self' {forms_to}".strip()
        policy = f"default-src 'none'; {own}; form-action {forms}; base-uri 'none'"
        every = {"x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin"}
        if https:
            every["strict-transport-security"] = "max-age=63072000; includeSubDomains"
        page = {
            "content-security-policy": f"{policy}; frame-ancestors 'none'",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }
        self._page = _encoded(every | page)
        # Opened by itself it may do nothing: a picture can hold a script.
        self._kept = _encoded(every | {"content-security-policy": "default-src 'none'; frame-ancestors 'none'"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message["headers"]
                stored = [value for name, value in said if name == b"cache-control"]
                ours = self._kept if stored and b"no-store" not in stored[0] else self._page
                message["headers"] = [*said, *ours, *([] if stored else [(b"cache-control", b"no-store")])]
            await send(message)

        await self._app(scope, receive, guarded)


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class BodyLimit:
    """Takes in the whole body, at most one mebibyte in 30 seconds, before anything reads it.

    `larger`: of paths that match, so many bytes.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int = MAX_BODY_BYTES, seconds: float = MAX_BODY_SECONDS,
        larger: tuple[re.Pattern[str], int] | None = None,
    ) -> None:  # fmt: skip
        self._app = app
        self._limit = limit
        self._seconds = seconds
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises BodyTooLarge by the announced length, or as soon as more arrives than allowed."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        limit = self._larger[1] if self._larger and self._larger[0].fullmatch(scope["path"]) else self._limit
        announced = parse_number(header_of(scope, b"content-length") or "0")
        if announced is None or announced > limit:
            raise BodyTooLarge(field="body", expected=f"at most {limit} bytes")
        try:
            async with asyncio.timeout(self._seconds):
                whole: Message | None = await self._whole(receive, limit)
        except TimeoutError:
            raise BodyTooSlow(field="body", expected=f"within {self._seconds} seconds") from None

        async def replay() -> Message:
            nonlocal whole
            message, whole = whole, None
            return message if message is not None else await receive()

        await self._app(scope, replay, send)

    async def _whole(self, receive: Receive, limit: int) -> Message:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return message
            body += message.get("body", b"")
            if len(body) > limit:
                raise BodyTooLarge(field="body", expected=f"at most {limit} bytes")
            if not message.get("more_body", False):
                return {"type": "http.request", "body": bytes(body), "more_body": False}


class JsonOnly:
    """Refuses bodies of another type than JSON below a path."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises ContentTypeUnsupported when there is a body and it is not announced as JSON."""
        if scope["type"] == "http" and scope["path"].startswith(self._prefix) and _has_body(scope):
            kind = (header_of(scope, b"content-type") or "").partition(";")[0].strip().lower()
            if kind != "application/json":
                raise ContentTypeUnsupported(field="Content-Type", expected="application/json")
        await self._app(scope, receive, send)


def _has_body(scope: Scope) -> bool:
    return header_of(scope, b"transfer-encoding") is not None or header_of(scope, b"content-length") not in (None, "0")


class HttpServer:
    """uvicorn without its signal handling (kit/run.py owns the signals), with bounded connections.

    Binds at construction: a port in use fails, unless all who use it say that it is `shared`. The kernel then shares
    connections out among them; what one of them had not taken yet when it is killed is lost.
    """

    def __init__(self, app: ASGIApp, listen: str, limits: Limits | None = None, *, shared: bool = False) -> None:
        host, _, port = listen.rpartition(":")
        self._socket = socket.create_server((host, int(port)), backlog=2048, reuse_port=shared)
        self._ended = asyncio.Event()
        self.door = Door(limits or Limits())
        # What is no request is counted (kit/connections.py); a line for each would let anybody fill the log.
        config = Config(
            app, http=Bounded, loop="none", ws="none", lifespan="off", access_log=False, log_config=None,
            log_level="error", server_header=False, proxy_headers=False,
            timeout_keep_alive=self.door.limits.idle_seconds, timeout_graceful_shutdown=5,
        )  # fmt: skip
        config.door = self.door
        self._server = _SignalFree(config)

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._socket.getsockname()[1]
        return port

    async def run(self) -> None:
        """Serve until `stop`."""
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Take no more requests; those in flight finish, up to five seconds."""
        self._server.should_exit = True
        await self._ended.wait()


class _SignalFree(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
