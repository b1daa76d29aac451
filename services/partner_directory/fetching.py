"""What stands at an address that somebody typed, or that a partner told: fetched with suspicion.

https alone, at public addresses alone, the name looked up once and held on to, no redirect, a bounded answer, and not
for long. Where providers run on this machine, its own addresses are let in too.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpcore

from services.kit.patience import ISSUER_SECONDS
from services.partner_directory.errors import IssuerAddressRefused, IssuerUnreachable


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
            raise _refused("issuer")
        return addresses[0]

    def _let_in(self, address: str) -> bool:
        parsed = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(parsed, "ipv4_mapped", None) or parsed
        return (mapped.is_global and not mapped.is_multicast) or (self._own_machine and mapped.is_loopback)


class Fetching:
    """Fetches. `own_machine`: addresses of this machine are let in too, and without encryption there; `field` is the
    one at which a person is told what is wrong.
    """

    def __init__(self, *, own_machine: bool, network: GuardedNetwork | None = None, field: str = "issuer") -> None:
        self._own_machine = own_machine
        self._network = network or GuardedNetwork(own_machine=own_machine)
        self._field = field

    @asynccontextmanager
    async def patience(self) -> AsyncIterator[None]:
        """For all that is fetched within. Raises IssuerUnreachable for what does not answer, or not in time."""
        try:
            async with asyncio.timeout(ISSUER_SECONDS):
                yield
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, TimeoutError):
            raise IssuerUnreachable(field=self._field, expected="an address where a provider answers") from None
        except IssuerAddressRefused:
            raise _refused(self._field) from None

    async def fetch(self, address: str, accept: str, most: int) -> bytes | None:
        """What stands there; None for another answer than 200, or a longer one."""
        async with (
            httpcore.AsyncConnectionPool(network_backend=self._network, max_connections=1) as pool,
            pool.stream("GET", address, headers={"Accept": accept}) as answer,
        ):
            if answer.status != 200:
                return None
            body = bytearray()
            async for part in answer.aiter_stream():
                body += part
                if len(body) > most:
                    return None
            return bytes(body)

    def expect_address(self, address: str, *, query: bool = False) -> str:
        """The host; https, without user and fragment, and without query unless it may have one. Raises
        IssuerAddressRefused.
        """
        try:
            parts = urlsplit(address)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise _refused(self._field) from None
        plain = address.isascii() and address.isprintable() and " " not in address
        schemes = ("https", "http") if self._own_machine and _is_loopback(host) else ("https",)
        bare = parts.username is None and not parts.fragment and (query or not parts.query)
        if parts.scheme not in schemes or not host or not plain or not bare:
            raise _refused(self._field)
        return host

    async def expect_endpoint(self, address: str) -> None:
        """The sign-in service asks there by itself: the same is expected of it as of the issuer."""
        host = self.expect_address(address)
        await self._network.judged(host, urlsplit(address).port or 443)


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _refused(field: str) -> IssuerAddressRefused:
    return IssuerAddressRefused(field=field, expected="an address with https:// that everybody can reach")
