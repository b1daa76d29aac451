"""The public keys by which Keycloak's tokens are checked: fetched, remembered, renewed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt

from services.kit.clock import Clock, utc_now
from services.kit.errors import Unauthenticated, Unavailable
from services.kit.http_client import within
from services.kit.patience import KEYS_SECONDS

ALGORITHMS = frozenset({"EdDSA", "ES256", "RS256"})
RENEW_AFTER = timedelta(minutes=5)
COOL_DOWN = timedelta(seconds=5)

FetchKeys = Callable[[], Awaitable[Mapping[str, Any]]]
"""Gets the key set (RFC 7517) as Keycloak publishes it; raises httpx.HTTPError or ValueError when it cannot."""

log = logging.getLogger(__name__)


class SigningKeys:
    """Keys by `kid`; only those meant for signing with an algorithm of ours.

    One fetch at a time, and at most one per COOL_DOWN, however many unknown kids arrive. Old keys are used while they
    are renewed, and as long as Keycloak is away; a key that Keycloak no longer publishes is gone with the next renewal.
    """

    def __init__(self, fetch: FetchKeys, *, clock: Clock = utc_now) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at: datetime | None = None
        self._reached = False
        self._fetching: asyncio.Task[None] | None = None

    async def get(self, kid: str) -> jwt.PyJWK:
        """The key of that id. Unauthenticated when Keycloak has none, Unavailable when it cannot be asked."""
        if kid in self._keys:
            if self._last_asked_before(RENEW_AFTER):
                self._start_fetch()
        elif self._fetching is not None or self._last_asked_before(COOL_DOWN):
            # Shielded: a caller who gives up must not take the answer away from the others.
            await asyncio.shield(self._start_fetch())
        if kid in self._keys:
            return self._keys[kid]
        if not self._reached:
            raise Unavailable("The keys of the sign-in service cannot be fetched.")
        raise Unauthenticated("The token is signed with an unknown key.")

    async def close(self) -> None:
        """Give up a fetch under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _last_asked_before(self, age: timedelta) -> bool:
        return self._asked_at is None or self._clock() - self._asked_at >= age

    def _start_fetch(self) -> asyncio.Task[None]:
        if self._fetching is None:
            self._asked_at = self._clock()
            self._fetching = asyncio.create_task(self._renew())
        return self._fetching

    async def _renew(self) -> None:
        try:
            self._keys = _usable(await self._fetch())
            self._reached = True
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            self._reached = False
            log.warning("signing keys not renewed", extra={"reason": type(error).__name__})
        finally:
            self._fetching = None


def keys_of(issuer: str, http: httpx.AsyncClient, *, clock: Clock = utc_now) -> SigningKeys:
    """The keys of a realm. The http client belongs to the caller."""

    async def fetch() -> Mapping[str, Any]:
        answer = await http.get(f"{issuer}/protocol/openid-connect/certs", timeout=within(KEYS_SECONDS))
        answer.raise_for_status()
        published: Mapping[str, Any] = answer.json()
        return published

    return SigningKeys(fetch, clock=clock)


def _usable(published: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    wanted = [key for key in published["keys"] if key.get("use") == "sig" and key.get("alg") in ALGORITHMS]
    return {key["kid"]: jwt.PyJWK(key) for key in wanted}
