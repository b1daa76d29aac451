"""Before any operation: who is signed in, and does a browser's command come from our own pages."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from services.kit.cookies import cookie_of
from services.kit.errors import Unauthenticated
from services.kit.http import header_of
from services.kit.identity import TokenVerifier, VerifiedToken
from services.portal.api.bearers import Bearers
from services.portal.backends.calls import Caller
from services.portal.errors import CsrfTokenMissing

COOKIE = "__Host-rondetafel"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

CallerOfCookie = Callable[[str], Awaitable[Caller]]
"""The caller of a session cookie's value; raises SignInEnded."""
ExpectPace = Callable[[Scope, VerifiedToken], None]
"""Counts one request more of who is signed in; raises TooManyRequests."""


class Identified:
    """Everything below `prefix` needs a valid sign-in, also addresses that do not exist; else 401, always the same."""

    def __init__(
        self, app: ASGIApp, *, prefix: str, open_paths: frozenset[str], bearers: Bearers, pages: TokenVerifier,
        of_cookie: CallerOfCookie, refused: Callable[[Scope], None], expect_pace: ExpectPace,
    ) -> None:  # fmt: skip
        """`pages` checks the token behind a session cookie."""
        self._app = app
        self._prefix = prefix
        self._open = open_paths
        self._bearers = bearers
        self._pages = pages
        self._of_cookie = of_cookie
        self._refused = refused
        self._expect_pace = expect_pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the caller into the scope.

        Raises Unauthenticated, TooManyRequests, or CsrfTokenMissing for a browser's command.
        """
        if scope["type"] == "http" and scope["path"].startswith(self._prefix) and scope["path"] not in self._open:
            try:
                scope["caller"] = await self._identify(scope)
            except Unauthenticated:
                self._refused(scope)
                raise
        await self._app(scope, receive, send)

    async def _identify(self, scope: Scope) -> Caller:
        """By bearer token, or by session cookie when there is no Authorization header at all."""
        authorization = header_of(scope, b"authorization")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer":
                raise Unauthenticated
            verified = await self._bearers.verify(token.strip())
            self._expect_pace(scope, verified)
            return await self._bearers.caller(token.strip(), verified)
        caller = await self._of_cookie(cookie_of(scope, COOKIE))
        self._expect_pace(scope, await self._pages.verify(caller.token))
        if caller.csrf_token is not None and scope["method"] not in SAFE:
            sent = header_of(scope, b"x-csrf-token") or ""
            if not hmac.compare_digest(sent.encode(), caller.csrf_token.encode()):
                raise CsrfTokenMissing(field="X-CSRF-Token", expected="the token of this session")
        return caller
