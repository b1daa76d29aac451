"""Live pages: a stream says how far their cells are; a page that is behind reads by ordinary, recorded queries.

Every process of the portal hears all events (core NATS, not a durable consumer, which would share them out). A browser
has one stream for all its pages (static/live.js), which names the sessions they show. What is missed while NATS is
away, or between two streams, shows at the beginning of the next one. Without a heartbeat for a second no stream goes
on: NATS may hang and hold back the very end of a sign-in.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from uuid import UUID

from google.protobuf.message import DecodeError
from nats.aio.msg import Msg
from prometheus_client import Gauge

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
from services.portal.web.request.heard import Heard, line, other
from services.portal.web.ui.forms import uuid_or_none

logger = logging.getLogger(__name__)

OPEN = Gauge("rondetafel_portal_streams", "Streams of live pages that are open")

REVOKING = ("sign_in.ended", "identity.disabled")
HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS, LEAST_LOOK_SECONDS = 1.0, 0.05
SETTLED_SECONDS = MAX_SILENCE_SECONDS + MAX_SKEW_SECONDS
"""So long after a mandate changed a service may still answer by the facts of before."""

SILENT = "retry: 5000\n\n"
FULL = "retry: 60000\n\n"
"""The browser comes back in a minute; its pages are up to date then, not before."""
COME_BACK = "retry: {milliseconds}\n\n"
"""No stream is held open on a check that may be of before a mandate changed: how far it is, and when to ask again."""
STILL_HERE = ": still here\n\n"


@dataclass(frozen=True, slots=True)
class Room:
    """How many streams there may be at once. The rest of the connections (kit/limits.py) is for all that is short.

    One sign-in is one browser, which needs one; those that cannot share need one for each page in view.
    """

    everywhere: int = 2_000
    of_address: int = 256
    of_sign_in: int = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What a stream is to tell of: a cell for each session it named, None where the person may not listen.

    `endings` is how often streams had been made to end before that was checked.
    """

    cells: tuple[UUID | None, ...]
    identities: tuple[UUID, ...]
    source: str
    endings: int


@dataclass(eq=False, slots=True)
class Listener:
    """One stream: what it asked for, what it told last of each, what it waits for, and its last words once it ends."""

    asked: Asked
    told: list[str] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    last_words: str | None = None

    def end(self, last_words: str = "") -> None:
        """Let it end, with these words; what it was to say before stays said."""
        self.last_words = (self.last_words or "") + last_words
        self.woken.set()

    @property
    def ended(self) -> bool:
        """Whether it must end."""
        return self.last_words is not None

    @property
    def all_is_old(self) -> str:
        """Whatever its pages show, they have to read it again."""
        return "".join(line(number, other()) for number in range(len(self.asked.cells)))


class Changes:
    """Tells the open streams how far their cells are.

    When a mandate of the cell changes, or the own sign-in ends, a stream ends: the browser opens another, and that one
    is checked anew (invariant 15); as long as that check may be by facts of before, none stays open. `silent_in` is how
    many seconds from now the directory will have been silent for too long; then all end.
    """

    def __init__(
        self, revocations: Revocations, silent_in: Callable[[], float], *, room: Room | None = None,
        settled: float = SETTLED_SECONDS,
    ) -> None:  # fmt: skip
        self.heard = Heard()
        self._revocations = revocations
        self._silent_in = silent_in
        self._room = room or Room()
        self._settled = settled
        self._settling: dict[UUID, float] = {}
        """Cells in which a mandate changed just now, and until when a check there is worth little."""
        self._listeners: dict[Listener, None] = {}
        """The oldest first."""
        self._again: dict[UUID, asyncio.TimerHandle] = {}
        """Cells in which a circle changed just now, and when that is told a second time."""
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
        self._end_all()
        known = bus.client.stats["reconnects"]
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, max(self._silent_in(), LEAST_LOOK_SECONDS)))
            self.end_when_silent()
            if bus.client.stats["reconnects"] != known:
                known = bus.client.stats["reconnects"]
                self._end_all()

    async def hear(self, incoming: Incoming, subject: str, data: bytes) -> None:
        """A message came in. What is not what it says it is, is nothing."""
        try:
            self.take(await incoming.open(subject, data))
        except (Misaddressed, DecodeError):
            logger.error("a forged or broken event reached the live pages")
        except Unavailable:
            # It may be true: streams that end are begun anew, and checked.
            self._end_all()

    def take(self, envelope: kit_pb2.Envelope) -> None:
        """An event happened."""
        if envelope.type in REVOKING:
            # Told in the tenant of the platform, whatever the cells the person sits in.
            self._revoke(_revocation_of(envelope))
            return
        cell = uuid_or_none(envelope.tenant_id)
        if cell is None:
            return
        if envelope.type == "mandate.changed":
            self._settle(cell)
            self.endings += 1
            for listener in self._of(cell):
                listener.end()
        if envelope.type == "circle.changed":
            self._tell_again(cell)
        self._more(cell)

    def _of(self, cell: UUID) -> list[Listener]:
        return [listener for listener in self._listeners if cell in listener.asked.cells]

    def _more(self, cell: UUID) -> None:
        self.heard.more(cell)
        for listener in self._of(cell):
            listener.woken.set()

    def _tell_again(self, cell: UUID) -> None:
        """The meeting service hears of a circle when the portal does: what was read at once may be of before."""
        if waiting := self._again.pop(cell, None):
            waiting.cancel()
        self._again[cell] = asyncio.get_running_loop().call_later(self._settled, self._more, cell)

    def end_when_silent(self) -> None:
        """End all streams when the directory was not heard for a second."""
        if self._silent_in() <= 0 and self._listeners:
            self._end_all()

    async def end_all(self) -> None:
        """Let every stream end, and begin none; called when the door drains."""
        self._closed = True
        for listener in self._listeners:
            listener.end()

    async def stream(self, asked: Asked, seconds: float) -> AsyncIterator[str]:
        """Server-sent events, at most so long. A comment now and then keeps the connection open.

        Whoever does not read holds back one message at most: what is said is how far it is now.
        """
        listener = Listener(asked)
        if self._closed or not self._has_room(asked):
            yield self._news(listener) + FULL
            return
        self._listeners[listener] = None
        OPEN.inc()
        try:
            if self._silent_in() <= 0:
                listener.end(listener.all_is_old + SILENT)
            elif settling := self._settling_in(asked.cells):
                listener.end(COME_BACK.format(milliseconds=ceil(1000 * settling)))
            elif asked.endings != self.endings:
                listener.end()
            yield self._news(listener)
            loop = asyncio.get_running_loop()
            until = loop.time() + seconds
            while not listener.ended and (left := until - loop.time()) > 0:
                await _woken(listener, min(left, HEARTBEAT_SECONDS))
                yield self._news(listener) or STILL_HERE
            yield self._news(listener) + (listener.last_words or "") or STILL_HERE
        finally:
            del self._listeners[listener]
            OPEN.dec()

    def _news(self, listener: Listener) -> str:
        """How far each is that is further than was told. Of what it may not hear it is said once that it is old."""
        first, cells = not listener.told, listener.asked.cells
        now = [
            (other() if first else listener.told[number]) if cell is None else self.heard.of(cell)
            for number, cell in enumerate(cells)
        ]
        told, listener.told = listener.told or [""] * len(cells), now
        return "".join(
            line(number, token) for number, (token, before) in enumerate(zip(now, told, strict=True)) if token != before
        )

    def _settle(self, cell_id: UUID) -> None:
        """What is asked for in this cell from now on may be checked by facts of before: it holds no stream open."""
        now = asyncio.get_running_loop().time()
        self._settling = {cell: until for cell, until in self._settling.items() if until > now}
        self._settling[cell_id] = now + self._settled

    def _settling_in(self, cells: Iterable[UUID | None]) -> float:
        """Seconds until a check in all of these cells is worth something again; 0.0 when it is."""
        now = asyncio.get_running_loop().time()
        left = [self._settling.get(cell, now) - now for cell in cells if cell is not None]
        return max([0.0, *left])

    def _end_all(self) -> None:
        """Something may have been missed."""
        self.endings += 1
        self.heard.anew()
        for listener in self._listeners:
            listener.end()

    def _revoke(self, revocation: Revocation | None) -> None:
        """What cannot be read may be anybody's."""
        if revocation is not None:
            self._revocations.add(revocation)
        self.endings += 1
        for listener in self._listeners:
            if revocation is None or revocation.identity_id in listener.asked.identities:
                listener.end(listener.all_is_old)

    def _has_room(self, asked: Asked) -> bool:
        """Whether there may be one more. Where its own sign-in has too many, its oldest ends for it."""
        of_address = sum(listener.asked.source == asked.source for listener in self._listeners)
        if len(self._listeners) >= self._room.everywhere or of_address >= self._room.of_address:
            return False
        mine = [each for each in self._listeners if each.asked.identities == asked.identities and not each.ended]
        for oldest in mine[: max(0, len(mine) + 1 - self._room.of_sign_in)]:
            oldest.end(FULL)
        return True


async def _woken(listener: Listener, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(listener.woken.wait(), seconds)
    listener.woken.clear()


def _revocation_of(envelope: kit_pb2.Envelope) -> Revocation | None:
    """What was revoked; None when it cannot be read."""
    try:
        return revocation_of(directory_pb.Revocation.FromString(envelope.payload))
    except (DecodeError, ValueError):
        return None
