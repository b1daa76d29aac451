"""What goes through the gate: a list of what is allowed, by method and path. Everything else is not there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl

LOOK = "/signin-look/"
"""Below it the gate's own pages have their style; not an address of Keycloak's."""

READS = frozenset({"GET", "HEAD"})
GET = frozenset({"GET"})
POST = frozenset({"POST"})
BOTH = GET | POST


class Kind(Enum):
    """What the gate does with an answer."""

    STREAM = "stream"
    """Hands it on as it comes."""
    PAGE = "page"
    """Reads it first: it may say who is signing in."""
    STEP = "step"
    """The same, and a form sent to it may hold a password or a code."""


@dataclass(frozen=True, slots=True)
class Route:
    """A name for the metrics, and what is done."""

    path: str
    methods: frozenset[str]
    kind: Kind


# HEAD goes through where GET changes nothing. Most pages of a sign-in are no such: asked for, they begin a sign-in or
# go on with it, use up a link of an e-mail or sign somebody out, and Keycloak does the same for HEAD. Whoever looks at
# a link before its person does (a scanner of mail, a preview) must not; and of an answer without a page the gate does
# not learn who is signing in.
_ROUTES = (
    # The pages of a sign-in, of what a new person must set up, and of links in our e-mails.
    ("/protocol/openid-connect/auth", GET, Kind.PAGE),
    ("/login-actions/authenticate", BOTH, Kind.STEP),
    ("/login-actions/post-broker-login", BOTH, Kind.STEP),
    ("/login-actions/first-broker-login", BOTH, Kind.STEP),
    ("/login-actions/required-action", BOTH, Kind.STEP),
    ("/login-actions/restart", GET, Kind.PAGE),
    ("/login-actions/action-token", GET, Kind.PAGE),
    ("/login-actions/detached-info", READS, Kind.PAGE),
    # Signing out, by a person's browser or by a partner's provider.
    ("/protocol/openid-connect/logout", BOTH, Kind.PAGE),
    ("/protocol/openid-connect/logout/logout-confirm", BOTH, Kind.PAGE),
    ("/protocol/openid-connect/logout/backchannel-logout", POST, Kind.STREAM),
    # Our clients.
    ("/.well-known/openid-configuration", READS, Kind.STREAM),
    ("/protocol/openid-connect/certs", READS, Kind.STREAM),
    ("/protocol/openid-connect/token", POST, Kind.STREAM),
    ("/protocol/openid-connect/ext/par/request", POST, Kind.STREAM),
    # Partners' providers.
    ("/broker/{name}/login", GET, Kind.PAGE),
    ("/broker/{name}/endpoint", BOTH, Kind.PAGE),
    ("/broker/{name}/endpoint/descriptor", READS, Kind.STREAM),
    ("/broker/{name}/endpoint/logout_response", GET, Kind.PAGE),
    ("/broker/after-first-broker-login", GET, Kind.PAGE),
    ("/broker/after-post-broker-login", GET, Kind.PAGE),
)
_NAME = r"[A-Za-z0-9][A-Za-z0-9._~-]*"
_STATIC = re.compile(rf"/resources/{_NAME}/(?:login|common)(?:/{_NAME})+")
_RESOURCES = Route("/resources", READS, Kind.STREAM)


class Routes:
    """The routes of one realm.

    Paths are compared as they were sent: one with an escape, a matrix parameter, an empty or a dotted part fits none.
    """

    def __init__(self, realm: str) -> None:
        own = re.escape(f"/realms/{realm}")
        self._routes = [
            (re.compile(own + re.escape(path).replace(r"\{name\}", _NAME)), Route(path, methods, kind))
            for path, methods, kind in _ROUTES
        ]

    def find(self, method: str, raw_path: str) -> Route | None:
        """The route of a request, None when there is nothing."""
        if _STATIC.fullmatch(raw_path):
            return _RESOURCES if method in READS else None
        for pattern, route in self._routes:
            if method in route.methods and pattern.fullmatch(raw_path):
                return route
        return None


def names_a_session(query: str) -> bool:
    """Whether a query says which sign-in it belongs to beside the cookie: nothing of ours does, and who could say it
    twice could have the tries counted for another. Separators that only some parsers know count as saying it."""
    names = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    return ";" in query or "auth_session_id" in names
