"""What a client was promised, and whether the platform kept it: stored, published and audited, once each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from deploy.local.platform import Platform
from rondetafel.case.v1 import case_pb2
from rondetafel.kit.v1 import kit_pb2
from services.kit.bus import EVENTS

PRODUCERS = ("partner_directory", "case", "meeting", "audit", "portal")


@dataclass
class Journal:
    """Acknowledged commands: idempotency key to the id that was answered."""

    acknowledged: dict[str, str] = field(default_factory=dict)

    def note(self, key: str, signal_id: str) -> None:
        """The client got an answer. A repeat with another id is a loss already."""
        assert self.acknowledged.setdefault(key, signal_id) == signal_id, "a repeat answered another id"

    def promised(self) -> set[str]:
        """The ids of signals that must exist."""
        return set(self.acknowledged.values())


@dataclass(frozen=True, slots=True)
class Kept:
    """What is there of one cell: signals stored, events published, and per producer its count and the log's numbers."""

    stored: Counter[str]
    published: Counter[str]
    counted: Mapping[str, int]
    logged: Mapping[str, Counter[int]]
    waiting: int


async def look(platform: Platform, cell: str) -> Kept:
    """Read it as the administrator of databases and streams."""
    stored = [row[0] for row in await rows(platform, "case", "SELECT signal_id::text FROM signal", cell)]
    counted, waiting = {}, 0
    unsent = f"(SELECT count(*) FROM outbox WHERE tenant_id = '{UUID(cell)}' AND published_at IS NULL)"
    for producer in PRODUCERS:
        heights = f"SELECT coalesce(max(seq), 0), {unsent} FROM producer_height"
        ((counted[producer], left),) = await rows(platform, producer, heights, cell)
        waiting += left
    logged: dict[str, Counter[int]] = {producer: Counter() for producer in PRODUCERS}
    leaf = "convert_from(leaf, 'UTF8')::json"
    leaves = f"SELECT {leaf} ->> 'producer', ({leaf} ->> 'producer_seq')::bigint FROM entry"
    for producer, number in await rows(platform, "audit", leaves, cell):
        logged[producer][number] += 1
    return Kept(Counter(stored), Counter(await published(platform, cell)), counted, logged, waiting)


async def rows(platform: Platform, service: str, select: str, cell: str) -> list[tuple[Any, ...]]:
    """Rows of one cell, seen by the superuser."""
    connection = await platform.postgres.connect(f"rondetafel_{service}")
    try:
        found = await connection.fetch(f"{select} WHERE tenant_id = $1::uuid", cell)
        return [tuple(row) for row in found]
    finally:
        await connection.close()


async def published(platform: Platform, cell: str) -> list[str]:
    """The signals told of in the stream, each message id once."""
    client = await platform.nats.connect("operator")
    stream = client.jetstream()
    subscription = await stream.pull_subscribe(f"rondetafel.case.{cell}.signal.received", stream=EVENTS)
    found: dict[str, str] = {}
    try:
        while True:
            for message in await subscription.fetch(256, timeout=1):
                envelope = kit_pb2.Envelope.FromString(message.data)
                found[envelope.message_id] = case_pb2.SignalReceived.FromString(envelope.payload).signal_id
                await message.ack()
    except TimeoutError:
        return list(found.values())
    finally:
        await client.close()


def losses(journal: Journal, kept: Kept) -> list[str]:
    """What was promised or counted and is missing or there twice; empty when all was kept."""
    found = [f"signal {name} was acknowledged and is not stored" for name in journal.promised() - set(kept.stored)]
    found += [f"signal {name} is stored and was never told" for name in set(kept.stored) - set(kept.published)]
    found += [f"signal {event} was told {times} times" for event, times in kept.published.items() if times > 1]
    if len(journal.acknowledged) != len(journal.promised()):
        found.append("two requests were answered with one id")
    for producer, count in kept.counted.items():
        log = kept.logged[producer]
        found += [
            f"{producer} counted record {seq} and the log has not" for seq in range(1, count + 1) if seq not in log
        ]
        found += [f"the log has {producer} {seq} {times} times" for seq, times in log.items() if times > 1]
        found += [f"the log has {producer} {seq}, past its count" for seq in log if seq > count]
    return found


def settled(kept: Kept) -> bool:
    """Whether everything under way has arrived: nothing waits, and the log reached every producer's count."""
    reached = all(max(kept.logged[producer], default=0) >= count for producer, count in kept.counted.items())
    return kept.waiting == 0 and reached
