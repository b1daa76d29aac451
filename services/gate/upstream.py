"""Keycloak itself, behind the gate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

from services.gate.errors import KeycloakAway
from services.kit.http import Headers
from services.kit.http_client import timeout, transport
from services.kit.patience import PAGE_SECONDS, Requests

PATIENCE = Requests(answer_seconds=PAGE_SECONDS)
CONNECTIONS = 200
MOST_PAGE_BYTES = 1024 * 1024


@dataclass(slots=True)
class Answer:
    """An answer of which the body has not come yet; read it whole, or close it."""

    status: int
    headers: Headers
    _response: httpx.Response

    def stream(self) -> AsyncIterator[bytes]:
        """The body as it comes, in the encoding it came in."""
        return self._response.aiter_raw()

    async def whole(self) -> bytes:
        """All of the body. Raises KeycloakAway when it breaks off, or is no page of ours by its size."""
        body = bytearray()
        try:
            async for part in self._response.aiter_raw():
                body += part
                if len(body) > MOST_PAGE_BYTES:
                    raise KeycloakAway(tried=True)
        except httpx.TransportError as error:
            raise KeycloakAway(tried=True) from error
        finally:
            await self.close()
        return bytes(body)

    async def close(self) -> None:
        """Give the connection back."""
        await self._response.aclose()


class Upstream:
    """Sends one request each and follows nothing.

    The transport alone, no client: a client would keep the cookies of one person and send them for the next.
    """

    def __init__(self, url: str, patience: Requests = PATIENCE) -> None:
        self._url = url.rstrip("/")
        self._patience = patience
        self._transport = transport(patience, CONNECTIONS)

    async def send(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        """`target` is path and query as they came. Raises KeycloakAway."""
        extensions = {"timeout": timeout(self._patience).as_dict(), "target": target.encode("ascii")}
        request = httpx.Request(method, self._url, headers=headers, content=body, extensions=extensions)
        try:
            response = await self._transport.handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise KeycloakAway(tried=False) from error
        except httpx.TransportError as error:
            raise KeycloakAway(tried=True) from error
        return Answer(response.status_code, list(response.headers.raw), response)

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.aclose()
