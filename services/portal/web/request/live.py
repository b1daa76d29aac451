"""Live pages: a stream says only "changed"; the page then fetches by ordinary, recorded queries.

Every process of the portal hears all events (core NATS, not a durable consumer, which would share them out). What is
missed while NATS is away, or between two streams, a page learns when its browser opens the next one. Without a
heartbeat for a second no stream goes on: NATS may hang and hold back the very end of a sign-in.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from math import inf
from uuid import UUID

from google.protobuf.message import DecodeError
from nats.aio.msg import Msg

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.bus import Bus
from services.kit.catalogue import Misaddressed, live_subjects
from services.kit.errors import Unavailable
from services.kit.freshness import MAX_SILENCE_SECONDS, MAX_SKEW_SECONDS
from services.kit.identities import Revocation
from services.kit.identity import Revocations
from services.kit.incoming import Incoming
from services.kit.revocations import revocation_of
from services.portal.web.ui.forms import uuid_or_none

logger = logging.getLogger(__name__)

REVOKING = ("sign_in.ended", "identity.disabled")
MOST_STREAMS = 2_000
MOST_OF_ONE = 20
"""Streams of one sign-in: a person has a few windows open."""
HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS, LEAST_LOOK_SECONDS = 1.0, 0.05
SETTLED_SECONDS = MAX_SILENCE_SECONDS + MAX_SKEW_SECONDS
"""So long after a mandate changed a service may still answer by the facts of before."""

# The browser sends the id along with its next request, by which that one is known not to be its first.
BEGUN = "id: 1\n\n"
CHANGED = "event: changed\ndata: changed\n\n"
SILENT = "retry: 5000\n\n"
FULL = "retry: 60000\nevent: full\ndata: full\n\n"
STILL_HERE = ": still here\n\n"


@dataclass(eq=False, slots=True)
class Listener:
    """One stream: of which cell, by what that can be revoked, what it waits for, and whether it must end."""

    cell_id: UUID
    identities: tuple[UUID, ...]
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False


class Changes:
    """Tells the open streams of a cell that something changed there.

    When a mandate of the cell changes, or the own sign-in ends, a stream ends: the browser opens another, and that one
    is checked anew (invariant 15). `silent_in` is how many seconds from now the directory will have been silent for too
    long; then all end.
    """

    def __init__(
        self, revocations: Revocations, silent_in: Callable[[], float], *, settled: float = SETTLED_SECONDS
    ) -> None:
        self._revocations = revocations
        self._silent_in = silent_in
        self._settled = settled
        self._settling: dict[UUID, float] = {}
        """Cells in which a mandate changed just now, and until when a check there is worth little."""
        self._listeners: set[Listener] = set()
        self._closed = False
        self.endings = 0
        """How often something ended streams: a check made before the last time is worth nothing."""

    @property
    def open_streams(self) -> int:
        """How many there are now."""
        return len(self._listeners)

    async def listen(self, bus: Bus, incoming: Incoming) -> None:
        """Hear the events, until cancelled. Whenever the connection is made anew, all streams end and begin again."""
        await bus.wait()

        async def hear(message: Msg) -> None:
            await self.hear(incoming, message.subject, message.data)

        for subject in live_subjects(incoming.service):
            await bus.client.subscribe(subject, cb=hear)
        # What happened before, nobody here heard.
        self._end(self._listeners)
        known = bus.client.stats["reconnects"]
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, max(self._silent_in(), LEAST_LOOK_SECONDS)))
            self.end_when_silent()
            if bus.client.stats["reconnects"] != known:
                known = bus.client.stats["reconnects"]
                self._end(self._listeners)

    async def hear(self, incoming: Incoming, subject: str, data: bytes) -> None:
        """A message came in. What is not what it says it is, is nothing."""
        try:
            self.take(await incoming.open(subject, data))
        except (Misaddressed, DecodeError):
            logger.error("a forged or broken event reached the live pages")
        except Unavailable:
            # It may be true: streams that end are begun anew, and checked.
            self._end(self._listeners)

    def take(self, envelope: kit_pb2.Envelope) -> None:
        """An event happened."""
        if envelope.type in REVOKING:
            # Told in the tenant of the platform, whatever the cells the person sits in.
            self._revoke(_revocation_of(envelope))
            return
        here = [listener for listener in self._listeners if listener.cell_id == uuid_or_none(envelope.tenant_id)]
        if envelope.type == "mandate.changed":
            self._settle(UUID(envelope.tenant_id))
            self._end(here)
        for listener in here:
            listener.changed.set()

    def end_when_silent(self) -> None:
        """End all streams when the directory was not heard for a second."""
        if self._silent_in() <= 0 and self._listeners:
            self._end(self._listeners)

    async def end_all(self) -> None:
        """Let every stream end, and begin none; called when the door drains."""
        self._closed = True
        self._end(self._listeners)

    async def stream(
        self, cell_id: UUID, identities: tuple[UUID, ...], seconds: float, *, checked: int, again: bool = False
    ) -> AsyncIterator[str]:
        """Server-sent events of one cell, at most so long. A comment now and then keeps the connection open.

        `checked` is what `endings` was before the check that this sign-in may listen. `again` says that the browser had
        a stream before: what happened between the two is unknown, so it is told at once that something may have.
        """
        if self._closed or not self._room_for(identities):
            yield FULL
            return
        silent = self._silent_in() <= 0
        listener = Listener(cell_id, identities, ended=silent or checked != self.endings)
        self._listeners.add(listener)
        try:
            yield BEGUN
            if silent:
                yield SILENT
            if again or listener.ended:
                listener.changed.set()
            loop = asyncio.get_running_loop()
            until = min(loop.time() + seconds, self._worth_little_until(cell_id))
            while not listener.ended and (left := until - loop.time()) > 0:
                yield await _next(listener, min(left, HEARTBEAT_SECONDS))
            if listener.changed.is_set():
                yield CHANGED
        finally:
            self._listeners.discard(listener)

    def _settle(self, cell_id: UUID) -> None:
        """What is opened in this cell from now on may have been checked by facts of before: it ends soon."""
        now = asyncio.get_running_loop().time()
        self._settling = {cell: until for cell, until in self._settling.items() if until > now}
        self._settling[cell_id] = now + self._settled

    def _worth_little_until(self, cell_id: UUID) -> float:
        until = self._settling.get(cell_id, inf)
        return until if until > asyncio.get_running_loop().time() else inf

    def _end(self, listeners: Iterable[Listener]) -> None:
        self.endings += 1
        for listener in listeners:
            listener.ended = True
            listener.changed.set()

    def _revoke(self, revocation: Revocation | None) -> None:
        """What cannot be read may be anybody's."""
        if revocation is not None:
            self._revocations.add(revocation)
        self._end(
            listener
            for listener in self._listeners
            if revocation is None or revocation.identity_id in listener.identities
        )

    def _room_for(self, identities: tuple[UUID, ...]) -> bool:
        of_one = sum(listener.identities == identities for listener in self._listeners)
        return len(self._listeners) < MOST_STREAMS and of_one < MOST_OF_ONE


async def _next(listener: Listener, seconds: float) -> str:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(listener.changed.wait(), seconds)
    if not listener.changed.is_set():
        return STILL_HERE
    listener.changed.clear()
    return CHANGED


def _revocation_of(envelope: kit_pb2.Envelope) -> Revocation | None:
    """What was revoked; None when it cannot be read."""
    try:
        return revocation_of(directory_pb.Revocation.FromString(envelope.payload))
    except (DecodeError, ValueError):
        return None
