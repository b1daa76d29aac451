"""The last statement of every act: audit record, events, producer sequence, idempotency key and inbox, together.

Taken last because the sequence row of the cell is locked from here to commit: measured seven times the throughput of
taking it first (docs/architecture.md, A command).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from google.protobuf.message import Message

from rondetafel.audit.v1 import audit_pb2
from services.kit.catalogue import audit_subject, event_subject
from services.kit.database import Transaction
from services.kit.ids import new_id
from services.kit.seals import OutboxRow, Seals


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that happened. `type` is its catalogue name in the past tense; `message` holds ids, codes, times.

    Its hearers get it at least once, perhaps twice, perhaps after a later one: the message MUST carry the whole fact
    and the version of what it is about.
    """

    type: str
    message: Message


@dataclass(frozen=True, slots=True)
class Receipt:
    """What every command answers: frame data only. A repeat of the command answers the same."""

    id: UUID
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The caller's own name for a request; `request_hash` is keyed, so it tells nothing about the request."""

    caller_id: UUID
    key: str
    handler: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run under the same key was of, and what it answered."""

    handler: str
    request_hash: bytes
    receipt: Receipt

    def answers(self, asked: Idempotency) -> bool:
        """Whether it was the same request."""
        return self.handler == asked.handler and self.request_hash == asked.request_hash


@dataclass(frozen=True, slots=True)
class Delivery:
    """The message an act answers; written to the inbox with the effect, so a repeat has none."""

    consumer: str
    message_id: UUID


_FIND_KEY = """
SELECT handler, request_hash, result_id, result_state, result_version FROM idempotency
WHERE tenant_id = $1 AND caller_id = $2 AND key = $3 AND created_at > $4::timestamptz - interval '24 hours'"""

# The parameters by number. Nothing but this order says which is which, so `write_last` MUST give them in it:
#   1 tenant_id, 2 now, 3 traceparent;
#   the record, or four times NULL: 4 payload, 5 message_id, 6 subject, 7 seal (`_record_values`);
#   the events, arrays of one length: 8 message_ids, 9 types, 10 subjects, 11 payloads, 12 seals (`_event_values`);
#   of a message that is answered: 13 consumer, 14 message_id (`_last_of`);
#   or of a request with a key: 13 caller_id, 14 key, 15 handler, 16 request_hash, 17 result_id, 18 result_state,
#   19 result_version (`_keyed_values`).
_TELL = """
WITH producer AS (
    INSERT INTO producer_height AS height (tenant_id, epoch, seq)
    SELECT $1::uuid, epoch, 1 FROM producer_epoch
    WHERE $4::bytea IS NOT NULL
    ON CONFLICT (tenant_id, epoch) DO UPDATE SET seq = height.seq + 1
    RETURNING epoch, seq),
record AS (
    INSERT INTO outbox (tenant_id, message_id, stream, type, subject, payload, traceparent,
                        producer_epoch, producer_seq, created_at, seal)
    SELECT $1::uuid, $5::uuid, 'audit', 'audit.record', $6::text,
           $4::bytea, $3::text, epoch, seq, $2::timestamptz, $7::bytea FROM producer),
events AS (
    INSERT INTO outbox (tenant_id, message_id, stream, type, subject, payload, traceparent, created_at, seal)
    SELECT $1::uuid, one.message_id, 'event', one.type, one.subject, one.payload, $3::text,
           $2::timestamptz, one.seal
    FROM unnest($8::uuid[], $9::text[], $10::text[], $11::bytea[], $12::bytea[])
         AS one (message_id, type, subject, payload, seal))"""
_DELIVERED = """,
delivered AS (
    INSERT INTO inbox (tenant_id, consumer, message_id, handled_at)
    VALUES ($1::uuid, $13::text, $14::uuid, $2::timestamptz))"""
_KEYED = """,
keyed AS (
    INSERT INTO idempotency (tenant_id, caller_id, key, handler, request_hash, result_id, result_state, result_version,
                             created_at)
    VALUES ($1::uuid, $13::uuid, $14::text, $15::text, $16::bytea, $17::uuid, $18::text, $19::bigint, $2::timestamptz)
    ON CONFLICT (tenant_id, caller_id, key) DO UPDATE SET
        handler = excluded.handler, request_hash = excluded.request_hash, result_id = excluded.result_id,
        result_state = excluded.result_state, result_version = excluded.result_version, created_at = excluded.created_at
    WHERE idempotency.created_at <= excluded.created_at - interval '24 hours'
    RETURNING 1)"""
_HEIGHT = """
SELECT {keyed} AS keyed, producer.epoch, producer.seq FROM (SELECT 1) AS always LEFT JOIN producer ON true"""

# Which tables an act writes last is asked of its role even for no row of them: so each kind of act names its own.
_LAST = _TELL + _HEIGHT.format(keyed=0)
_LAST_DELIVERED = _TELL + _DELIVERED + _HEIGHT.format(keyed=0)
_LAST_KEYED = _TELL + _KEYED + _HEIGHT.format(keyed="(SELECT count(*) FROM keyed)")


@dataclass(frozen=True, slots=True)
class HighWaterMark:
    """How far this producer has counted in one cell: the number of the record just written."""

    tenant_id: UUID
    epoch: UUID
    seq: int


class KeyTaken(Exception):
    """A concurrent run took the idempotency key and committed; its receipt is the answer."""


async def find_receipt(
    transaction: Transaction, tenant_id: UUID, idempotency: Idempotency, now: datetime
) -> Earlier | None:
    """The earlier run under this key, None if there was none."""
    row = await transaction.raw.fetchrow(_FIND_KEY, tenant_id, idempotency.caller_id, idempotency.key, now)
    if row is None:
        return None
    receipt = Receipt(row["result_id"], row["result_state"], row["result_version"])
    return Earlier(row["handler"], row["request_hash"], receipt)


async def write_last(
    transaction: Transaction, tenant_id: UUID, seals: Seals, now: datetime, traceparent: str, *,
    record: audit_pb2.AuditRecord | None, events: list[Event], idempotency: Idempotency | None = None,
    receipt: Receipt | None = None, delivery: Delivery | None = None,
) -> HighWaterMark | None:  # fmt: skip
    """Write what must be committed with the act, sealed; the record's number. MUST be the transaction's last statement.

    Raises KeyTaken when a concurrent run used the idempotency key meanwhile, asyncpg's UniqueViolationError on
    inbox_pkey when it handled the message; the caller MUST roll back then. The mark MUST be told to the relay after
    the commit, never before: the number of an act that came to nothing would be looked for as missing.
    """
    if record is None and not events and idempotency is None and delivery is None:
        return None
    keyed = (idempotency, receipt) if idempotency is not None and receipt is not None else None
    statement, values = _last_of(keyed, delivery)
    producer = seals.service
    row = await transaction.raw.fetchrow(
        statement, tenant_id, now, traceparent,
        *_record_values(_record_row(tenant_id, producer, now, traceparent, record) if record else None, seals),
        *_event_values([_event_row(tenant_id, producer, now, traceparent, event) for event in events], seals),
        *values,
    )  # fmt: skip
    assert row is not None
    if keyed and row["keyed"] == 0:
        raise KeyTaken
    return HighWaterMark(tenant_id, row["epoch"], row["seq"]) if row["seq"] is not None else None


def _last_of(keyed: tuple[Idempotency, Receipt] | None, delivery: Delivery | None) -> tuple[str, tuple[object, ...]]:
    """The statement for this kind of act, and its own values. A message bears no idempotency key."""
    if delivery is not None:
        assert keyed is None
        return _LAST_DELIVERED, (delivery.consumer, delivery.message_id)
    return (_LAST_KEYED, _keyed_values(*keyed)) if keyed else (_LAST, ())


def _record_row(
    tenant_id: UUID, producer: str, now: datetime, traceparent: str, record: audit_pb2.AuditRecord
) -> OutboxRow:
    subject, payload = audit_subject(producer, tenant_id), record.SerializeToString()
    return OutboxRow(
        tenant_id, UUID(record.record_id), "audit", "audit.record", subject, payload, traceparent, now
    )  # fmt: skip


def _event_row(tenant_id: UUID, producer: str, now: datetime, traceparent: str, event: Event) -> OutboxRow:
    subject, payload = event_subject(event.type, producer, tenant_id), event.message.SerializeToString()
    return OutboxRow(tenant_id, new_id(), "event", event.type, subject, payload, traceparent, now)


def _record_values(row: OutboxRow | None, seals: Seals) -> tuple[object, ...]:
    return (row.payload, row.message_id, row.subject, seals.seal(row)) if row else (None, None, None, None)


def _event_values(rows: list[OutboxRow], seals: Seals) -> tuple[object, ...]:
    columns = [[getattr(row, name) for row in rows] for name in ("message_id", "type", "subject", "payload")]
    return (*columns, [seals.seal(row) for row in rows])


def _keyed_values(idempotency: Idempotency, receipt: Receipt) -> tuple[object, ...]:
    return (
        idempotency.caller_id, idempotency.key, idempotency.handler, idempotency.request_hash,
        receipt.id, receipt.state, receipt.version,
    )  # fmt: skip
