"""What came over the stream AUDIT: messages, and the records and heights they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from nats.aio.msg import Msg

from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.audit.model.record import HighWaterMark, Record, Source
from services.kit.catalogue import RECORD_TYPES, Misaddressed


@dataclass(slots=True)
class Letter:
    """A message; `again_in` seconds it is wanted once more, whole: the log leaves out what it has of it."""

    message: Msg
    again_in: float | None = None
    dead: bool = False

    async def settle(self) -> None:
        """Tell the stream, after what came of it is committed."""
        if self.again_in is not None:
            await self.message.nak(delay=self.again_in)
        elif not self.dead:
            await self.message.ack()


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a message says, or one part of it: `data` is how that would have come alone. `traceparent` of the act."""

    letter: Letter
    content: Record | HighWaterMark
    traceparent: str
    envelope: Callable[[], kit_pb2.Envelope] | None = None


def traceparent_of(message: Msg) -> str:
    """Of the act that a message tells of; empty when it says none."""
    return (message.headers or {}).get("traceparent", "")


def content_of(envelope: kit_pb2.Envelope, letter: Letter) -> Record | HighWaterMark:
    """What a message says that says one thing. Raises Misaddressed, DecodeError or ValueError for anything else."""
    heard_at = letter.message.metadata.timestamp
    if envelope.type not in RECORD_TYPES:
        raise Misaddressed
    if envelope.type == "audit.height":
        return height_of(envelope, heard_at)
    record = pb.AuditRecord.FromString(envelope.payload)
    # Both bear the same id, by which repeats are dropped.
    if record.record_id != envelope.message_id:
        raise Misaddressed
    return record_of(record, source_of(envelope.producer, envelope.producer_epoch), envelope.producer_seq, heard_at)


@lru_cache(maxsize=1024)
def source_of(producer: str, epoch: str) -> Source:
    """The same few again and again."""
    return Source(producer, UUID(epoch))


def height_of(envelope: kit_pb2.Envelope, heard_at: datetime) -> HighWaterMark:
    """How far its sender says to have counted; nobody speaks for another."""
    height = pb.ProducerHeight.FromString(envelope.payload)
    if height.producer != envelope.producer:
        raise Misaddressed
    return HighWaterMark(source_of(height.producer, height.producer_epoch), height.producer_seq, heard_at)


def record_of(record: pb.AuditRecord, source: Source, seq: int, heard_at: datetime) -> Record:
    """The record as the log takes it. Raises ValueError for ids that are none."""
    return Record(
        record_id=UUID(record.record_id),
        source=source,
        seq=seq,
        heard_at=heard_at,
        at=record.at.ToDatetime(tzinfo=UTC),
        verb=record.verb,
        action=record.action,
        outcome=record.outcome,
        purpose=record.purpose,
        legal_basis=record.legal_basis,
        actor_id=record.actor_id,
        actor_kind=record.actor_kind,
        organisation_id=record.organisation_id,
        on_behalf_of=record.on_behalf_of,
        object_ids=tuple(dict.fromkeys(UUID(object_id) for object_id in record.object_ids)),
        fields=tuple(record.fields),
        count=record.count,
        acr=record.acr,
        trace_id=record.trace_id,
        codes=dict(record.detail),
    )
