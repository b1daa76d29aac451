"""Questions without a name: who asks, who answers, who closes, and that nothing but the log tells who asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.case.asker import MARKS, MOST
from services.case.commands.answer_question import answer_question
from services.case.commands.ask_question import ask_question
from services.case.commands.close_question import close_question
from services.case.commands.enter_signal import enter_signal
from services.case.errors import (
    AnswerMissing,
    AnswerUnknown,
    MunicipalityNotInCell,
    QuestionNotFound,
    QuestionStateForbids,
    TooManyQuestions,
)
from services.case.queries.list_questions import ListQuestions, list_questions
from services.case.queries.list_waiting import ListWaiting, list_waiting
from services.case.terms import TERMS
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.paging import Time
from services.kit.policy import TABLE, Role
from tests.case.questions import QUESTION, answer, answered, ask, closing, read
from tests.case.rows import notices_of, records_of
from tests.case.story import SIGNAL, story
from tests.falling_due import run_due
from tests.harness import Harness, Person


async def kinds(person: Person) -> list[str]:
    return [todo.kind for todo in (await person.run(list_waiting, ListWaiting())).waiting]


async def test_a_question_is_asked_answered_and_closed(harness: Harness) -> None:
    our = await story(harness)
    asked = await ask(our.reporter)
    assert (asked.state, asked.version) == ("ASKED", 1)
    assert (await kinds(our.coordinator), await kinds(our.reporter)) == (["question_asked"], [])
    seen = await read(our.coordinator, asked.id)
    assert (seen.text, seen.language, seen.frame.mine, seen.may) == (QUESTION.text, "nl", False, ("answer_question",))
    assert "talk_first" in {choice.code for choice in seen.answers}
    own = await read(our.reporter, asked.id)
    assert (own.text, own.frame.mine, own.may, own.answers) == (
        QUESTION.text,
        True,
        ("close_question", "enter_signal"),
        (),
    )
    told = await answered(asked, our.coordinator)
    assert (told.state, told.version) == ("ANSWERED", 2)
    assert (await kinds(our.coordinator), await kinds(our.reporter)) == ([], ["question_answered"])
    own = await read(our.reporter, asked.id)
    assert own.prepared is not None
    assert (own.prepared.code, own.answer, own.may) == (
        "talk_first",
        "Bel mij gerust.",
        ("close_question", "enter_signal"),
    )
    closed = await our.reporter.run(close_question, closing(told))
    assert (closed.state, closed.version, await kinds(our.reporter)) == ("CLOSED", 3, [])
    assert (await read(our.coordinator, asked.id)).may == ("publish_answer",)
    record = (await records_of(our.reporter, "ask_question"))[0]
    assert (record.actor_id, list(record.object_ids)) == (str(our.reporter.person_id), [str(asked.id)])
    assert {notice.kind: notice.over for notice in await notices_of(our.reporter)} == {
        "question_asked": True, "answer_waits": True,
    }  # fmt: skip


async def test_everybody_at_the_table_asks_and_nobody_else(harness: Harness) -> None:
    our = await story(harness)
    for role in sorted(TABLE):
        person = await our.cell.person(role)
        assert (await read(person, (await ask(person)).id)).frame.mine
    for role in (Role.DPO, Role.OVERSIGHT):
        with pytest.raises(RoleMissing):
            await ask(await our.cell.person(role))
    with pytest.raises(UndertakingMissing):
        await ask(await our.cell.person(Role.PARTICIPANT, undertaken_until=None))
    with pytest.raises(CellNotFound):
        await ask((await story(harness)).reporter.elsewhere(our.cell))
    our.reporter.acr = 1
    with pytest.raises(SecondFactorMissing):
        await ask(our.reporter)


async def test_invariant_20_questions_come_in_before_the_table_is_open(harness: Harness) -> None:
    our = await story(harness, opened=False)
    asked = await ask(our.reporter)
    assert (await answered(asked, our.coordinator)).state == "ANSWERED"


async def test_only_coordinators_answer(harness: Harness) -> None:
    our, cell = await story(harness), await harness.cell()
    asked = await ask(our.reporter)
    request = answer(asked)
    for person in (our.mayor, our.police, our.prevention, our.reporter, await our.cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(answer_question, request)
    with pytest.raises(QuestionNotFound):
        await our.coordinator.run(answer_question, replace(request, question_id=new_id()))
    with pytest.raises(QuestionNotFound):
        await (await cell.person(Role.COORDINATOR)).run(answer_question, request)
    with pytest.raises(VersionChanged):
        await our.coordinator.run(answer_question, replace(request, expected_version=2))
    with pytest.raises(AnswerMissing):
        await our.coordinator.run(answer_question, replace(request, prepared="", text=""))
    with pytest.raises(AnswerUnknown):
        await our.coordinator.run(answer_question, replace(request, prepared="no_such"))
    first = await our.coordinator.run(answer_question, request, idempotency_key="again")
    assert await our.coordinator.run(answer_question, request, idempotency_key="again") == first
    with pytest.raises(QuestionStateForbids):
        await our.coordinator.run(answer_question, replace(request, expected_version=2))


async def test_who_asked_closes_whenever_and_a_coordinator_what_is_answered(harness: Harness) -> None:
    our = await story(harness)
    asked = await ask(our.reporter)
    with pytest.raises(QuestionStateForbids):
        await our.coordinator.run(close_question, closing(asked))
    for person in (our.mayor, our.police, await our.cell.person(Role.PARTICIPANT)):
        with pytest.raises(QuestionNotFound):
            await person.run(close_question, closing(asked))
    with pytest.raises(VersionChanged):
        await our.reporter.run(close_question, replace(closing(asked), expected_version=9))
    closed = await our.reporter.run(close_question, closing(asked), idempotency_key="again")
    assert await our.reporter.run(close_question, closing(asked), idempotency_key="again") == closed
    with pytest.raises(QuestionStateForbids):
        await our.reporter.run(close_question, replace(closing(asked), expected_version=2))
    told = await answered(await ask(our.reporter), our.coordinator)
    assert (await our.coordinator.run(close_question, closing(told))).state == "CLOSED"


async def test_who_may_not_read_it_finds_none(harness: Harness) -> None:
    our = await story(harness)
    asked = await ask(our.reporter)
    assert (await read(our.reporter, asked.id)).frame.mine
    colleague = await our.cell.person(Role.PARTICIPANT)
    for person in (our.mayor, our.police, our.prevention, colleague):
        with pytest.raises(QuestionNotFound):
            await read(person, asked.id)
        assert not (await person.run(list_questions, ListQuestions(50, None))).questions
    with pytest.raises(RoleMissing):
        await read(await our.cell.person(Role.DPO), asked.id)
    left = our.reporter
    await left.mandate(Role.PARTICIPANT, ends_at=our.now, fact_version=2)
    with pytest.raises(CellNotFound):
        await read(left, asked.id)


async def test_lists_go_by_day_and_end_where_they_say(harness: Harness) -> None:
    our = await story(harness)
    kept = []
    for _ in range(5):
        kept.append((await ask(our.reporter)).id)
        harness.clock.advance(days=1)
    await our.reporter.run(close_question, closing(replace(await ask(our.reporter), version=1)))
    page, found = await our.coordinator.run(list_questions, ListQuestions(2, None, Time.CURRENT)), []
    while True:
        found += [line.question_id for line in page.questions]
        assert page.everyones
        assert not any(line.mine for line in page.questions)
        if page.next_cursor is None:
            break
        page = await our.coordinator.run(list_questions, ListQuestions(2, page.next_cursor, Time.CURRENT))
    assert found == list(reversed(kept))
    assert len((await our.reporter.run(list_questions, ListQuestions(50, None, Time.PAST))).questions) == 1
    own = await our.reporter.run(list_questions, ListQuestions(50, None))
    assert (len(own.questions), own.everyones, all(line.mine for line in own.questions)) == (6, False, True)


async def test_of_one_person_ten_are_open_at_once(harness: Harness) -> None:
    our = await story(harness)
    asked = await asyncio.gather(*(ask(our.reporter) for _ in range(MOST)))
    with pytest.raises(TooManyQuestions):
        await ask(our.reporter)
    await ask(our.police)
    for question in asked:
        await our.reporter.run(close_question, closing(question))
    while len((await our.reporter.run(list_questions, ListQuestions(50, None))).questions) < MARKS:
        await our.reporter.run(close_question, closing(await ask(our.reporter)))
    with pytest.raises(TooManyQuestions):
        await ask(our.reporter)
    harness.clock.advance(days=31)
    await run_due(harness, TERMS)
    await ask(our.reporter)


async def test_it_is_erased_thirty_days_after_it_was_closed(harness: Harness) -> None:
    our = await story(harness)
    asked, other = await ask(our.reporter), await ask(our.reporter)
    told = await answered(asked, our.coordinator)
    await our.reporter.run(close_question, closing(told))
    harness.clock.advance(days=29)
    await run_due(harness, TERMS)
    assert (await read(our.reporter, asked.id)).text
    harness.clock.advance(days=1)
    await run_due(harness, TERMS)
    for person in (our.reporter, our.coordinator):
        with pytest.raises(QuestionNotFound):
            await read(person, asked.id)
    left = await harness.database.unwalled("SELECT 1 FROM object_key WHERE object_id = $1", asked.id)
    assert not left
    assert (await read(our.coordinator, other.id)).text, "one that waits is kept"
    records = [record for record in await records_of(our.coordinator, "erase_question") if record.count]
    assert [(record.verb, list(record.object_ids)) for record in records] == [("erase", [str(asked.id)])]
    await answered(other, our.coordinator)
    harness.clock.advance(days=90)
    await run_due(harness, TERMS)
    with pytest.raises(QuestionNotFound):
        await read(our.coordinator, other.id)
    await our.reporter.run(ask_question, QUESTION)


async def test_who_asked_alone_makes_a_signal_of_it_and_once(harness: Harness) -> None:
    our = await story(harness)
    asked = await ask(our.reporter)
    told = await answered(asked, our.coordinator)
    carried = replace(SIGNAL, question_id=asked.id)
    for person in (our.coordinator, our.police, await our.cell.person(Role.PARTICIPANT)):
        with pytest.raises(QuestionNotFound):
            await person.run(enter_signal, carried)
        assert "enter_signal" not in (await read(our.coordinator, asked.id)).may
    assert (await read(our.reporter, asked.id)).may == ("close_question", "enter_signal")
    with pytest.raises(MunicipalityNotInCell):
        await our.reporter.run(enter_signal, replace(carried, nis_code="11002"))
    assert (await read(our.reporter, asked.id)).frame.version == told.version, "nothing half done"
    signal = await our.reporter.run(enter_signal, carried, idempotency_key="once")
    assert await our.reporter.run(enter_signal, carried, idempotency_key="once") == signal
    own, seen = await read(our.reporter, asked.id), await read(our.coordinator, asked.id)
    assert (own.frame.state, own.signal_id, own.may) == ("CLOSED", signal.id, ())
    assert (seen.frame.state, seen.signal_id) == ("CLOSED", None), "linked for who asked alone"
    assert await kinds(our.reporter) == []
    with pytest.raises(QuestionStateForbids):
        await our.reporter.run(enter_signal, carried)
    closed = await our.reporter.run(close_question, closing(await ask(our.reporter)))
    late = await our.reporter.run(enter_signal, replace(SIGNAL, question_id=closed.id))
    assert (await read(our.reporter, closed.id)).signal_id == late.id, "a closed one can still become a signal"
