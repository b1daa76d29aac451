"""Nobody but the log knows who asked a question: no row, no letter, not who holds the database's password."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.case.commands.ask_question import ask_question
from services.case.commands.close_question import close_question
from services.case.commands.enter_signal import enter_signal
from services.case.queries.list_questions import ListQuestions, list_questions
from services.kit.outbox import Receipt
from services.kit.policy import Role
from tests.case.questions import QUESTION, answered, ask, closing, read
from tests.case.rows import Administrator, as_actor, notices_of, rows
from tests.case.story import SIGNAL, Story, story
from tests.harness import Harness, Person

OF_THE_LOG = frozenset({"outbox", "mandate"})
"""What the relay alone reads; and who sits at the table, whether or not they ask."""


async def whole_life(our: Story) -> Receipt:
    """Asked, answered, closed, each under a key."""
    asked = await our.reporter.run(ask_question, QUESTION, idempotency_key="one")
    told = await answered(asked, our.coordinator)
    await read(our.reporter, asked.id)
    return await our.reporter.run(close_question, closing(told), idempotency_key="two")


async def written(administrator: Administrator) -> dict[str, list[str]]:
    """All rows of all tables but those, each as one text."""
    tables = await administrator.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = {row["tablename"] for row in tables} - OF_THE_LOG
    return {
        name: [row[0] for row in await administrator.fetch(f"SELECT row_to_json(t)::text FROM {name} AS t")]
        for name in names
    }


async def test_no_row_anywhere_names_who_asked(harness: Harness, administrator: Administrator) -> None:
    our = await story(harness)
    asked = await whole_life(our)
    kept = await written(administrator)
    assert any(str(asked.id) in row for row in kept["question"]), "the question is there"
    asker = (str(our.reporter.person_id), our.reporter.person_id.hex)
    assert not {name for name, found in kept.items() for row in found if any(spelling in row for spelling in asker)}
    await our.enter()
    kept = await written(administrator)
    assert any(asker[0] in row for row in kept["signal"]), "a reporter is named, so this finds a name"


async def test_keys_of_requests_do_not_tell_either_and_still_count(
    harness: Harness, administrator: Administrator
) -> None:
    our = await story(harness)
    first = await our.reporter.run(ask_question, QUESTION, idempotency_key="one")
    assert await our.reporter.run(ask_question, QUESTION, idempotency_key="one") == first
    other = await our.reporter.run(ask_question, QUESTION, idempotency_key="two")
    colleague = await our.cell.person(Role.PARTICIPANT)
    theirs = await colleague.run(ask_question, QUESTION, idempotency_key="one")
    assert len({first.id, other.id, theirs.id}) == 3
    of_this = "SELECT caller_id FROM idempotency WHERE tenant_id = $1"
    callers = [row["caller_id"] for row in await administrator.fetch(of_this, our.cell.cell_id)]
    assert len(set(callers)) == 3
    assert not {our.reporter.person_id, colleague.person_id} & set(callers)


async def test_two_questions_of_one_person_look_like_those_of_two(harness: Harness) -> None:
    our = await story(harness)
    for _ in range(3):
        await ask(our.reporter)
    seen = await rows(our.coordinator, "question")
    assert len({row.asker for row in seen}) == 3
    for row in seen:
        assert row.question_id.version == 4, "an id in order of time tells the millisecond"
        assert row.asked_on == our.today
    there = await story(harness)
    here = our.reporter.elsewhere(there.cell)
    await here.mandate(Role.PARTICIPANT)
    await ask(here)
    assert not {row.asker for row in await rows(there.coordinator, "question")} & {row.asker for row in seen}


async def test_without_the_key_nobody_reads_the_rows_in_the_askers_name(harness: Harness) -> None:
    """What a stolen password of the database can set is who acts; the mark it cannot make."""
    our = await story(harness)
    asked = await ask(our.reporter)
    assert (await read(our.reporter, asked.id)).frame.mine
    for table in ("question", "question_text"):
        assert await rows(our.reporter, table) == []
    mark = (await rows(our.coordinator, "question"))[0].asker
    async with as_actor(our.reporter) as session:
        await session.execute(text("SELECT set_config('rondetafel.marks', :mark, true)"), {"mark": str(mark)})
        found = (await session.execute(text("SELECT question, asked_by FROM question_text"))).one()
    assert our.reporter.person_id.bytes not in found.asked_by
    assert QUESTION.text.encode() not in found.question


async def test_a_mark_alone_opens_nothing_without_a_valid_mandate(harness: Harness) -> None:
    our = await story(harness)
    await ask(our.reporter)
    mark = (await rows(our.coordinator, "question"))[0].asker
    unsworn = await our.cell.person(Role.PARTICIPANT, undertaken_until=None)
    async with as_actor(unsworn) as session:
        await session.execute(text("SELECT set_config('rondetafel.marks', :mark, true)"), {"mark": str(mark)})
        assert not (await session.execute(text("SELECT question_id FROM question"))).all()
    unsworn = await our.cell.person(Role.COORDINATOR, undertaken_until=None)
    assert await rows(unsworn, "question") == []


async def test_a_question_that_became_a_signal_does_not_lead_to_its_reporter(harness: Harness) -> None:
    """The signal names its reporter; no row a password opens ties the question to it, nor what was written with it."""
    our = await story(harness)
    asked = await ask(our.reporter)
    signal = await our.reporter.run(enter_signal, replace(SIGNAL, question_id=asked.id))
    for table in ("question", "question_text"):
        assert str(signal.id) not in str(await rows(our.coordinator, table))
    async with as_actor(our.coordinator) as session:
        assert (await session.execute(text("SELECT xmin FROM signal"))).all(), "of a signal it can be read"
    for table in ("question", "question_text", "term"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with as_actor(our.coordinator) as session:
                await session.execute(text(f"SELECT xmin FROM {table}"))


@pytest.mark.parametrize("column", ["xmin", "xmax", "cmin"])
@pytest.mark.parametrize("table", ["question", "question_text"])
async def test_nobody_reads_which_transaction_wrote_a_row(harness: Harness, table: str, column: str) -> None:
    our = await story(harness)
    await ask(our.reporter)
    assert await rows(our.coordinator, table)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with as_actor(our.coordinator) as session:
            await session.execute(text(f"SELECT {column} FROM {table}"))


async def test_invariant_18_letters_tell_that_something_waits_and_not_which(harness: Harness) -> None:
    our = await story(harness)
    second = await our.cell.person(Role.COORDINATOR)
    asked = await ask(second)
    await ask(our.reporter)
    told = await notices_of(our.reporter)
    for notice in told:
        assert set(notice.person_ids) == {str(our.coordinator.person_id), str(second.person_id)}, "who asked too"
        assert (notice.by, notice.code) == ("", "")
    await answered(asked, our.coordinator)
    answer = next(notice for notice in await notices_of(our.reporter) if notice.kind == "answer_waits")
    assert list(answer.person_ids) == [str(second.person_id)]
    marks = {str(row.asker) for row in await rows(our.coordinator, "question")}
    assert answer.object_id not in {str(asked.id), *marks}, "the directory cannot tell which question it is"


async def test_reads_of_others_carry_nothing_of_who_asked(harness: Harness) -> None:
    our = await story(harness)
    asked = await ask(our.reporter)
    views = [await read(our.coordinator, asked.id), await our.coordinator.run(list_questions, ListQuestions(50, None))]
    for view in views:
        assert str(our.reporter.person_id) not in repr(view)
    of_another = await ask(our.coordinator)
    mine, theirs = await read(our.coordinator, of_another.id), await read(our.coordinator, asked.id)
    assert (mine.frame.mine, theirs.frame.mine) == (True, False)
    blank = UUID(int=0)
    same = {"question_id": blank, "mine": True}
    assert replace(mine.frame, **same) == replace(theirs.frame, **same), "the same but for whose it is"  # type: ignore[arg-type]


async def test_whose_a_question_is_follows_the_person_and_no_mandate(harness: Harness) -> None:
    """A new mandate of the same person finds the old questions; a successor in the seat does not."""
    our = await story(harness)
    asked = await ask(our.police)
    await our.police.mandate(Role.INFORMATION_OFFICER, ends_at=our.now, fact_version=2)
    again = Person(our.cell, our.police.person_id)
    await again.mandate(Role.PARTICIPANT)
    assert (await read(again, asked.id)).frame.mine
    successor = await our.cell.person(Role.INFORMATION_OFFICER)
    assert not (await successor.run(list_questions, ListQuestions(50, None))).questions


async def test_forged_questions_are_not_shown(harness: Harness) -> None:
    our = await story(harness)
    await ask(our.reporter)
    forged = Person(our.cell, our.reporter.person_id)
    mark = UUID(int=7)
    adding = f"""
        INSERT INTO question (tenant_id, question_id, asker, state, asked_on, version)
        VALUES ('{our.cell.cell_id}', '{mark}', '{mark}', 'ASKED', '{our.now.astimezone(UTC).date()}', 1)"""
    with pytest.raises(DBAPIError, match="row-level security"):
        async with as_actor(forged) as session:
            await session.execute(text(adding))
    with pytest.raises((DBAPIError, asyncpg.PostgresError)):
        async with as_actor(forged) as session:
            await session.execute(text("DELETE FROM question"))
