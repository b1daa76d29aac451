"""Which headers pass the gate, in which direction, and whose request it is."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.kit.http import Headers

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What Keycloak and its pages use. All else stays here: whatever names a host, a scheme, an address or a certificate.
ASKED = frozenset(
    {
        b"accept", b"accept-language", b"content-type", b"if-modified-since", b"if-none-match", b"origin", b"referer",
        b"user-agent",
    }
)  # fmt: skip
# Between two neighbours only (RFC 9110, 7.6.1), or said by our own server.
KEPT = frozenset(
    {
        b"connection", b"date", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection",
        b"server", b"te", b"trailer", b"transfer-encoding", b"upgrade",
    }
)  # fmt: skip
SESSION = "AUTH_SESSION_ID"
_COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_COOKIE_VALUE = re.compile(r"[!-+\--:<-~]*")  # neither comma nor semicolon: some parsers part at both
_SESSION_VALUE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)?")
MOST_COOKIES = 60


@dataclass(frozen=True, slots=True)
class Public:
    """The address people know, of which Keycloak is told in place of what clients say."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Public:
        """Of the issuer or any other address there. Raises ValueError when it is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url} is no web address")
        return cls(parts.scheme, parts.netloc, parts.port or (443 if parts.scheme == "https" else 80))

    def headers(self, address: str) -> Headers:
        """What stands in each request to Keycloak."""
        said = {
            "host": self.host,
            "x-forwarded-for": address,
            "x-forwarded-host": self.host,
            "x-forwarded-port": str(self.port),
            "x-forwarded-proto": self.scheme,
        }
        return [(name.encode(), value.encode()) for name, value in said.items()]


class Callers:
    """Whose request it is: the other end, or whom a proxy of ours says when that is the other end."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = trusted

    def address(self, peer: str, headers: Headers) -> str:
        """The address of the client. Of X-Forwarded-For counts what our own proxies added: the last one not ours."""
        if not self._is_ours(peer):
            return peer
        said = b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1")
        for word in reversed([part.strip() for part in said.split(",")]):
            try:
                found = str(ipaddress.ip_address(word))
            except ValueError:
                return peer
            if not self._is_ours(found):
                return found
        return peer

    def _is_ours(self, address: str) -> bool:
        try:
            one = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(one in network for network in self._trusted)


def networks(said: str) -> list[Network]:
    """Of a list such as `10.0.0.0/8, 192.0.2.7`. Raises ValueError for what is none."""
    return [ipaddress.ip_network(word.strip()) for word in said.split(",") if word.strip()]


def neighbourhood(address: str) -> str:
    """What counts as one address: of IPv6 the /64, which one house has all of."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(one, ipaddress.IPv6Address):
        if one.ipv4_mapped is not None:
            return str(one.ipv4_mapped)
        return str(ipaddress.ip_network((int(one) >> 64 << 64, 64)))
    return str(one)


def cookies_of(headers: Headers) -> list[tuple[str, str]]:
    """The cookies that every parser reads alike, in order; the others are dropped."""
    said = ";".join(value.decode("latin-1") for name, value in headers if name == b"cookie")
    found = []
    for pair in said.split(";", MOST_COOKIES)[:MOST_COOKIES]:
        name, equals, value = pair.strip(" \t").partition("=")
        if equals and _COOKIE_NAME.fullmatch(name) and _COOKIE_VALUE.fullmatch(value):
            fits = name != SESSION or _SESSION_VALUE.fullmatch(value)
            found += [(name, value)] if fits else []
    return found


def request_headers(headers: Headers, cookies: Sequence[tuple[str, str]], about: Headers, *, plain: bool) -> Headers:
    """What Keycloak is sent. `plain` asks for an answer that we can read, without compression."""
    passed = [(name, value) for name, value in headers if name in ASKED or (not plain and name == b"accept-encoding")]
    if cookies:
        passed.append((b"cookie", "; ".join(f"{name}={value}" for name, value in cookies).encode("latin-1")))
    return [*passed, *about]


def response_headers(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """What goes back, each Set-Cookie of its own."""
    return [(name.lower(), value) for name, value in headers if name.lower() not in KEPT]
