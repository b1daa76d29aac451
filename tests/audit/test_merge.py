"""Merging: every record once, in gapless order, whatever the deliveries; and nothing of it in clear."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.local.postgres import WORKING
from rondetafel.audit.v1 import audit_pb2
from services.audit.commands.merge_records import MergeRecords, merge_records
from services.audit.errors import LeafMalformed
from services.audit.model.detail import UNDER_CELL_KEY, SealedPart, commitment, detail_of, open_detail
from services.audit.model.leaf import base64url, parse_leaf
from services.audit.policy import POLICY
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.keys import FIRST
from services.kit.policy import Role
from services.kit.principal import system
from tests.audit.records import Producer, check, findings, leaves, merge, rows
from tests.databases import Migrated
from tests.harness import Cell, Harness


async def merged_up_to(cell: Cell) -> list[tuple[str, int]]:
    """What the producers were told, oldest first."""
    payloads = await rows(cell, "SELECT payload FROM outbox WHERE type = 'audit.merged' ORDER BY message_id")
    events = [audit_pb2.AuditMerged.FromString(payload) for (payload,) in payloads]
    return [(event.producer, event.producer_seq) for event in events]


async def test_records_become_the_leaves_of_their_cell(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    producer = Producer()
    records = producer.records(3)
    assert await merge(cell, records) == ()
    leaf, *_ = [parse_leaf(leave) for leave in await leaves(cell)]
    assert leaf["id"] == str(records[0].record_id)
    assert leaf["tenant"] == str(cell.cell_id)
    assert (leaf["producer"], leaf["producer_seq"], leaf["action"]) == ("case", 1, "read_case")
    assert await merged_up_to(cell) == [("case", 3)]
    assert await leaves(neighbour) == []


async def test_merging_itself_leaves_no_record(harness: Harness) -> None:
    cell = await harness.cell()
    before = await rows(cell, "SELECT count(*) FROM outbox WHERE stream = 'audit'")
    await merge(cell, Producer().records(2))
    assert await rows(cell, "SELECT count(*) FROM outbox WHERE stream = 'audit'") == before


async def test_only_the_audit_service_itself_merges(harness: Harness) -> None:
    cell = await harness.cell()
    dpo = await cell.person(Role.DPO)
    command = MergeRecords(tuple(Producer().records(1)))
    assert await cell.as_system(merge_records, command) == ()
    with pytest.raises(CellNotFound):
        await cell.as_system(merge_records, command, "case.consumer")
    with pytest.raises(RoleMissing):
        await dpo.run(merge_records, command)


deliveries = st.integers(2, 8).flatmap(
    lambda number: st.tuples(st.just(number), st.lists(st.lists(st.integers(1, number), max_size=6), max_size=6))
)


@settings(max_examples=40, deadline=None)
@given(deliveries)
async def test_every_record_once_in_whatever_order_and_however_often(
    database: Migrated, delivered: tuple[int, list[list[int]]]
) -> None:
    number, batches = delivered
    harness = Harness("audit", database, POLICY)
    cell, producer = await harness.cell(), Producer()
    records = producer.records(number)
    seen: set[int] = set()
    for batch in batches:
        missing = await merge(cell, [records[seq - 1] for seq in batch])
        seen |= set(batch)
        assert {number for gap in missing for number in range(gap.first, gap.last + 1)} == set(
            range(1, max(seen, default=0))
        ) - seen
        logged = [parse_leaf(leaf)["producer_seq"] for leaf in await leaves(cell)]
        assert sorted(logged) == sorted(seen)
    if batches and batches[-1]:
        assert (await merged_up_to(cell))[-1] == (
            "case",
            next(number for number in range(10) if number + 1 not in seen),
        )
    assert await merge(cell, records) == ()
    assert {parse_leaf(leaf)["id"] for leaf in await leaves(cell)} == {str(record.record_id) for record in records}
    assert (await merged_up_to(cell))[-1] == ("case", number)


async def test_a_repeat_is_confirmed_again(harness: Harness) -> None:
    """Else a producer that missed the first confirmation would keep its copies for ever."""
    cell, producer = await harness.cell(), Producer()
    records = producer.records(2)
    for _ in range(2):
        await merge(cell, records)
    assert await merged_up_to(cell) == [("case", 2), ("case", 2)]
    assert len(await leaves(cell)) == 2


async def test_concurrent_merges_of_one_cell_follow_one_another(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    records = producer.records(40)
    shared = uuid4()
    records += [producer.record(shared) for _ in range(8)]
    await asyncio.gather(*(merge(cell, records[start : start + 12]) for start in range(0, 48, 6)))
    assert len(await leaves(cell)) == 48
    assert len(await rows(cell, "SELECT DISTINCT pseudonym FROM object_name")) == 41


async def test_pseudonyms_are_keyed_per_cell_for_actors_and_per_object_for_objects(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    one, other = uuid4(), uuid4()
    record = Producer().record(one, other, on_behalf_of=str(uuid4()))
    again = Producer().record(one, actor_id=record.actor_id)
    await merge(cell, [record])
    await merge(cell, [again])
    await merge(neighbour, [replace(record)])
    first, second = [parse_leaf(leaf) for leaf in await leaves(cell)]
    (foreign,) = [parse_leaf(leaf) for leaf in await leaves(neighbour)]
    assert first["actor"] == second["actor"] != foreign["actor"]
    assert first["objects"][0] == second["objects"][0]
    assert not set(first["objects"]) & set(foreign["objects"])
    assert len({first["actor"], first["org"], first["on_behalf_of"], *first["objects"]}) == 5


async def test_a_pseudonym_is_a_keyed_hash_cut_to_sixteen_bytes(harness: Harness) -> None:
    cell = await harness.cell()
    record = Producer().record()
    await merge(cell, [record])
    async with harness.database.transaction(system("audit.consumer", cell.cell_id), harness.clock()) as transaction:
        key = await harness.vault.keyring(transaction, cell.cell_id)._cell_key(FIRST)
    own = key.digest(b"pseudonym|actor")
    expected = base64url(hmac.digest(own, record.actor_id.encode(), hashlib.sha256)[:16])
    assert parse_leaf((await leaves(cell))[0])["actor"] == expected


async def test_no_id_of_person_or_case_stands_in_clear(harness: Harness) -> None:
    cell = await harness.cell()
    one, other = uuid4(), uuid4()
    records = [Producer().record(), Producer().record(one), Producer().record(one, other, codes={"role": "canary"})]
    await merge(cell, records)
    secrets = {str(one), str(other), one.hex, other.hex, "canary"}
    secrets |= {part for record in records for part in (record.actor_id, record.organisation_id)}
    for table in ("entry", "entry_detail", "object_name", "log", "producer_position"):
        for row in await rows(cell, f"SELECT * FROM {table}"):
            stored = b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
            assert not [secret for secret in secrets if secret.encode() in stored], table
            assert one.bytes not in stored
            assert other.bytes not in stored


async def test_the_leaf_commits_to_the_detail(harness: Harness) -> None:
    cell = await harness.cell()
    objects = [uuid4() for _ in range(3)]
    for some in ([], objects[:1], objects):
        record = Producer().record(*some)
        await merge(cell, [record])
        leaf = parse_leaf((await leaves(cell))[-1])
        async with harness.database.transaction(system("audit.consumer", cell.cell_id), harness.clock()) as transaction:
            keyring = harness.vault.keyring(transaction, cell.cell_id)
            names = {await keyring.pseudonym(str(object_id), "object", object_id): object_id for object_id in some}
            newest = "(SELECT max(index) FROM entry)"
            found = await rows(cell, f"SELECT pseudonym, sealed FROM entry_detail WHERE index = {newest}")
            parts = sorted(
                (SealedPart(*row) for row in found), key=lambda part: [UNDER_CELL_KEY, *names].index(part.pseudonym)
            )
            opened = await open_detail(keyring, cell.cell_id, record.record_id, parts, names)
        assert opened.detail == detail_of(record)
        assert opened.salt is not None
        assert commitment(opened.salt, opened.detail) == leaf["detail"]


@pytest.mark.parametrize(
    "change", [{"verb": "gossip"}, {"action": "een vrije tekst"}, {"count": -1}, {"fields": ("f" * 48,) * 9}]
)
async def test_what_is_no_leaf_does_not_enter(harness: Harness, change: dict[str, object]) -> None:
    cell, producer = await harness.cell(), Producer()
    good = producer.record()
    await merge(cell, [good])
    with pytest.raises(LeafMalformed):
        await merge(cell, [producer.record(**change)])
    assert len(await leaves(cell)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET leaf = leaf", "DELETE FROM entry", "UPDATE entry_detail SET sealed = sealed",
        "DELETE FROM entry_detail", "DELETE FROM log", "DELETE FROM finding", "UPDATE finding SET first_seq = 1",
        "DELETE FROM producer_position", "TRUNCATE entry",
    ],
)  # fmt: skip
async def test_the_service_cannot_change_what_is_logged(harness: Harness, statement: str) -> None:
    cell = await harness.cell()
    await merge(cell, Producer().records(1))
    principal = system("audit.consumer", cell.cell_id)
    for role in WORKING:
        with pytest.raises(DBAPIError, match="permission denied"):
            async with harness.database.transaction(principal, harness.clock(), role=role) as transaction:
                await transaction.session.execute(text(statement))
    assert len(await leaves(cell)) == 1


async def test_a_hole_that_persists_is_a_finding_and_closed_when_it_fills(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    first, second, third, fourth = producer.records(4)
    (hole,) = await merge(cell, [first, fourth])
    assert (hole.first, hole.last) == (2, 3)
    assert await merged_up_to(cell) == [("case", 1)]
    await check(cell, producer, seconds=59)
    assert await findings(cell) == []
    await check(cell, producer, seconds=60)
    await check(cell, producer, seconds=120)
    assert await findings(cell) == [("hole", 2, 3, False)]
    assert await merge(cell, [third]) == ()
    assert await findings(cell) == [("hole", 2, 3, False)]
    await merge(cell, [second])
    assert await findings(cell) == [("hole", 2, 3, True)]
    assert (await merged_up_to(cell))[-1] == ("case", 4)


async def test_what_fills_within_the_minute_is_no_finding(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    first, second, third = producer.records(3)
    await merge(cell, [third, first])
    await merge(cell, [second])
    await check(cell, producer, minutes=10)
    assert await findings(cell) == []


async def test_a_height_is_missed_only_while_its_producer_is_connected(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    records = producer.records(3)
    assert len(await merge(cell, records[:2], producer.height(3))) == 1
    other = Producer(replace(producer.source, producer="meeting"))
    await check(cell, other, minutes=10)
    await check(cell, producer, seconds=30)
    assert await findings(cell) == []
    await check(cell, producer, minutes=1)
    assert await findings(cell) == [("height_missed", 3, 3, False)]
    await merge(cell, records[2:])
    assert await findings(cell) == [("height_missed", 3, 3, True)]


async def test_a_number_used_twice_is_a_finding_and_both_records_are_kept(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    first, second = producer.records(2)
    await merge(cell, [first, second])
    await merge(cell, [producer.record(seq=2)])
    assert await findings(cell) == [("seq_twice", 2, 2, False)]
    await merge(cell, [producer.record(seq=3), producer.record(seq=3)])
    assert await findings(cell) == [("seq_twice", 2, 2, False), ("seq_twice", 3, 3, False)]
    assert len(await leaves(cell)) == 5


async def test_each_epoch_counts_for_itself(harness: Harness) -> None:
    cell, before, after = await harness.cell(), Producer(), Producer()
    assert before.source.epoch != after.source.epoch
    assert await merge(cell, [*before.records(2), *after.records(1)]) == ()
    assert sorted(await merged_up_to(cell)) == [("case", 1), ("case", 2)]
    assert await findings(cell) == []


async def test_a_finding_is_itself_an_entry(harness: Harness) -> None:
    """The check is recorded like every act, with the number of findings."""
    cell, producer = await harness.cell(), Producer()
    await merge(cell, producer.records(3)[::2])
    await check(cell, producer, minutes=1)
    payloads = await rows(cell, "SELECT payload FROM outbox WHERE stream = 'audit' ORDER BY producer_seq DESC LIMIT 1")
    record = audit_pb2.AuditRecord.FromString(payloads[0][0])
    assert (record.action, record.count, record.outcome) == ("check_heights", 1, "allow")
