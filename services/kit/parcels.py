"""How rows of the outbox become messages: events one by one, the records of one cell together.

A record alone travels in an envelope of its own, `audit.record`; several of one producer, cell and epoch in one,
`audit.records`. How they were put together says nothing: the log knows each by its own id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from rondetafel.audit.v1 import audit_pb2
from rondetafel.kit.v1 import kit_pb2
from services.kit.ids import new_id

RECORD, RECORDS = "audit.record", "audit.records"
MOST_BYTES = 256 * 1024
"""Of records in one message; NATS takes a megabyte."""

Parcel = Sequence[Any]
"""Rows of the outbox that travel in one message."""


def parcels_of(rows: Iterable[Any]) -> Sequence[Parcel]:
    """Each row in one parcel, in the order in which they come."""
    parcels: list[list[Any]] = []
    together: dict[tuple[Any, ...], tuple[list[Any], int]] = {}
    for row in rows:
        name = (row["tenant_id"], row["producer_epoch"], row["subject"])
        parcel, size = together.get(name, ([], MOST_BYTES))
        is_record = row["type"] == RECORD and row["producer_seq"] is not None
        if not is_record or size + len(row["payload"]) > MOST_BYTES:
            parcel, size = [], 0
            parcels.append(parcel)
        parcel.append(row)
        if is_record:
            together[name] = parcel, size + len(row["payload"])
    return parcels


def envelope_of(row: Any, producer: str) -> kit_pb2.Envelope:
    """The envelope that travels around one outbox row."""
    envelope = kit_pb2.Envelope(
        message_id=str(row["message_id"]),
        tenant_id=str(row["tenant_id"]),
        type=row["type"],
        producer=producer,
        producer_epoch=str(row["producer_epoch"] or ""),
        producer_seq=row["producer_seq"] or 0,
        payload=row["payload"],
    )
    envelope.occurred_at.FromDatetime(row["created_at"])
    return envelope


def packed(parcel: Parcel, producer: str, traceparents: Sequence[str]) -> kit_pb2.Envelope:
    """The envelope around a parcel. The same rows make the same message, so the stream knows a repeat."""
    envelope = envelope_of(parcel[0], producer)
    if len(parcel) == 1:
        return envelope
    together = audit_pb2.AuditRecords()
    for row, traceparent in zip(parcel, traceparents, strict=True):
        kept = traceparent if is_sampled(traceparent) else ""
        together.records.add(producer_seq=row["producer_seq"], record=row["payload"], traceparent=kept)
    envelope.message_id = _name_of(b"".join(row["message_id"].bytes for row in parcel))
    envelope.type, envelope.producer_seq, envelope.payload = RECORDS, 0, together.SerializeToString()
    return envelope


def one_of(envelope: kit_pb2.Envelope, numbered: audit_pb2.NumberedRecord, record_id: str) -> kit_pb2.Envelope:
    """One of several as it would have travelled alone; what cannot be read has no id of its own."""
    alone = kit_pb2.Envelope()
    alone.CopyFrom(envelope)
    own = record_id or _name_of(f"{envelope.message_id} {numbered.producer_seq}".encode())
    alone.message_id, alone.type, alone.producer_seq, alone.payload = (
        own, RECORD, numbered.producer_seq, numbered.record,
    )  # fmt: skip
    return alone


def _name_of(content: bytes) -> str:
    return str(UUID(bytes=hashlib.sha256(content).digest()[:16]))


def height_of(producer: str, tenant_id: UUID, epoch: UUID, seq: int) -> kit_pb2.Envelope:
    """How far a producer has counted in a cell."""
    height = audit_pb2.ProducerHeight(producer=producer, producer_epoch=str(epoch), producer_seq=seq)
    envelope = kit_pb2.Envelope(
        message_id=str(new_id()), tenant_id=str(tenant_id), type="audit.height", producer=producer,
        payload=height.SerializeToString(),
    )  # fmt: skip
    envelope.occurred_at.FromDatetime(datetime.now(UTC))
    return envelope


def is_sampled(traceparent: str) -> bool:
    """Whether anybody keeps the spans of this W3C traceparent."""
    return traceparent[-1:] in tuple("13579bdf")
