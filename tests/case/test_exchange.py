"""The exchange inside a signal: the coordinator asks, whoever told it answers and adds, both read it in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.case.commands.add_to_signal import add_to_signal
from services.case.commands.ask_reporter import ask_reporter
from services.case.commands.dismiss_signal import dismiss_signal
from services.case.commands.withdraw_signal import withdraw_signal
from services.case.errors import (
    ExchangeFull,
    NobodyAnswers,
    NotTheReporter,
    PartMissing,
    QuestionNotFound,
    QuestionStateForbids,
    SignalNotFound,
    SignalStateForbids,
    SignalWorkedOn,
)
from services.case.model.exchange import MOST
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.checks import asked
from tests.case.exchanging import ANSWER, MORE, QUESTION, add, addition, ask, entries, question, said
from tests.case.outcomes import dismissal, dismissed, signal_of, withdrawal
from tests.case.rows import records_of
from tests.case.story import Story, story, story_in
from tests.case.waiting import kinds
from tests.harness import Harness, Person

VERBS = [(ask_reporter, question, "coordinator"), (add_to_signal, addition, "reporter")]
Asks = Callable[[Story], Any]


async def test_a_round_and_another_are_read_in_order_by_both(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    assert await said(our, our.reporter) == []
    first = await ask(our)
    assert await said(our, our.reporter) == [("question", QUESTION, our.coordinator.person_id, True)]
    harness.clock.advance(hours=1)
    await add(our, ANSWER, first)
    harness.clock.advance(hours=1)
    await add(our)
    second = await ask(our, "En nu?")
    both = [await entries(our, reader) for reader in (our.reporter, our.coordinator)]
    assert both[0] == both[1]
    assert [(entry.kind, entry.text, entry.open, entry.answers) for entry in both[0]] == [
        ("question", QUESTION, False, None), ("answer", ANSWER, False, first), ("addition", MORE, False, None),
        ("question", "En nu?", True, None),
    ]  # fmt: skip
    assert [entry.said_at for entry in both[0]] == sorted(entry.said_at for entry in both[0])
    assert {entry.language for entry in both[0]} == {"nl"}
    await add(our, "Hij komt terug.", second)
    assert [entry.open for entry in await entries(our, our.coordinator)] == [False] * 5
    assert (our.signal.state, our.signal.version) == ("RECEIVED", 6)
    record = (await records_of(our.coordinator, "ask_reporter"))[-1]
    assert (record.verb, list(record.object_ids), list(record.fields)) == ("collect", [str(our.signal.id)], ["content"])


async def test_only_the_coordinator_of_that_town_asks(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.enter()
    for person in (our.mayor, our.police, our.prevention, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(ask_reporter, question(our))
    with pytest.raises(SignalNotFound):
        await theirs.coordinator.run(ask_reporter, question(our))
    with pytest.raises(CellNotFound):
        await (await story(harness)).coordinator.elsewhere(cell).run(ask_reporter, question(our))
    half = await cell.person(Role.COORDINATOR, nis_codes=("24001",), undertaken_until=None)
    await half.mandate(Role.PARTICIPANT, nis_codes=("24002",), mandate_id=new_id())
    with pytest.raises((UndertakingMissing, PartMissing)):
        await half.run(ask_reporter, question(our))
    await as_others_do(our, our.coordinator, ask_reporter, question(our))


async def test_only_whoever_told_it_adds(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.enter()
    colleague = await cell.person(Role.PARTICIPANT, nis_codes=("24001",))
    for person in (colleague, our.mayor, our.police, theirs.coordinator, theirs.reporter):
        with pytest.raises(SignalNotFound):
            await person.run(add_to_signal, addition(our))
    with pytest.raises(NotTheReporter):
        await our.coordinator.run(add_to_signal, addition(our))
    with pytest.raises(RoleMissing):
        await (await cell.person(Role.DPO)).run(add_to_signal, addition(our))
    with pytest.raises(CellNotFound):
        await (await story(harness)).reporter.elsewhere(cell).run(add_to_signal, addition(our))
    await as_others_do(our, our.reporter, add_to_signal, addition(our))


async def as_others_do(our: Story, person: Person, handler: Any, request: Any) -> None:
    """An unknown signal, one factor, an old version; then done, and once for one key."""
    with pytest.raises(SignalNotFound):
        await person.run(handler, replace(request, signal_id=new_id()))
    person.acr = 1
    with pytest.raises(SecondFactorMissing):
        await person.run(handler, request)
    person.acr = 2
    with pytest.raises(VersionChanged):
        await person.run(handler, replace(request, expected_version=2))
    first = await person.run(handler, request, idempotency_key="again")
    assert (first.id, first.state, first.version) == (our.signal.id, "RECEIVED", 2)
    assert await person.run(handler, request, idempotency_key="again") == first
    assert len(await entries(our, our.reporter)) == 1


@pytest.mark.parametrize(("handler", "asks", "who"), VERBS)
@pytest.mark.parametrize("end", ["proposed", "dismissed", "withdrawn"])
async def test_once_it_is_decided_nothing_is_asked_or_added(
    harness: Harness, handler: Any, asks: Asks, who: str, end: str
) -> None:
    our = await story(harness)
    await our.enter()
    person: Person = getattr(our, who)
    our.signal = await person.run(handler, asks(our))
    if end == "withdrawn":
        our = await story(harness)
        await our.enter()
        person = getattr(our, who)
        our.signal = await our.reporter.run(withdraw_signal, withdrawal(our))
    elif end == "dismissed":
        await dismissed(our)
    else:
        await our.propose()
    request = replace(asks(our), expected_version=(await signal_of(our, our.reporter)).frame.version)
    assert not {"ask_reporter", "add_to_signal"} & set((await signal_of(our, person)).may)
    with pytest.raises(SignalStateForbids):
        await person.run(handler, request)


async def test_what_it_says_may_be_done_is_what_can_be(harness: Harness) -> None:
    our = await asked(await story(harness))
    for reader, verb, other in (
        (our.coordinator, "ask_reporter", "add_to_signal"), (our.reporter, "add_to_signal", "ask_reporter"),
    ):  # fmt: skip
        may = (await signal_of(our, reader)).may
        assert verb in may
        assert other not in may
    for reader in (await our.cell.person(Role.DPO), our.police):
        assert {"ask_reporter", "add_to_signal"}.isdisjoint((await signal_of(our, reader)).may)


async def test_nobody_asks_themselves_and_another_coordinator_may(harness: Harness) -> None:
    our = await story(harness)
    our.reporter = our.coordinator
    await our.enter()
    with pytest.raises(NobodyAnswers):
        await our.coordinator.run(ask_reporter, question(our))
    view = await signal_of(our, our.coordinator)
    assert ("ask_reporter" in view.may, "add_to_signal" in view.may, view.nobody_answers) == (False, True, False)
    our.coordinator = await our.cell.person(Role.COORDINATOR)
    await ask(our)


async def test_to_ask_is_to_work_on_it_and_to_add_is_not(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    await add(our)
    assert "withdraw_signal" in (await signal_of(our, our.reporter)).may
    await ask(our)
    assert "withdraw_signal" not in (await signal_of(our, our.reporter)).may
    with pytest.raises(SignalWorkedOn):
        await our.reporter.run(withdraw_signal, withdrawal(our))
    our = await story(harness)
    await our.enter()
    await add(our)
    our.signal = await our.reporter.run(withdraw_signal, withdrawal(our))
    assert await said(our, our.reporter) == [("addition", MORE, our.reporter.person_id, False)]
    assert await said(our, our.coordinator) == []
    assert await kinds(our.coordinator) == []


async def test_a_question_is_answered_once_and_of_this_signal(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    elsewhere = await ask(our)
    await our.enter()
    entry = await ask(our)
    for answers in (new_id(), elsewhere):
        with pytest.raises(QuestionNotFound):
            await our.reporter.run(add_to_signal, addition(our, ANSWER, answers))
    await add(our, ANSWER, entry)
    with pytest.raises(QuestionStateForbids):
        await our.reporter.run(add_to_signal, addition(our, ANSWER, entry))
    with pytest.raises(QuestionNotFound):
        await our.reporter.run(add_to_signal, addition(our, ANSWER, (await entries(our, our.reporter))[-1].entry_id))
    assert len(await entries(our, our.reporter)) == 2


async def test_there_is_room_for_so_much_and_always_for_an_answer(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    for number in range(MOST):
        await add(our, f"Nog {number}.")
        await ask(our, f"En {number}?")
    assert "ask_reporter" not in (await signal_of(our, our.coordinator)).may
    with pytest.raises(ExchangeFull):
        await our.coordinator.run(ask_reporter, question(our))
    with pytest.raises(ExchangeFull):
        await our.reporter.run(add_to_signal, addition(our))
    for entry in [entry for entry in await entries(our, our.reporter) if entry.open]:
        assert "add_to_signal" in (await signal_of(our, our.reporter)).may
        await add(our, "é" * 4000, entry.entry_id)
    assert "add_to_signal" not in (await signal_of(our, our.reporter)).may
    assert len(await entries(our, our.coordinator)) == 3 * MOST


async def test_of_two_at_once_one_is_told_to_read_first(harness: Harness) -> None:
    for other in ((add_to_signal, addition), (dismiss_signal, dismissal), (ask_reporter, question)):
        our = await story(harness)
        await our.enter()
        second = our.reporter if other[0] is add_to_signal else our.coordinator
        handler: Any = other[0]
        done = await asyncio.gather(
            our.coordinator.run(ask_reporter, question(our)), second.run(handler, other[1](our)),
            return_exceptions=True,
        )  # fmt: skip
        assert sum(isinstance(answer, VersionChanged) for answer in done) == 1, done
