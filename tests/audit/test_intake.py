"""From a producer's outbox over the stream into the log and back, on real PostgreSQL and NATS."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.message import DecodeError
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.audit.model.leaf import parse_leaf
from services.audit.model.record import HighWaterMark, Source
from services.audit.queries.search_audit import SearchAudit, search_audit
from services.case.commands.enter_signal import EnterSignal, enter_signal
from services.case.person import PersonConcerned
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.bus import AUDIT, DEAD
from services.kit.ids import new_id
from services.kit.partial_dates import PartialDay
from services.kit.policy import Role
from tests.audit.flow import Flow, confirmed, intake, producing, until
from tests.audit.records import findings, leaves, rows
from tests.background import running
from tests.harness import Cell

SIGNAL = EnterSignal(
    nis_code="24001",
    person=PersonConcerned("Milan", "Claes", PartialDay(2010, 4, 2), "Kerkstraat 1"),
    observed="Hij trekt zich terug.",
    tried="Gesprek met moeder.",
    reason="Wij kennen de school niet.",
    urgent=False,
    minor=True,
    language="nl",
)


async def test_an_act_reaches_the_log_and_its_producer_drops_its_copy(flow: Flow) -> None:
    reporter, dpo = await flow.case_cell.person(Role.PARTICIPANT), await flow.audit_cell.person(Role.DPO)
    receipt = await reporter.run(enter_signal, SIGNAL)
    await reporter.run(read_signal, ReadSignal(receipt.id))
    recorded = await flow.waiting()
    async with running(intake(flow.audit, flow.watch)):
        await confirmed(flow)
    assert set(recorded) <= set(await flow.logged())
    page = await dpo.run(search_audit, SearchAudit(object_id=receipt.id))
    actions = [parse_leaf(entry.leaf.encode())["action"] for entry in page.entries]
    assert actions == ["read_signal", "enter_signal"]
    assert {entry.detail and entry.detail["actor_id"] for entry in page.entries} == {str(reporter.person_id)}


async def test_a_height_published_by_the_relay_reaches_the_position(flow: Flow) -> None:
    reporter = await flow.case_cell.person(Role.PARTICIPANT)
    await reporter.run(enter_signal, SIGNAL)
    async with running(intake(flow.audit, flow.watch)):
        await confirmed(flow)
        await flow.case.relay.publish_heights()

        async def reached() -> bool:
            positions = await rows(flow.audit_cell, "SELECT highest, height FROM producer_position")
            return positions == [(max(await flow.logged()),) * 2]

        await until(reached)


async def test_the_search_itself_comes_back_to_the_log(flow: Flow) -> None:
    dpo = await flow.audit_cell.person(Role.DPO)
    async with running(intake(flow.audit, flow.watch)):
        await dpo.run(search_audit, SearchAudit())

        async def searched() -> bool:
            page = await dpo.run(search_audit, SearchAudit(actor_id=dpo.person_id))
            return any('"action":"search_audit"' in entry.leaf for entry in page.entries)

        await until(searched)


async def test_a_deleted_outbox_row_is_found_as_a_hole(flow: Flow) -> None:
    reporter = await flow.case_cell.person(Role.PARTICIPANT)
    await flow.case.bus.close()
    for _ in range(3):
        await reporter.run(enter_signal, SIGNAL)
    lost = (await flow.waiting())[-2]
    connection = await flow.servers.postgres.connect("rondetafel_case")
    await connection.execute(
        "DELETE FROM outbox WHERE tenant_id = $1 AND producer_seq = $2", flow.case_cell.cell_id, lost
    )
    await connection.close()
    async with producing(flow.servers, flow.case.harness), running(intake(flow.audit, flow.watch)):

        async def arrived() -> bool:
            return await flow.logged() == [number for number in range(1, lost + 2) if number != lost]

        await until(arrived)
    await flow.watch.check()
    assert await findings(flow.audit_cell) == []
    flow.watch.hear(HighWaterMark(Source("case", uuid4()), 0, datetime.now(UTC) + timedelta(minutes=2)))
    await flow.watch.check()
    assert await findings(flow.audit_cell) == [("hole", lost, lost, False)]


async def dead_letters(servers: Servers) -> int:
    """How many messages the audit service set aside."""
    operator = await servers.nats.connect("operator")
    try:
        info = await operator.jetstream().stream_info(DEAD, subjects_filter="rondetafel_dead.audit.>")
        return sum((info.state.subjects or {}).values())
    finally:
        await operator.close()


def enveloped(cell: Cell, record: pb.AuditRecord, seq: int, **changes: Any) -> kit_pb2.Envelope:
    """What the case service's relay sends."""
    values: dict[str, Any] = {
        "message_id": record.record_id, "tenant_id": str(cell.cell_id), "type": "audit.record", "producer": "case",
        "producer_epoch": str(UUID(int=7)), "producer_seq": seq, "payload": record.SerializeToString(),
    }  # fmt: skip
    return kit_pb2.Envelope(**(values | changes))


def record_message(**changes: Any) -> pb.AuditRecord:
    """A record as producers write it."""
    values: dict[str, Any] = {
        "record_id": str(new_id()), "verb": "consult", "action": "read_case", "outcome": "allow",
        "actor_id": str(uuid4()), "actor_kind": "person", "object_ids": [str(uuid4())],
    }  # fmt: skip
    record = pb.AuditRecord(**(values | changes))
    record.at.FromDatetime(datetime(2026, 11, 24, 9, tzinfo=UTC))
    return record


async def test_what_cannot_be_read_is_set_aside_and_blocks_nobody(flow: Flow) -> None:
    cell, before = flow.audit_cell, await dead_letters(flow.servers)
    height = pb.ProducerHeight(producer="meeting", producer_epoch=str(UUID(int=7)), producer_seq=9).SerializeToString()
    poison = [
        b"\xff\xff not an envelope",
        enveloped(cell, record_message(), 2, tenant_id=str(uuid4())).SerializeToString(),
        enveloped(cell, record_message(), 3, producer="meeting").SerializeToString(),
        enveloped(cell, record_message(), 4, type="audit.gossip").SerializeToString(),
        enveloped(cell, record_message(), 5, message_id=str(new_id())).SerializeToString(),
        enveloped(cell, record_message(object_ids=["x"]), 6).SerializeToString(),
        enveloped(cell, record_message(verb="gossip"), 7).SerializeToString(),
        enveloped(cell, record_message(), 8, producer_epoch="").SerializeToString(),
        enveloped(cell, record_message(), 9, type="audit.height", payload=height).SerializeToString(),
    ]
    good = [enveloped(cell, record_message(), seq).SerializeToString() for seq in (1, 10)]
    for message in (good[0], *poison, good[1]):
        await flow.case.bus.stream.publish(f"rondetafel_audit.case.{cell.cell_id}", message, stream=AUDIT)
    async with running(intake(flow.audit, flow.watch)):

        async def all_taken() -> bool:
            return await dead_letters(flow.servers) - before == len(poison) and {1, 10} <= set(await flow.logged())

        await until(all_taken)
    assert not set(range(2, 10)) & {
        parse_leaf(leaf)["producer_seq"] for leaf in await leaves(cell) if b'"read_case"' in leaf
    }


def together(cell: Cell, numbered: dict[int, bytes]) -> bytes:
    """What a relay sends that had several records of a cell."""
    several = pb.AuditRecords(
        records=[pb.NumberedRecord(producer_seq=seq, record=record) for seq, record in numbered.items()]
    )
    whole = enveloped(cell, record_message(), 0, type="audit.records", payload=several.SerializeToString())
    return whole.SerializeToString()


async def aside(servers: Servers, cell: Cell) -> list[int]:
    """The numbers of this cell's records among what the audit service set aside."""
    operator, found, place = await servers.nats.connect("operator"), [], 1
    try:
        while True:
            letter = await operator.jetstream().get_msg(DEAD, place, "rondetafel_dead.audit.>", next=True)
            try:
                envelope = kit_pb2.Envelope.FromString(letter.data or b"")
            except DecodeError:
                envelope = kit_pb2.Envelope()
            if envelope.tenant_id == str(cell.cell_id):
                assert envelope.type == "audit.record"
                found.append(envelope.producer_seq)
            place = (letter.seq or 0) + 1
    except NotFoundError:
        return sorted(found)
    finally:
        await operator.close()


async def test_of_several_in_one_message_only_what_is_poison_is_set_aside(flow: Flow) -> None:
    """Each with its own number, as it would have come alone; the others are in the log, once."""
    cell, subject = flow.audit_cell, f"rondetafel_audit.case.{flow.audit_cell.cell_id}"
    records = {seq: record_message() for seq in (1, 3, 6)}
    numbered = {seq: record.SerializeToString() for seq, record in records.items()} | {
        2: record_message(verb="gossip").SerializeToString(), 4: b"\xff\xff no record",
        5: record_message(object_ids=["x"]).SerializeToString(),
    }  # fmt: skip
    # Repeats: another message has some of the same, and one comes alone, as those of before an upgrade do.
    again = {seq: numbered[seq] for seq in (3, 6)} | {7: record_message().SerializeToString()}
    nothing_good = {8: b"\xff\xff no record", 9: record_message(object_ids=["x"]).SerializeToString()}
    alone = enveloped(cell, records[1], 1).SerializeToString()
    for message in (alone, together(cell, nothing_good), together(cell, numbered), together(cell, again)):
        await flow.case.bus.stream.publish(subject, message, stream=AUDIT)
    async with running(intake(flow.audit, flow.watch)):

        async def all_taken() -> bool:
            return len(await aside(flow.servers, cell)) >= 5 and 7 in await flow.logged()

        await until(all_taken)
        operator = await flow.servers.nats.connect("operator")

        async def acknowledged() -> bool:
            info = await operator.jetstream().consumer_info(AUDIT, "audit")
            return (info.num_ack_pending, info.num_pending) == (0, 0)

        await until(acknowledged)
        await operator.close()
    assert await aside(flow.servers, cell) == [2, 4, 5, 8, 9]
    told = [parse_leaf(leaf)["producer_seq"] for leaf in await leaves(cell) if b'"read_case"' in leaf]
    assert sorted(told) == [1, 3, 6, 7]
    gaps = await rows(cell, "SELECT first_seq, last_seq FROM producer_gap WHERE epoch = '" + str(UUID(int=7)) + "'")
    assert sorted(gaps) == [(2, 2), (4, 5)]


async def test_what_waits_for_a_relay_leaves_in_one_message(flow: Flow) -> None:
    reporter = await flow.case_cell.person(Role.PARTICIPANT)
    await flow.case.bus.close()
    for _ in range(5):
        await reporter.run(enter_signal, SIGNAL)
    waiting = await flow.waiting()
    async with producing(flow.servers, flow.case.harness), running(intake(flow.audit, flow.watch)):
        await confirmed(flow)
    operator = await flow.servers.nats.connect("operator")
    last = await operator.jetstream().get_last_msg(AUDIT, f"rondetafel_audit.case.{flow.case_cell.cell_id}")
    await operator.close()
    told = kit_pb2.Envelope.FromString(last.data or b"")
    numbers = [numbered.producer_seq for numbered in pb.AuditRecords.FromString(told.payload).records]
    assert numbers[-5:] == waiting[-5:]
    assert await flow.logged() == list(range(1, max(waiting) + 1))


async def test_no_other_service_writes_in_the_name_of_a_producer(flow: Flow) -> None:
    """The transport refuses it; the envelope's own check comes on top."""
    subject = f"rondetafel_audit.{{}}.{flow.audit_cell.cell_id}"
    assert await flow.case.bus.stream.publish(subject.format("case"), b"", stream=AUDIT)
    with pytest.raises(NatsError):
        await flow.case.bus.client.jetstream(timeout=1).publish(subject.format("meeting"), b"", stream=AUDIT)


async def test_records_survive_an_absent_audit_service_and_an_absent_nats(flow: Flow) -> None:
    reporter = await flow.case_cell.person(Role.PARTICIPANT)
    await reporter.run(enter_signal, SIGNAL)
    await flow.servers.nats.restart()
    for _ in range(2):
        await reporter.run(enter_signal, SIGNAL)
    recorded = await flow.waiting()
    async with running(intake(flow.audit, flow.watch)):
        await confirmed(flow)
    assert await flow.logged() == list(range(1, max(recorded) + 1))
    assert await findings(flow.audit_cell) == []
