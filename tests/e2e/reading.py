"""Somebody who reads all the time while access ends: from when on every read must be refused (invariant 15)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from nats.aio.msg import Msg

from deploy.local.caller import Caller
from deploy.local.platform import Platform
from rondetafel.kit.v1 import kit_pb2
from services.kit.catalogue import beat_subject
from services.kit.freshness import MAX_SILENCE_SECONDS, MAX_SKEW_SECONDS
from tests.e2e.waiting import until

ENDED, UNAVAILABLE = 404, 503
PROMISED_SECONDS = MAX_SILENCE_SECONDS + MAX_SKEW_SECONDS
"""No service decides by facts older than this, however slow the machine is: it asks, or answers that it cannot tell."""


@dataclass
class Reader:
    """The reads of one person: when each began, in seconds of the monotonic clock, and how it was answered."""

    person: Caller
    path: str
    beats: list[bytes]
    reads: list[tuple[float, int]] = field(default_factory=list)
    ended: float = 0.0

    async def has_read(self) -> None:
        """Wait for the first read, which succeeds, and the first heartbeat."""
        while not (self.reads and self.beats):
            await asyncio.sleep(0.01)
        assert self.reads[0][1] == 200

    async def is_refused(self) -> None:
        """Access ends now: wait until all have to know, and until it was refused once."""
        self.ended, before = time.monotonic(), self.beats[-1]
        # The beat that names the new fact, and one more; by then, or a second after, nobody decides by what was before.
        while len([beat for beat in self.beats if beat != before]) < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(max(0.0, self.ended + PROMISED_SECONDS - time.monotonic()))

        async def refused() -> bool | None:
            return (await self.person.send("GET", self.path)).status_code == ENDED or None

        await until("the read is refused", refused)

    def check(self, what: str) -> None:
        """No read that began after the second was answered; says how long after the end the first was refused."""
        late = [status for began, status in self.reads if began > self.ended + PROMISED_SECONDS]
        assert set(late) <= {ENDED, UNAVAILABLE}, late
        first = next(began for began, status in self.reads if status == ENDED)
        print(f"\nThe first refused read began {1000 * (first - self.ended):.0f} ms after {what}")


@asynccontextmanager
async def reading(platform: Platform, person: Caller, path: str) -> AsyncIterator[Reader]:
    """Somebody reads all the time, and has read once."""
    async with _heartbeats(platform) as beats:
        reader = Reader(person, path, beats)

        async def read_on() -> None:
            while True:
                began = time.monotonic()
                reader.reads.append((began, (await person.send("GET", path)).status_code))

        task = asyncio.create_task(read_on())
        try:
            await reader.has_read()
            yield reader
            assert not task.done()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _heartbeats(platform: Platform) -> AsyncIterator[list[bytes]]:
    """The numbers of the directory's heartbeats, as any service hears them."""
    beats: list[bytes] = []

    async def heard(message: Msg) -> None:
        beats.append(kit_pb2.Envelope.FromString(message.data).payload)

    client = await platform.nats.connect("case")
    await client.subscribe(beat_subject(), cb=heard)
    try:
        yield beats
    finally:
        await client.close()
