"""The gate as an ASGI application: what is allowed goes on to Keycloak, the rest is not there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from starlette.types import Receive, Scope, Send

from services.gate.attempt import Attempt, Outcome, Step, attempt_of
from services.gate.device import PREFIX
from services.gate.errors import KeycloakAway, NothingHere
from services.gate.headers import (
    SESSION,
    Callers,
    Public,
    cookies_of,
    request_headers,
    response_headers,
)
from services.gate.pages import Pages, page_headers
from services.gate.routes import LOOK, Kind, Route, Routes, names_a_session
from services.gate.sessions import Page, page_of
from services.gate.steps import GUESSED, Steps, Unread
from services.gate.upstream import Answer, Upstream
from services.kit.http import Headers, header_of

KEEP_LOOK = "public, max-age=3600"
AWAY_SECONDS = 60
# What of an address leads back to its page; the rest says which form was sent.
PAGE_NAMES = ("client_id", "tab_id", "client_data", "ui_locales")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: str
    headers: Headers = field(repr=False)
    cookies: list[tuple[str, str]] = field(repr=False)
    address: str = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str
    accepted: str

    def page(self) -> str:
        """Where the page of this form is."""
        query = [(name, value) for name, value in parse_qsl(self.query) if name in PAGE_NAMES]
        return f"{self.path}?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer that is there as a whole."""

    status: int
    headers: Headers
    body: bytes

    @property
    def location(self) -> str:
        """Where it sends the browser, or nothing."""
        return next((value.decode("latin-1") for name, value in self.headers if name == b"location"), "")


class Gate:
    """Stands behind BodyLimit, so the body is bounded and whole; nothing of a body is ever logged."""

    def __init__(
        self, routes: Routes, public: Public, callers: Callers, upstream: Upstream, pages: Pages, steps: Steps
    ) -> None:
        self._routes = routes
        self._public = public
        self._callers = callers
        self._upstream = upstream
        self._pages = pages
        self._steps = steps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises NothingHere for what is not on the list, FormUnreadable, KeycloakAway for our clients."""
        method, path = scope["method"], scope["raw_path"].decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        if path.startswith(LOOK):
            return await _send(send, self._look(method, path))
        route = self._routes.find(method, path)
        if route is None or not query.isascii() or (route.kind is not Kind.STREAM and names_a_session(query)):
            raise NothingHere
        scope["route"] = route
        asked = await self._asked(scope, receive, path, query)
        if route.kind is Kind.STREAM:
            return await self._stream(asked, send)
        try:
            reply = await self._page(asked, route)
        except KeycloakAway:
            reply = self._away(asked)
        return await _send(send, reply)

    async def _asked(self, scope: Scope, receive: Receive, path: str, query: str) -> Asked:
        headers: Headers = scope["headers"]
        message = await receive() if scope["method"] == "POST" else {}
        return Asked(
            scope["method"], path, query, headers, cookies_of(headers),
            self._callers.address(scope["client"][0], headers), message.get("body", b""),
            header_of(scope, b"content-type") or "", header_of(scope, b"accept-language") or "",
        )  # fmt: skip

    async def _page(self, asked: Asked, route: Route) -> Reply:
        """A page, or a step of a sign-in."""
        if asked.method != "POST" or route.kind is not Kind.STEP:
            return await self._ask(asked, asked.body)
        came = self._steps.grid.now()
        attempt = attempt_of(
            asked.content_type, asked.body, guessable=not route.path.endswith("/required-action"),
            code_asked=self._steps.code_asked(asked.cookies),
        )  # fmt: skip
        if attempt.step is Step.STRAY:
            return self._again(asked, Unread(anew=False))
        if attempt.step in GUESSED:
            return await self._try(asked, attempt, came)
        reply = await self._ask(asked, attempt.body)
        if attempt.step is Step.ADDRESS:
            await self._steps.grid.leave(came)
        return reply

    async def _try(self, asked: Asked, attempt: Attempt, came: float) -> Reply:
        """A password or code. It is counted before Keycloak sees it; what was not right leaves on the grid."""
        trying = self._steps.begin(attempt, asked.cookies, asked.address)
        if isinstance(trying, Unread):
            return self._again(asked, trying)
        if trying.wait > 0:
            return self._slow(asked, trying.wait)
        try:
            reply, page = await self._answered(asked, attempt.body)
        except KeycloakAway as error:
            if not error.tried:
                trying.permit.untried()
            raise
        outcome = self._steps.end(trying, attempt.step, asked.cookies, (reply.status, reply.location, page))
        if outcome is Outcome.REFUSED:
            await self._steps.grid.leave(came)
        return self._remembered(asked, reply)

    async def _ask(self, asked: Asked, body: bytes) -> Reply:
        reply, _ = await self._answered(asked, body)
        return self._remembered(asked, reply)

    def _remembered(self, asked: Asked, reply: Reply) -> Reply:
        """With the device's cookie after a sign-in."""
        cookies = self._steps.remember(asked.cookies, reply.status, reply.location)
        return Reply(reply.status, [*reply.headers, *_set_cookies(cookies)], reply.body)

    async def _answered(self, asked: Asked, body: bytes) -> tuple[Reply, Page | None]:
        """Keycloak's answer, and what it says of itself when it is one of its pages."""
        answer = await self._send_on(asked, body, plain=True)
        reply = Reply(answer.status, response_headers(answer.headers), await answer.whole())
        page = page_of(reply.body) if reply.status == 200 else None
        if page is not None:
            given = [value.partition(b";")[0] for name, value in reply.headers if name == b"set-cookie"]
            new = cookies_of([(b"cookie", header) for header in given])
            self._steps.learn(new if SESSION in dict(new) else asked.cookies, page)
        return reply, page

    async def _stream(self, asked: Asked, send: Send) -> None:
        answer = await self._send_on(asked, asked.body, plain=False)
        try:
            headers = response_headers(answer.headers)
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            async for part in answer.stream():
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await answer.close()

    async def _send_on(self, asked: Asked, body: bytes, *, plain: bool) -> Answer:
        cookies = [(name, value) for name, value in asked.cookies if not name.startswith(PREFIX)]
        headers = request_headers(asked.headers, cookies, self._public.headers(asked.address), plain=plain)
        target = f"{asked.path}?{asked.query}" if asked.query else asked.path
        return await self._upstream.send(asked.method, target, headers, body)

    def _look(self, method: str, path: str) -> Reply:
        found = self._pages.look(path) if method in ("GET", "HEAD") else None
        if found is None:
            raise NothingHere
        content, kind = found
        return Reply(200, page_headers(content, kind, keep=KEEP_LOOK), content if method == "GET" else b"")

    def _again(self, asked: Asked, unread: Unread) -> Reply:
        """The same page once more, which is then read; `anew` also forgets the sign-in."""
        headers: Headers = [(b"location", asked.page().encode("latin-1")), (b"content-length", b"0")]
        headers.append((b"cache-control", b"no-store"))
        if unread.anew:
            realm = "/".join(asked.path.split("/")[:3])
            headers += _set_cookies([f"{SESSION}=; Path={realm}/; Max-Age=0; Secure; HttpOnly; SameSite=None"])
        return Reply(303, headers, b"")

    def _slow(self, asked: Asked, wait: float) -> Reply:
        """The same for everybody, known or not."""
        body = self._pages.slow(self._language(asked), wait, asked.page())
        headers = [*page_headers(body), (b"retry-after", str(math.ceil(wait)).encode())]
        return Reply(429, headers, body)

    def _away(self, asked: Asked) -> Reply:
        body = self._pages.away(self._language(asked))
        return Reply(503, [*page_headers(body), (b"retry-after", str(AWAY_SECONDS).encode())], body)

    def _language(self, asked: Asked) -> str:
        return self._pages.language(self._steps.language(asked.cookies), asked.accepted)


def _set_cookies(values: Sequence[str]) -> Headers:
    return [(b"set-cookie", value.encode("latin-1")) for value in values]


async def _send(send: Send, reply: Reply) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body})
