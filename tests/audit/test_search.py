"""Searching the log: for the cell's DPO and for oversight, and everyone who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from rondetafel.audit.v1 import audit_pb2 as pb
from services.audit.model.leaf import leaf_hash, parse_leaf
from services.audit.queries.search_audit import AuditPage, SearchAudit, search_audit
from services.audit.rpc.audit import page_message, query_of
from services.kit.errors import CellNotFound, Invalid, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.fields import to_timestamp
from services.kit.policy import DatabaseRole, Role
from services.kit.principal import Principal, PrincipalKind, system
from tests.audit.records import Producer, check, leaves, merge, rows
from tests.harness import START, Cell, Harness

ALL = SearchAudit()


def seqs(page: AuditPage) -> list[int]:
    """The producer's numbers of what was found."""
    return [parse_leaf(entry.leaf.encode())["producer_seq"] for entry in page.entries]


async def erase(cell: Cell, object_id: UUID) -> None:
    """Destroy the key of a case, and its name, as its erasure does."""
    harness = cell.harness
    principal, now = system("audit.consumer", cell.cell_id), harness.clock()
    async with harness.database.transaction(principal, now) as transaction:
        keyring = harness.vault.keyring(transaction, cell.cell_id)
        pseudonym = await keyring.pseudonym(str(object_id), "object", object_id)
    async with harness.database.transaction(principal, now, role=DatabaseRole.ERASING) as transaction:
        await transaction.session.execute(text("DELETE FROM object_key WHERE object_id = :one"), {"one": object_id})
        await transaction.session.execute(text("DELETE FROM object_name WHERE pseudonym = :name"), {"name": pseudonym})
    harness.vault.forget(cell.cell_id, object_id)


@pytest.mark.parametrize("role", [Role.DPO, Role.OVERSIGHT])
async def test_dpo_and_oversight_see_who_did_what(harness: Harness, role: Role) -> None:
    cell, producer = await harness.cell(), Producer()
    reader = await cell.person(role)
    records = [producer.record(), producer.record(uuid4()), producer.record(uuid4(), uuid4(), uuid4())]
    await merge(cell, records)
    page = await reader.run(search_audit, ALL)
    assert [entry.leaf.encode() for entry in page.entries] == (await leaves(cell))[::-1]
    assert (seqs(page), page.log_size, page.next_before, page.findings) == ([3, 2, 1], 3, None, ())
    for entry, record in zip(page.entries, reversed(records), strict=True):
        assert entry.detail is not None
        assert entry.object_ids == record.object_ids
        assert entry.detail["actor_id"] == record.actor_id
        assert entry.detail["organisation_id"] == record.organisation_id
        assert entry.detail["codes"] == {"role": "coordinator"}


async def test_another_process_with_the_same_root_key_resolves_the_same(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    dpo = await cell.person(Role.DPO)
    await merge(cell, [producer.record(), producer.record(uuid4()), producer.record(uuid4(), uuid4())])
    elsewhere = replace(cell, harness=Harness("audit", harness.database, harness.policy))
    assert await dpo.elsewhere(elsewhere).run(search_audit, ALL) == await dpo.run(search_audit, ALL)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DPO, Role.OVERSIGHT}))
async def test_no_other_role_searches(harness: Harness, role: Role) -> None:
    cell = await harness.cell()
    dpo, other = await cell.person(Role.DPO), await cell.person(role)
    assert await dpo.run(search_audit, ALL)
    with pytest.raises(RoleMissing):
        await other.run(search_audit, ALL)


async def test_what_is_missing_of_ones_own_is_said(harness: Harness) -> None:
    cell = await harness.cell()
    dpo, unsworn = await cell.person(Role.DPO), await cell.person(Role.DPO, undertaken_until=None)
    assert await dpo.run(search_audit, ALL)
    dpo.acr = 1
    with pytest.raises(SecondFactorMissing):
        await dpo.run(search_audit, ALL)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(search_audit, ALL)


async def test_invariant_17_another_cell_sees_nothing(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    dpo, stranger = await cell.person(Role.DPO), await neighbour.person(Role.DPO)
    record = Producer().record(uuid4())
    await merge(cell, [record])
    by_object = SearchAudit(object_id=record.object_ids[0])
    assert seqs(await dpo.run(search_audit, by_object)) == [1]
    for query in (ALL, by_object, SearchAudit(actor_id=UUID(record.actor_id))):
        assert (await stranger.run(search_audit, query)).entries == ()
        with pytest.raises(CellNotFound):
            await stranger.elsewhere(cell).run(search_audit, query)


async def test_invariant_15_an_ended_mandate_reads_nothing(harness: Harness) -> None:
    cell = await harness.cell()
    dpo = await cell.person(Role.DPO)
    assert await dpo.run(search_audit, ALL)
    await dpo.mandate(Role.DPO, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(CellNotFound):
        await dpo.run(search_audit, ALL)


async def test_the_database_itself_shows_the_log_to_nobody_else(harness: Harness) -> None:
    cell = await harness.cell()
    dpo, coordinator = await cell.person(Role.DPO), await cell.person(Role.COORDINATOR)
    await merge(cell, [Producer().record(uuid4())])
    for table in ("entry", "entry_detail", "object_name"):
        counts = []
        for person in (dpo, coordinator):
            principal = Principal(PrincipalKind.PERSON, person.person_id, cell.cell_id, acr=2)
            async with harness.database.transaction(principal, harness.clock()) as transaction:
                counts.append((await transaction.session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())
        assert counts == [1, 0], table


async def test_filters_narrow_and_combine(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    dpo = await cell.person(Role.DPO)
    actor, case_id = uuid4(), uuid4()
    await merge(
        cell,
        [
            producer.record(actor_id=str(actor)),
            producer.record(case_id, verb="alter"),
            producer.record(case_id, uuid4(), actor_id=str(actor), at=START + timedelta(hours=1)),
        ],
    )
    hour = START + timedelta(hours=1)
    for query, expected in [
        (SearchAudit(actor_id=actor), [3, 1]),
        (SearchAudit(object_id=case_id), [3, 2]),
        (SearchAudit(verb="alter"), [2]),
        (SearchAudit(starts_at=hour), [3]),
        (SearchAudit(ends_at=hour), [2, 1]),
        (SearchAudit(starts_at=START, ends_at=hour, actor_id=actor), [1]),
        (SearchAudit(object_id=case_id, verb="consult"), [3]),
        (SearchAudit(action="read_case"), [3, 2, 1]),
        (SearchAudit(object_id=uuid4()), []),
        (SearchAudit(actor_id=uuid4()), []),
    ]:
        assert seqs(await dpo.run(search_audit, query)) == expected


async def test_openings_of_cases_stand_apart_from_glances(harness: Harness) -> None:
    """By the whole name alone: what begins alike, or stands elsewhere in a leaf, is another act."""
    cell, producer = await harness.cell(), Producer()
    dpo = await cell.person(Role.DPO)
    elsewhere = {"codes": {"action": "read_case", "role": "coordinator"}}
    names = ("read_case", "list_waiting", "read_case_file", "read", "read_case")
    await merge(cell, [producer.record(uuid4(), action=name) for name in names])
    await merge(cell, [producer.record(uuid4(), action="list_cases", **elsewhere)])
    assert seqs(await dpo.run(search_audit, SearchAudit(size=10))) == [6, 5, 4, 3, 2, 1]
    for action, expected in (
        ("read_case", [5, 1]), ("list_waiting", [2]), ("read_cas", []), ('read_case","actor":"', []), ("%", []),
        ("é", []), ("x" * 64, []),
    ):  # fmt: skip
        assert seqs(await dpo.run(search_audit, SearchAudit(action=action))) == expected, action
    newest = await dpo.run(search_audit, SearchAudit(action="read_case", size=1))
    assert seqs(newest) == [5]
    assert seqs(await dpo.run(search_audit, SearchAudit(action="read_case", before=newest.next_before))) == [1]


async def test_pages_follow_one_another_and_new_entries_do_not_shift_them(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    dpo = await cell.person(Role.DPO)
    await merge(cell, producer.records(5))
    first = await dpo.run(search_audit, SearchAudit(size=2))
    await merge(cell, producer.records(1))
    second = await dpo.run(search_audit, SearchAudit(size=2, before=first.next_before))
    third = await dpo.run(search_audit, SearchAudit(size=2, before=second.next_before))
    assert [seqs(page) for page in (first, second, third)] == [[5, 4], [3, 2], [1]]
    assert third.next_before is None
    assert third.log_size == 6


async def test_invariant_16_a_search_is_recorded_with_what_it_showed(harness: Harness) -> None:
    cell = await harness.cell()
    dpo = await cell.person(Role.DPO)
    listed = [uuid4() for _ in range(50)]
    records = [Producer().record(*listed), Producer().record(uuid4(), actor_id=str(dpo.person_id))]
    await merge(cell, records)
    for query, shown, objects in [
        (ALL, 2, 51),
        (SearchAudit(actor_id=dpo.person_id), 1, 1),
        (SearchAudit(verb="erase"), 0, 0),
    ]:
        await dpo.run(search_audit, query)
        record = await last_record(cell)
        assert (record.action, record.actor_id, record.outcome) == ("search_audit", str(dpo.person_id), "allow")
        assert (record.count, len(record.object_ids)) == (shown, min(objects, 50))
        assert record.detail["objects"] == str(objects)
    with pytest.raises(RoleMissing):
        await (await cell.person(Role.MAYOR)).run(search_audit, ALL)
    assert (await last_record(cell)).outcome == "deny"


async def last_record(cell: Cell) -> pb.AuditRecord:
    """The newest record this service made of its own acts."""
    last = "SELECT payload FROM outbox WHERE stream = 'audit' ORDER BY producer_seq DESC LIMIT 1"
    return pb.AuditRecord.FromString((await rows(cell, last))[0][0])


async def test_invariant_13_an_erased_case_leaves_its_leaf_and_nothing_else(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    dpo = await cell.person(Role.DPO)
    erased, kept = uuid4(), uuid4()
    await merge(cell, [producer.record(erased), producer.record(erased, kept), producer.record(kept)])
    hashes = [leaf_hash(leaf) for leaf in await leaves(cell)]
    assert seqs(await dpo.run(search_audit, SearchAudit(object_id=erased))) == [2, 1]
    await erase(cell, erased)
    assert [leaf_hash(leaf) for leaf in await leaves(cell)] == hashes
    own, both, alone = reversed((await dpo.run(search_audit, ALL)).entries)
    assert (own.detail, own.object_ids) == (None, ())
    assert both.detail is not None
    assert (both.detail["object_ids"], both.object_ids) == ([str(kept)], (kept,))
    assert alone.object_ids == (kept,)
    assert (await dpo.run(search_audit, SearchAudit(object_id=erased))).entries == ()
    assert str(erased) not in repr((await dpo.run(search_audit, ALL)).entries)


async def test_the_key_alone_takes_the_detail(harness: Harness) -> None:
    """A copy of all other rows tells nothing once the key is destroyed."""
    cell = await harness.cell()
    dpo, erased = await cell.person(Role.DPO), uuid4()
    await merge(cell, [Producer().record(erased)])
    harness.vault.forget(cell.cell_id, erased)
    principal, erasing = system("audit.consumer", cell.cell_id), DatabaseRole.ERASING
    async with harness.database.transaction(principal, harness.clock(), role=erasing) as transaction:
        await transaction.session.execute(text("DELETE FROM object_key WHERE object_id = :one"), {"one": erased})
    (entry,) = (await dpo.run(search_audit, ALL)).entries
    assert (entry.detail, entry.object_ids) == (None, ())


async def test_findings_are_shown_open_ones_first(harness: Harness) -> None:
    cell, producer = await harness.cell(), Producer()
    dpo = await cell.person(Role.DPO)
    first, second, third = producer.records(3)
    await merge(cell, [first, third])
    await check(cell, producer, minutes=1)
    await merge(cell, [second, producer.record(seq=2)])
    twice, hole = page_message(await dpo.run(search_audit, ALL)).findings
    assert (twice.kind, twice.producer_seq, twice.HasField("resolved_at")) == ("seq_twice", 2, False)
    assert (hole.kind, hole.producer_seq, hole.last_producer_seq) == ("hole", 2, 2)
    assert hole.HasField("resolved_at")


def request(**values: Any) -> pb.SearchAuditRequest:
    """A request; `starts` and `ends` are its moments, whose names are Python's own."""
    message = pb.SearchAuditRequest(**{key: value for key, value in values.items() if key not in ("starts", "ends")})
    for name, key in (("from", "starts"), ("to", "ends")):
        stamp = to_timestamp(values.get(key))
        if stamp is not None:
            getattr(message, name).CopyFrom(stamp)
    return message


def test_the_door_reads_filters_and_its_own_cursor() -> None:
    actor = uuid4()
    page = page_message(AuditPage((), 41, 100, (), 0))
    asked = request(starts=START, actor_id=str(actor), verb="consult", page_size=50, cursor=page.next_cursor)
    assert query_of(asked) == SearchAudit(starts_at=START, actor_id=actor, verb="consult", size=50, before=41)
    assert query_of(request(action="read_case")) == replace(ALL, action="read_case")
    assert query_of(request()) == ALL
    assert page_message(AuditPage((), None, 0, (), 0)).next_cursor == ""


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"actor_id": "Jan"}, "actor_id"), ({"object_id": "1"}, "object_id"), ({"verb": "gossip"}, "verb"),
        ({"action": "x" * 65}, "action"),
        ({"page_size": 51}, "page_size"), ({"page_size": -1}, "page_size"), ({"cursor": "41"}, "cursor"),
        ({"cursor": "é"}, "cursor"), ({"cursor": "aW5kZXggLTE"}, "cursor"), ({"starts": START, "ends": START}, "to"),
        ({"starts": START.replace(year=1899)}, "from"),
    ],
)  # fmt: skip
def test_a_malformed_filter_is_named(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        query_of(request(**values))
    assert refused.value.field == field
    assert refused.value.expected
