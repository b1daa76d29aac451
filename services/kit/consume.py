"""Hearing what happened elsewhere: durable pull consumer, effect and inbox row in one transaction, then ack.

At-least-once delivery, exactly-once effect. A poison message is tried again with growing pauses, then set aside in the
dead-letter stream with an alarm; it is never lost and never blocks the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.message import DecodeError, Message
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from opentelemetry.trace import SpanKind
from prometheus_client import Counter

from rondetafel.kit.v1 import kit_pb2
from services.kit import telemetry
from services.kit.bus import DEAD, EVENTS, Bus
from services.kit.catalogue import RECORD_TYPES, Misaddressed, dead_subject
from services.kit.errors import AlreadyHandled, Unavailable
from services.kit.execute import Executor, HandlerOf
from services.kit.incoming import Incoming
from services.kit.outbox import Delivery
from services.kit.principal import system
from services.kit.reading import reader
from services.kit.shapes import SAME, Differences

logger = logging.getLogger(__name__)

Told = TypeVar("Told")

MAX_TRIES = 6
FETCH_SECONDS = 5
REST_SECONDS = 0.005
"""How long the rest of a batch may take to arrive at least: what is there comes at once."""

DEAD_LETTERS = Counter("rondetafel_dead_letters_total", "Messages set aside; alarm above 0", ["service", "type"])


def backoff(tries: int) -> float:
    """Seconds until a message that failed `tries` times is tried again: 1, 2, 4 ... at most 30."""
    return float(min(2 ** (tries - 1), 30))


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one event type leads to: `to_command` reads the payload, `handler` runs it as the system principal.

    `to_command` may run twice and MUST change nothing; it raises ValueError or DecodeError for what it cannot read.
    `handler` may run twice as well, its effect is committed once; but later news may have come before, so it MUST keep
    the newest version. Unavailable is tried again without end, ValueError set aside at once, else after MAX_TRIES.
    `after` is told the command once its effect is committed, for what a process keeps in memory. It may run twice, and
    in a process that is killed or did not draw the message not at all: what it keeps MUST be no more than a copy.
    """

    handler: Callable[[Any, Any], Any]
    to_command: Callable[[kit_pb2.Envelope], Any]
    after: Callable[[Any], None] | None = None


def hears(
    message: type[Message], command: type[Told], handler: HandlerOf[Told, Any], differences: Differences = SAME
) -> Subscription:
    """What one event type leads to: its message, read field by field into the command of a handler."""
    read = reader(command, message, differences, facts=True)
    return Subscription(handler, lambda envelope: read(message.FromString(envelope.payload)))


async def bound(bus: Bus, stream: str, durable: str) -> Any:
    """The durable pull consumer of that name, which the operator made (deploy/nats/consumers.py).

    Raises nats' NotFoundError while it is missing: a service can make none.
    """
    await bus.stream.consumer_info(stream, durable)
    return await bus.stream.pull_subscribe_bind(durable, stream)


Take = Callable[[list[Msg]], Awaitable[None]]
"""MUST acknowledge each message, and after its effect is committed: `ack`, or `nak` to have it again, or `dead_letter`.
One that is left comes again after 30 s (deploy/nats/consumers.py), without end. It may be given the same message twice.
"""


class RawConsumer:
    """Pulls batches of one durable consumer and hands them to `take`, which acknowledges; waits out an absent NATS.

    After the first message it waits `gather` seconds for others: larger batches, where a later effect does no harm.
    """

    def __init__(
        self, bus: Bus, stream: str, durable: str, take: Take, *, batch: int = 64, gather: float = 0
    ) -> None:  # fmt: skip
        self._bus = bus
        self._names = (stream, durable)
        self._take = take
        self._batch = batch
        self._gather = gather
        self.gathered = 0
        """Messages it has in hand and has not handed on."""

    async def run(self) -> None:
        """Consume until cancelled."""
        while True:
            subscription = None
            try:
                await self._bus.wait()
                subscription = await bound(self._bus, *self._names)
                while True:
                    await self._fetch(subscription)
            except (OSError, NatsError, TimeoutError, Unavailable) as error:
                logger.warning("consumer waits: %s", type(error).__name__)
                await asyncio.sleep(0.5)
            finally:
                if subscription is not None and self._bus.connected:
                    await subscription.unsubscribe()

    async def _fetch(self, subscription: Any) -> None:
        """Wait for one, then take what else is there. Asked for many at once, nats-py may hold the first back until its
        time-out: an earlier request that outlived its own sends one message, and it waits for the rest."""
        try:
            messages = await subscription.fetch(1, timeout=FETCH_SECONDS)
        except TimeoutError:
            return
        self.gathered = len(messages)
        try:
            await asyncio.sleep(self._gather)
            with contextlib.suppress(TimeoutError):
                rest = max(REST_SECONDS, self._gather / 5)
                messages += await subscription.fetch(self._batch - 1, timeout=rest)
        except asyncio.CancelledError:
            # Given back at once: the next process need not wait until they count as lost.
            for message in messages:
                await message.nak()
            raise
        self.gathered = 0
        await self._take(messages)


async def dead_letter(bus: Bus, service: str, message: Msg) -> None:
    """Put a message that cannot be digested into the dead-letter stream, with an alarm; it comes no more.

    May run twice: cut off between the two steps, the message comes again, and the stream drops the repeat. Raises
    NatsError when the stream does not take it; the message then counts as not acknowledged.
    Of its headers only the trace goes along: the others are orders to the server, and its sender's.
    """
    await set_aside(bus, service, message, message.data)
    await message.term()


async def set_aside(bus: Bus, service: str, message: Msg, data: bytes, part: str = "") -> None:
    """Put what came in a message, or a part of it, into the dead-letter stream, with an alarm. Raises NatsError."""
    subject = dead_subject(service, ".".join(message.subject.split(".")[3:]) or RECORD_TYPES[0])
    event_type = subject.split(".", 2)[2]
    DEAD_LETTERS.labels(service, event_type).inc()
    logger.error("a message of type %s was set aside in the dead-letter stream", event_type)
    place = f"{message.metadata.stream}.{message.metadata.sequence.stream}{part}"
    headers = {"Nats-Msg-Id": f"{service}.{place}", "traceparent": (message.headers or {}).get("traceparent", "")}
    await bus.stream.publish(subject, data, stream=DEAD, headers=headers)


class Consumer:
    """Hears the events meant for one service, in order, as the system principal `<service>.consumer`."""

    def __init__(
        self,
        bus: Bus,
        executor: Executor,
        incoming: Incoming,
        hears: Mapping[str, Subscription],
        *,
        pause: Callable[[int], float] = backoff,
    ) -> None:
        self._pause = pause
        self._bus = bus
        self._executor = executor
        self._incoming = incoming
        self._service = incoming.service
        self._hears = hears
        self._raw = RawConsumer(bus, EVENTS, self._service, self._take_all)

    async def run(self) -> None:
        """Consume until cancelled."""
        await self._raw.run()

    async def _take_all(self, messages: list[Msg]) -> None:
        for message in messages:
            await self._take(message)

    async def _take(self, message: Msg) -> None:
        tries = message.metadata.num_delivered
        try:
            await self.handle(message)
        except Unavailable:
            await message.nak(delay=1)
        except (Misaddressed, DecodeError, ValueError):
            await dead_letter(self._bus, self._service, message)
        except Exception:
            logger.exception("a message failed")
            if tries >= MAX_TRIES:
                await dead_letter(self._bus, self._service, message)
            else:
                await message.nak(delay=self._pause(tries))
        else:
            await message.ack()

    async def handle(self, message: Msg) -> None:
        """Run the handler of one message; a repeat has no effect."""
        envelope = await self._incoming.open(message.subject, message.data)
        hears = self._hears.get(envelope.type)
        if hears is None:
            raise Misaddressed
        parent = (message.headers or {}).get("traceparent")
        with telemetry.span(f"consume {envelope.type}", SpanKind.CONSUMER, parent, subject__type=envelope.type):
            principal = system(f"{self._service}.consumer", UUID(envelope.tenant_id))
            delivery = Delivery(self._service, UUID(envelope.message_id))
            command = hears.to_command(envelope)
            with contextlib.suppress(AlreadyHandled):
                await self._executor.run(principal, hears.handler, command, delivery=delivery)
            if hears.after is not None:
                hears.after(command)
