"""Cookies as a browser sends them (RFC 6265, section 5.4), read in one pass.

Neither http.cookies nor what builds on it: Python's unquotes in quadratic time (CVE-2024-7592), before anybody is
signed in. Here nothing is unquoted: names and values count as they were sent, quotes around a value left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

SENT = "rondetafel.cookies"


class CookiesApart:
    """Takes the cookies out of the headers, so that no framework behind it parses them in its own way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put them into the scope for `cookie_of`."""
        if scope["type"] == "http":
            headers = scope["headers"]
            sent = parse_cookies(value for name, value in headers if name == b"cookie")
            scope["headers"] = [header for header in headers if header[0] != b"cookie"]
            scope[SENT] = sent
        await self._app(scope, receive, send)


def parse_cookies(headers: Iterable[bytes]) -> dict[str, str]:
    """Names and values of Cookie headers. Of one name the first counts: browsers send the closest path first."""
    found: dict[str, str] = {}
    for header in headers:
        for pair in header.decode("latin-1").split(";"):
            name, equals, value = pair.partition("=")
            if equals:
                found.setdefault(name.strip(), _bare(value.strip()))
    return found


def _bare(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value


def cookies_of(scope: Scope) -> Mapping[str, str]:
    """All that were sent."""
    sent: dict[str, str] = scope.get(SENT, {})
    return sent


def cookie_of(scope: Scope, name: str) -> str:
    """A cookie's value, empty when it was not sent."""
    return cookies_of(scope).get(name, "")
