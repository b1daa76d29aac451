"""Which rows travel together, and that each comes out as it would have come alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from rondetafel.audit.v1 import audit_pb2
from services.kit.ids import new_id
from services.kit.parcels import MOST_BYTES, RECORD, RECORDS, envelope_of, is_sampled, one_of, packed, parcels_of

CELL, OTHER, EPOCH = uuid4(), uuid4(), uuid4()
SAMPLED, UNSAMPLED = f"00-{1:032x}-{2:016x}-01", f"00-{1:032x}-{2:016x}-00"


def row(seq: int | None, cell: UUID = CELL, **changes: Any) -> dict[str, Any]:
    record_id = new_id()
    values: dict[str, Any] = {
        "tenant_id": cell, "message_id": record_id, "stream": "audit", "type": RECORD, "subject": f"s.{cell}",
        "payload": audit_pb2.AuditRecord(record_id=str(record_id)).SerializeToString(), "producer_epoch": EPOCH,
        "producer_seq": seq, "created_at": datetime(2026, 11, 29, tzinfo=UTC),
    }  # fmt: skip
    return values | changes


def event(cell: UUID = CELL) -> dict[str, Any]:
    return row(None, cell, stream="event", type="case.listed", subject=f"e.{cell}", producer_epoch=None)


def test_records_of_a_cell_travel_together_and_events_alone() -> None:
    rows = [row(1), event(), row(1, OTHER), row(2), event(), row(3), row(2, OTHER), row(1, producer_epoch=uuid4())]
    parcels = parcels_of(rows)
    assert [kept for parcel in parcels for kept in parcel if kept["type"] != RECORD] == [rows[1], rows[4]]
    assert parcels == [
        [rows[0], rows[3], rows[5]], [rows[1]], [rows[2], rows[6]], [rows[4]], [rows[7]],
    ]  # fmt: skip


def test_no_message_is_larger_than_nats_takes() -> None:
    rows = [row(seq, payload=b"x" * (MOST_BYTES // 3)) for seq in range(1, 8)]
    parcels = parcels_of([*rows, row(8, payload=b"x" * (2 * MOST_BYTES))])
    assert [len(parcel) for parcel in parcels] == [3, 3, 1, 1]
    assert [kept for parcel in parcels[:3] for kept in parcel] == rows


def test_one_alone_travels_as_before() -> None:
    only = row(7)
    assert packed([only], "case", [UNSAMPLED]) == envelope_of(only, "case")


def test_each_comes_out_as_it_would_have_come_alone() -> None:
    rows = [row(seq) for seq in (4, 5, 6)]
    told = packed(rows, "case", [SAMPLED, UNSAMPLED, ""])
    together = audit_pb2.AuditRecords.FromString(told.payload).records
    assert (told.type, told.producer_seq, told.message_id) != (RECORD, 4, str(rows[0]["message_id"]))
    assert told.type == RECORDS
    assert [numbered.traceparent for numbered in together] == [SAMPLED, "", ""]
    ids = [str(kept["message_id"]) for kept in rows]
    assert [one_of(told, *pair) for pair in zip(together, ids, strict=True)] == [
        envelope_of(kept, "case") for kept in rows
    ]


def test_the_same_rows_make_the_same_message_and_no_others_do() -> None:
    rows = [row(seq) for seq in (1, 2, 3)]
    ids = {packed(some, "case", [""] * len(some)).message_id for some in (rows, rows[:2], rows[1:], [rows[0], rows[2]])}
    assert len(ids) == 4
    assert packed(rows, "case", ["", "", ""]) == packed(rows, "case", ["", "", ""])


def test_what_is_sampled_is_known_by_its_last_bit() -> None:
    traceparents = (SAMPLED, UNSAMPLED, "", f"{UNSAMPLED[:-2]}03", f"{UNSAMPLED[:-2]}02")
    assert list(map(is_sampled, traceparents)) == [True, False, False, True, False]
