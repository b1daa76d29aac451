"""What a provider of OpenID Connect says of itself, read at the address somebody typed.

So it is asked with suspicion: https alone, at public addresses alone, looked up once and held on to, no redirect, no
more than a page of answer, and not for long. Where providers run on this machine, its own addresses are let in too.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpcore

from services.kit.patience import ISSUER_SECONDS
from services.partner_directory.errors import (
    IssuerAddressRefused,
    IssuerAlgorithmUnsupported,
    IssuerUnreachable,
    IssuerWrong,
    NotAnIssuer,
)
from services.partner_directory.providing import IssuerSays

WELL_KNOWN = "/.well-known/openid-configuration"
MOST_BYTES = 64 * 1024
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Those that sign with a key of the provider's own, as the sign-in service takes them."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class GuardedNetwork(httpcore.AnyIOBackend):
    """Connections to public addresses alone: the address that was judged is the one that is connected to."""

    def __init__(self, *, own_machine: bool) -> None:
        super().__init__()
        self._own_machine = own_machine

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,  # noqa: ASYNC109
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:  # fmt: skip
        """Raises IssuerAddressRefused; ConnectError for a name that leads nowhere."""
        address = await self.judged(host, port)
        return await super().connect_tcp(address, port, timeout, local_address, socket_options)

    async def judged(self, host: str, port: int) -> str:
        """The first address of this name, if none of them is refused."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError from error
        addresses = [str(sockaddr[0]) for *_, sockaddr in found]
        if not addresses or not all(self._let_in(address) for address in addresses):
            raise _refused()
        return addresses[0]

    def _let_in(self, address: str) -> bool:
        parsed = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(parsed, "ipv4_mapped", None) or parsed
        return (mapped.is_global and not mapped.is_multicast) or (self._own_machine and mapped.is_loopback)


class Issuers:
    """Reads what issuers say of themselves. `own_machine`: those of this machine too, and without encryption there."""

    def __init__(self, *, own_machine: bool = False, network: GuardedNetwork | None = None) -> None:
        self._own_machine = own_machine
        self._network = network or GuardedNetwork(own_machine=own_machine)

    async def read(self, issuer: str) -> IssuerSays:
        """Raises IssuerAddressRefused, IssuerUnreachable, NotAnIssuer, IssuerWrong, IssuerAlgorithmUnsupported."""
        try:
            async with asyncio.timeout(ISSUER_SECONDS):
                self._expect_address(issuer)
                said = _document(await self._fetch(issuer.rstrip("/") + WELL_KNOWN))
                says = _checked(said, issuer)
                for name in ENDPOINTS:
                    await self._expect_endpoint(getattr(says, name))
                return replace(says, end_session_endpoint=await self._ends_at(says.end_session_endpoint))
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, TimeoutError):
            raise IssuerUnreachable(field="issuer", expected="an address where a provider answers") from None

    async def _fetch(self, address: str) -> bytes:
        async with (
            httpcore.AsyncConnectionPool(network_backend=self._network, max_connections=1) as pool,
            pool.stream("GET", address, headers={"Accept": "application/json"}) as answer,
        ):
            if answer.status != 200:
                raise _no_issuer()
            body = bytearray()
            async for part in answer.aiter_stream():
                body += part
                if len(body) > MOST_BYTES:
                    raise _no_issuer()
            return bytes(body)

    def _expect_address(self, address: str) -> str:
        """The host; https, without user, query or fragment. Raises IssuerAddressRefused."""
        try:
            parts = urlsplit(address)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise _refused() from None
        plain = address.isascii() and address.isprintable() and " " not in address
        schemes = ("https", "http") if self._own_machine and _is_loopback(host) else ("https",)
        bare = parts.username is None and not parts.query and not parts.fragment
        if parts.scheme not in schemes or not host or not plain or not bare:
            raise _refused()
        return host

    async def _expect_endpoint(self, address: str) -> None:
        """The sign-in service asks there by itself: the same is expected of it as of the issuer."""
        host = self._expect_address(address)
        await self._network.judged(host, urlsplit(address).port or 443)

    async def _ends_at(self, address: str) -> str:
        """Where the sign-in service says that somebody signed out; empty, and nobody is asked, where it may not ask."""
        with suppress(IssuerAddressRefused, httpcore.ConnectError):
            await self._expect_endpoint(address)
            return address
        return ""


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise _no_issuer() from None
    if not isinstance(said, dict):
        raise _no_issuer()
    return said


def _checked(said: Mapping[str, Any], issuer: str) -> IssuerSays:
    if not all(isinstance(said.get(name), str) for name in ("issuer", *ENDPOINTS)):
        raise _no_issuer()
    if said["issuer"].rstrip("/") != issuer.rstrip("/"):
        raise IssuerWrong(field="issuer", expected="the address the provider calls itself by")
    algorithms = said.get("id_token_signing_alg_values_supported")
    if not isinstance(algorithms, list) or ALGORITHMS.isdisjoint(name for name in algorithms if isinstance(name, str)):
        raise IssuerAlgorithmUnsupported(field="issuer", expected="a provider that signs by a key of its own (RS256)")
    ends = said.get("end_session_endpoint")
    return IssuerSays(
        said["issuer"], said["authorization_endpoint"], said["token_endpoint"], said["jwks_uri"],
        ends if isinstance(ends, str) else "",
    )  # fmt: skip


def _refused() -> IssuerAddressRefused:
    return IssuerAddressRefused(field="issuer", expected="an address with https:// that everybody can reach")


def _no_issuer() -> NotAnIssuer:
    return NotAnIssuer(field="issuer", expected="the address of a provider of OpenID Connect")
