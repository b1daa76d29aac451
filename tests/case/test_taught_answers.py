"""What a question taught, told to everybody at the table: who tells, who reads, what is gone once it is taken off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.case.commands.close_question import close_question
from services.case.commands.publish_answer import publish_answer
from services.case.commands.withdraw_answer import WithdrawAnswer, withdraw_answer
from services.case.errors import AnswerNotFound, AnswerStateForbids, QuestionNotFound, QuestionStateForbids
from services.case.queries.list_answers import ListAnswers, list_answers
from services.kit.errors import CellNotFound, RoleMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import TABLE, Role
from tests.case.questions import answered, ask, closing, lesson, publish, read
from tests.case.rows import rows
from tests.case.story import story
from tests.harness import Harness

EVERYTHING = ListAnswers(50, None)


async def test_everybody_at_the_table_reads_it_and_the_coordinator_takes_it_off(harness: Harness) -> None:
    our = await story(harness)
    told = await publish(await answered(await ask(our.reporter), our.coordinator), our.coordinator)
    for role in sorted(TABLE | {Role.DPO}):
        reader = await our.cell.person(role)
        page = await reader.run(list_answers, EVERYTHING)
        assert [(entry.answer_id, entry.question) for entry in page.answers] == [(told.id, lesson(told).question)]
        assert page.may == (("withdraw_answer",) if role is Role.COORDINATOR else ())
    with pytest.raises(RoleMissing):
        await (await our.cell.person(Role.OVERSIGHT)).run(list_answers, EVERYTHING)
    with pytest.raises(UndertakingMissing):
        await (await our.cell.person(Role.PARTICIPANT, undertaken_until=None)).run(list_answers, EVERYTHING)
    with pytest.raises(CellNotFound):
        await (await story(harness)).reporter.elsewhere(our.cell).run(list_answers, EVERYTHING)
    request = WithdrawAnswer(told.id, 1)
    for person in (our.mayor, our.reporter, our.police):
        with pytest.raises(RoleMissing):
            await person.run(withdraw_answer, request)
    with pytest.raises(AnswerNotFound):
        await (await story(harness)).coordinator.run(withdraw_answer, request)
    with pytest.raises(AnswerNotFound):
        await our.coordinator.run(withdraw_answer, replace(request, answer_id=new_id()))
    with pytest.raises(VersionChanged):
        await our.coordinator.run(withdraw_answer, replace(request, expected_version=9))
    gone = await our.coordinator.run(withdraw_answer, request, idempotency_key="once")
    assert await our.coordinator.run(withdraw_answer, request, idempotency_key="once") == gone
    assert not (await our.reporter.run(list_answers, EVERYTHING)).answers
    assert [row.entry for row in await rows(our.coordinator, "taught_answer")] == [None], "its text is gone"
    with pytest.raises(AnswerStateForbids):
        await our.coordinator.run(withdraw_answer, replace(request, expected_version=2))


async def test_only_a_coordinator_tells_and_only_of_what_was_answered(harness: Harness) -> None:
    our = await story(harness)
    asked = await ask(our.reporter)
    with pytest.raises(QuestionStateForbids):
        await publish(asked, our.coordinator)
    assert "publish_answer" not in (await read(our.coordinator, asked.id)).may
    told = await answered(asked, our.coordinator)
    assert "publish_answer" in (await read(our.coordinator, asked.id)).may
    for person in (our.reporter, our.mayor, our.police, await our.cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await publish(told, person)
    with pytest.raises(QuestionNotFound):
        await publish(told, (await story(harness)).coordinator)
    await our.reporter.run(close_question, closing(told))
    assert (await publish(told, our.coordinator)).state == "PUBLISHED", "a closed one teaches too"
    first = await our.coordinator.run(publish_answer, lesson(told), idempotency_key="once")
    assert await our.coordinator.run(publish_answer, lesson(told), idempotency_key="once") == first


async def test_nothing_of_it_leads_to_the_question_and_pages_end(harness: Harness) -> None:
    our = await story(harness)
    told = await answered(await ask(our.reporter), our.coordinator)
    kept = set()
    for _ in range(3):
        kept.add((await publish(told, our.coordinator)).id)
    assert str(told.id) not in str(await rows(our.coordinator, "taught_answer"))
    page, found = await our.reporter.run(list_answers, ListAnswers(2, None)), set()
    found |= {entry.answer_id for entry in page.answers}
    assert len(found) == 2
    page = await our.reporter.run(list_answers, ListAnswers(2, page.next_cursor))
    assert found | {entry.answer_id for entry in page.answers} == kept
    assert page.next_cursor is None
