"""API clients: their token is good at this door alone, and is exchanged for one that is good at the services alone.

So a service that is given a token cannot go back to the front door with it and act there as the caller (decision 0032).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta

from services.kit.clock import Clock
from services.kit.identities import person_id
from services.kit.identity import TokenVerifier, VerifiedToken
from services.kit.oidc import OidcClient
from services.portal.backends.calls import Caller, Services
from services.portal.backends.noting import CLIENT, Noting

AUDIENCE = "portal"
"""Whom a token of an API client is for; tokens of the pages are never for it."""
API_CLIENTS = frozenset({"rondetafel-cli", "host"})
"""Whose tokens are welcome here. A client that is let in is added here and in the realm; a test compares the two."""
MAX_REMEMBERED = 10_000
CLIENT_IDLE = timedelta(minutes=30)
"""How long a sign-in lives at the sign-in service without a new token (ssoSessionIdleTimeout)."""


class Bearers:
    """From a bearer token to its caller. Exchanged tokens are remembered by the hash of the first until they end."""

    def __init__(self, verifier: TokenVerifier, oidc: OidcClient, services: Services, clock: Clock) -> None:
        """`verifier` checks for AUDIENCE and API_CLIENTS."""
        self._verifier = verifier
        self._oidc = oidc
        self._services = services
        self._clock = clock
        self._noting = Noting(services)
        self._remembered: OrderedDict[bytes, tuple[str, datetime]] = OrderedDict()
        self._exchanging: dict[bytes, asyncio.Task[str]] = {}

    async def verify(self, token: str) -> VerifiedToken:
        """What the token of an API client says. Raises Unauthenticated."""
        return await self._verifier.verify(token)

    async def caller(self, token: str, verified: VerifiedToken) -> Caller:
        """Who holds this token. Raises Unavailable when it is new and the sign-in service is away."""
        if verified.is_service:
            # Exchanged, the host's client would lose the mark that it is no person. Its token opens the directory
            # alone, and nothing there that this door would not open too.
            return Caller(token, self._services)
        return Caller(await self._exchanged(token, verified), self._services)

    async def _exchanged(self, token: str, verified: VerifiedToken) -> str:
        digest = hashlib.sha256(token.encode()).digest()
        known = self._remembered.get(digest)
        if known is not None and known[1] > self._clock():
            return known[0]
        task = self._exchanging.get(digest)
        if task is None:
            task = asyncio.create_task(self._exchange(digest, token, verified))
            self._exchanging[digest] = task
            task.add_done_callback(lambda _: self._exchanging.pop(digest))
        # Shielded: a caller who gives up must not take the answer away from the others.
        return await asyncio.shield(task)

    async def _exchange(self, digest: bytes, token: str, verified: VerifiedToken) -> str:
        given = await self._oidc.exchange_token(token)
        if verified.session_id is not None:
            person = person_id(verified.issuer, verified.subject)
            until = self._clock() + CLIENT_IDLE
            await self._noting.begun(verified.session_id, person, CLIENT, verified.provider or "", until)
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        self._remembered[digest] = given.access_token, min(given.expires_at, verified.expires_at)
        return given.access_token
