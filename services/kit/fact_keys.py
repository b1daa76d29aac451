"""The public keys by which signed facts are checked: asked of the directory by gRPC, never learnt from NATS."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rondetafel.kit.v1 import kit_pb2
from services.kit.catalogue import Misaddressed
from services.kit.errors import Unavailable
from services.kit.signatures import signed_bytes

RENEW_SECONDS = 300.0
COOL_DOWN_SECONDS = 1.0
STRANGERS = 4096
"""Unknown key ids remembered: more than a consumer may have on its hands at once (deploy/nats/consumers.py)."""

FetchFactKeys = Callable[[], Awaitable[Mapping[str, bytes]]]
"""Gets the directory's public keys (32 bytes each) by key id; raises Unavailable when it cannot be asked."""

logger = logging.getLogger(__name__)


class Unsigned(Misaddressed):
    """A fact that gives or takes access without the directory's signature: forged, changed or moved."""


async def nobody_to_ask() -> Mapping[str, bytes]:
    """For a process that knows no directory: a signed fact waits."""
    raise Unavailable("there is no directory to ask for its keys")


class FactKeys:
    """Public keys by id. One fetch at a time and at most one per cool-down, however many unknown ids arrive.

    Known keys are used while they are renewed, and as long as the directory is away; one that it no longer names is
    gone with the next renewal.
    """

    def __init__(self, fetch: FetchFactKeys, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.fetch = fetch
        self._monotonic = monotonic
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._asked_at = float("-inf")
        self._answered = float("-inf")
        """When the question was asked that was answered last."""
        self._strangers: OrderedDict[str, float] = OrderedDict()
        self._fetching: asyncio.Task[None] | None = None

    async def check(self, envelope: kit_pb2.Envelope) -> None:
        """Raises Unsigned unless the directory signed this envelope; Unavailable when that cannot be told now."""
        if not envelope.signature or not envelope.signing_key_id:
            raise Unsigned
        key = await self._get(envelope.signing_key_id)
        try:
            key.verify(envelope.signature, signed_bytes(envelope))
        except InvalidSignature:
            raise Unsigned from None

    async def close(self) -> None:
        """Give up a fetch under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    async def _get(self, key_id: str) -> Ed25519PublicKey:
        """The key. An unknown id is refused once the directory, asked after it was seen first, does not name it."""
        now = self._monotonic()
        if key_id in self._keys:
            if now - self._asked_at >= RENEW_SECONDS:
                self._start_fetch()
            return self._keys[key_id]
        seen_at = self._seen_first(key_id, now)
        if self._answered < seen_at and (self._fetching or now - self._asked_at >= COOL_DOWN_SECONDS):
            # Shielded: a caller who gives up must not take the answer away from the others.
            await asyncio.shield(self._start_fetch())
        if key_id in self._keys:
            return self._keys[key_id]
        if self._answered < seen_at:
            raise Unavailable("the keys of the partner directory cannot be asked for now")
        raise Unsigned

    def _seen_first(self, key_id: str, now: float) -> float:
        """When an unknown id was seen first; after some minutes it counts as new, and is asked for again."""
        if now - self._strangers.get(key_id, float("-inf")) >= RENEW_SECONDS:
            self._strangers[key_id] = now
            self._strangers.move_to_end(key_id)
            if len(self._strangers) > STRANGERS:
                self._strangers.popitem(last=False)
        return self._strangers[key_id]

    def _start_fetch(self) -> asyncio.Task[None]:
        if self._fetching is None:
            self._asked_at = self._monotonic()
            self._fetching = asyncio.create_task(self._renew(self._asked_at))
        return self._fetching

    async def _renew(self, asked_at: float) -> None:
        try:
            told = await self.fetch()
            self._keys = {key_id: Ed25519PublicKey.from_public_bytes(public) for key_id, public in told.items()}
            self._answered = asked_at
        except (Unavailable, ValueError) as error:
            logger.warning("the keys of facts were not renewed: %s", type(error).__name__)
        finally:
            self._fetching = None
