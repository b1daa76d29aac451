"""The blind index of names: what its rows tell, and how they come and go."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from services.case import name_marks
from services.case.name_marks import SIZE, asked_forms, marks_of
from services.case.queries.list_possible_matches import ListPossibleMatches, list_possible_matches
from services.case.terms import TERMS
from services.kit.clock import day_ends_at
from services.kit.ids import new_id
from services.kit.policy import Role
from services.kit.vault import AssociatedData, Vault
from tests.bench.plans import Plan, plans_of
from tests.case.matches import YOUNES, YOUSSEF, YUSUF, found, marks, told
from tests.case.outcomes import dismissed
from tests.case.rows import Administrator, rows, transaction_of
from tests.case.story import Story, story
from tests.falling_due import run_due
from tests.harness import Harness, Person


async def possible(reader: Person, person: Any) -> set[UUID]:
    """All marks this person can have in the reader's cell."""
    async with transaction_of(reader) as transaction:
        keyring = reader.cell.harness.vault.keyring(transaction, reader.cell.cell_id)
        return set(await marks_of(keyring, asked_forms(person)))


async def test_the_same_name_has_other_marks_in_another_cell(harness: Harness, administrator: Administrator) -> None:
    our, theirs = await story(harness), await story(harness)
    here, there = await told(our, YOUSSEF), await told(theirs, YOUSSEF)
    ours, others = await possible(our.coordinator, YOUSSEF), await possible(theirs.coordinator, YOUSSEF)
    assert len(ours) == len(others) > 0
    assert ours & others == set()
    assert await marks(administrator, here) & ours, "by these it is found"
    assert await marks(administrator, here) & others == await marks(administrator, there) & ours == set()


async def test_of_two_signals_about_one_person_no_two_rows_are_alike(
    harness: Harness, administrator: Administrator
) -> None:
    our = await story(harness)
    # Half the places would already give two of them a common one, were they drawn without looking.
    signals = [await told(our, YOUSSEF) for _ in range(name_marks.PLACES // 2)]
    kept = [await marks(administrator, signal) for signal in signals]
    assert len(set().union(*kept)) == SIZE * len(signals)
    assert await found(our.coordinator, signals[0]) < set(signals)


async def test_every_signal_has_as_many_whatever_is_known_of_whom(
    harness: Harness, administrator: Administrator
) -> None:
    our = await story(harness)
    for given, family in (("Jan", "Peeters"), ("Mohamed Amine", "El Amrani-Ben Ali"), ("Jan", ""), ("?", "onbekend")):
        person = type(YOUSSEF)(given, family, YOUSSEF.birth_date, "")
        assert len(await marks(administrator, await told(our, person))) == SIZE


async def test_a_row_holds_random_looking_ids_and_nothing_else(harness: Harness, administrator: Administrator) -> None:
    our = await story(harness)
    signal = await told(our, YOUSSEF)
    columns = await administrator.fetch(
        "SELECT attname, atttypid::regtype::text AS kind FROM pg_attribute"
        " WHERE attrelid = 'signal_mark'::regclass AND attnum > 0"
    )
    assert {row["attname"]: row["kind"] for row in columns} == dict.fromkeys(("tenant_id", "mark", "signal_id"), "uuid")
    needed = await marks(administrator, signal) & await possible(our.coordinator, YOUSSEF)
    assert 0 < len(needed) < SIZE - 1
    # What is there by chance has no bits by which it is told from what is needed, such as a version of its own.
    filled = await marks(administrator, signal) - needed
    assert len({mark.bytes[6] >> 4 for mark in filled}) > 1


async def test_without_the_root_key_nobody_makes_a_mark(harness: Harness) -> None:
    """Whoever took all rows, those of keys too, holds keys that do not open."""
    our = await story(harness)
    assert await possible(our.coordinator, YOUSSEF)
    async with transaction_of(our.coordinator) as transaction:
        guessed = Vault(bytes(32)).keyring(transaction, our.cell.cell_id)
        with pytest.raises(InvalidTag):
            await marks_of(guessed, asked_forms(YOUSSEF))


async def test_they_are_seen_by_who_reads_the_person_and_made_by_nobody_else(harness: Harness) -> None:
    our = await story(harness)
    signal = await told(our, YOUSSEF)
    readers = (our.reporter, our.coordinator)
    strangers = (our.mayor, our.police, our.prevention, await our.cell.person(Role.DPO), (await story(harness)).mayor)
    assert [len(await rows(person, "signal_mark")) for person in readers] == [SIZE, SIZE]
    assert [len(await rows(person, "signal_mark")) for person in strangers] == [0] * len(strangers)
    add = "INSERT INTO signal_mark (tenant_id, mark, signal_id) VALUES ($1, $2, $3)"
    for person in strangers[:-1]:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await written(person, add, our.cell.cell_id, uuid4(), signal)
    # Nobody copies a mark to another signal, which would make of two people one, nor changes or takes away any.
    other = await told(our, YOUNES)
    (mark, *_) = [row.mark for row in await rows(our.coordinator, "signal_mark") if row.signal_id == signal]
    with pytest.raises(asyncpg.UniqueViolationError):
        await written(our.coordinator, add, our.cell.cell_id, mark, other)
    for statement in ("UPDATE signal_mark SET mark = mark", "DELETE FROM signal_mark"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await written(our.coordinator, statement)


async def written(person: Person, statement: str, *values: Any) -> None:
    """As the app role, in this person's name."""
    async with transaction_of(person) as transaction:
        await transaction.raw.execute(statement, *values)


async def test_a_forged_mark_makes_no_match(harness: Harness) -> None:
    """With the cell's very key: what is sealed decides."""
    our = await story(harness)
    first, other = await told(our, YOUSSEF), await told(our, YOUNES)
    free = await possible(our.coordinator, YOUSSEF) - {row.mark for row in await rows(our.coordinator, "signal_mark")}
    add = "INSERT INTO signal_mark (tenant_id, mark, signal_id) VALUES ($1, $2, $3)"
    await written(our.coordinator, add, our.cell.cell_id, free.pop(), other)
    assert await found(our.coordinator, first) == set()


async def test_a_signal_of_before_gets_its_marks_when_its_coordinator_comes_by(
    harness: Harness, administrator: Administrator
) -> None:
    our = await story(harness)
    old, new = await told(our, YOUSSEF), await told(our, YUSUF)
    await administrator.execute("DELETE FROM signal_mark WHERE signal_id = $1", old)
    assert await found(our.coordinator, new) == set()
    assert await found(our.coordinator, old) == {new}
    made = await marks(administrator, old)
    assert len(made) == SIZE
    assert await found(our.coordinator, new) == {old}
    assert await found(our.coordinator, old) == {new}
    assert await marks(administrator, old) == made


async def test_of_two_who_come_by_at_once_one_makes_them(harness: Harness, administrator: Administrator) -> None:
    our = await story(harness)
    old = await told(our, YOUSSEF)
    await administrator.execute("DELETE FROM signal_mark WHERE signal_id = $1", old)
    assert await asyncio.gather(*(found(our.coordinator, old) for _ in range(4))) == [set()] * 4
    assert len(await marks(administrator, old)) == SIZE


async def test_whoever_is_rewritten_is_found_by_who_they_are_now(
    harness: Harness, administrator: Administrator
) -> None:
    """No verb does so yet: whichever will has nothing to think of."""
    our = await story(harness)
    first, other, third = [await told(our, person) for person in (YOUSSEF, YUSUF, YOUNES)]
    async with transaction_of(our.coordinator) as transaction:
        keyring = harness.vault.keyring(transaction, our.cell.cell_id)
        place = AssociatedData(third, "signal_identity", "person", third)
        sealed = await keyring.seal(YOUSSEF.to_json(), place)
    await administrator.execute("UPDATE signal_identity SET person = $1 WHERE signal_id = $2", sealed, third)
    assert await found(our.coordinator, third) == {first, other}
    assert await found(our.coordinator, first) == {other, third}


async def test_other_rules_of_folding_give_marks_anew(
    harness: Harness, administrator: Administrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    our = await story(harness)
    first, other = await told(our, YOUSSEF), await told(our, YUSUF)
    before = await marks(administrator, first)
    monkeypatch.setattr(name_marks, "FOLDING", name_marks.FOLDING + 1)
    assert await found(our.coordinator, first) == set()
    assert await found(our.coordinator, other) == {first}
    assert len(await marks(administrator, first) - before) == SIZE


async def test_they_go_with_their_signal(harness: Harness, administrator: Administrator) -> None:
    our = await story(harness)
    other = await told(our, YUSUF)
    gone = await told(our, YOUSSEF)
    await dismissed(our)
    assert len(await marks(administrator, gone)) == SIZE
    harness.clock.advance(days=31)
    harness.clock.now = day_ends_at(our.today)
    await run_due(harness, TERMS)
    assert (await marks(administrator, gone), len(await marks(administrator, other))) == (set(), SIZE)


async def test_of_two_signals_told_at_once_each_has_all_its_marks(
    harness: Harness, administrator: Administrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With few places every two meet.
    monkeypatch.setattr(name_marks, "PLACES", 3)
    our = await story(harness)
    signals = await asyncio.gather(*(told(our, YOUSSEF) for _ in range(3)))
    assert [len(await marks(administrator, signal)) for signal in signals] == [SIZE] * 3
    assert await found(our.coordinator, signals[0]) == set(signals[1:])
    late = await told(our, YOUSSEF)
    assert len(await marks(administrator, late)) == SIZE
    assert await found(our.coordinator, signals[0]) == set(signals[1:]), "there was no place left for it"


FEW, MANY = 50, 500


async def test_with_500_open_signals_it_looks_at_what_it_finds(harness: Harness, administrator: Administrator) -> None:
    costs = []
    for count in (FEW, MANY):
        our = await story(harness)
        first, other = await told(our, YOUSSEF), await told(our, YUSUF)
        await fill(administrator, our, count)
        plans = [
            plan
            for plan in await plans_of(harness, our.coordinator, list_possible_matches, ListPossibleMatches(first))
            if "signal_mark" in plan.query
        ]
        assert await found(our.coordinator, first) == {other}
        assert plans
        assert not [plan for plan in plans if '"Seq Scan", "Relation Name": "signal_mark"' in flat(plan)]
        costs.append(sum(plan.buffers for plan in plans))
    # Each mark is looked up for itself: ten times the rows are an index one level deeper at most.
    assert costs[1] - costs[0] <= len(await possible(our.coordinator, YOUSSEF)) + 50


def flat(plan: Plan) -> str:
    """The plan as a text, each node's kind before its table."""
    nodes, found = [dict(plan.tree)], []
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        found.append({"Node Type": node["Node Type"], "Relation Name": node.get("Relation Name")})
    return json.dumps(found).replace('"Node Type": ', "")


async def fill(administrator: Administrator, our: Story, count: int) -> None:
    """So many open signals of the town, each with its marks, and what is known of the tables."""
    at, cell = our.now, our.cell.cell_id
    signals = [new_id() for _ in range(count)]
    columns = [
        "tenant_id", "signal_id", "state", "nis_code", "urgent", "minor", "language", "reporter_id", "received_at",
        "version",
    ]  # fmt: skip
    frames = [
        (cell, signal, "RECEIVED", our.town, False, False, "nl", our.reporter.person_id, at, 1) for signal in signals
    ]
    await administrator.copy_records_to_table("signal", records=frames, columns=columns)
    filled = [(cell, uuid4(), signal) for signal in signals for _ in range(SIZE)]
    await administrator.copy_records_to_table("signal_mark", records=filled, columns=["tenant_id", "mark", "signal_id"])
    await administrator.execute("VACUUM ANALYZE signal, signal_mark, signal_identity, circle_entry")
