"""What the exchange inside a signal tells and whom: what waits, letters, who left, and no word to anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from services.case.commands.add_to_signal import add_to_signal
from services.case.commands.answer_check import answer_check
from services.case.commands.ask_reporter import ask_reporter
from services.case.commands.place_on_list import place_on_list
from services.case.commands.reconsider_signal import reconsider_signal
from services.case.errors import (
    NobodyAnswers,
)
from services.kit.errors import CellNotFound
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.checks import asked, hold, no_objection
from tests.case.exchanging import ANSWER, add, addition, ask, entries, question, said
from tests.case.outcomes import dismissed, second_thoughts, signal_of
from tests.case.rows import Administrator, events_of, notices_of, records_of, rows
from tests.case.story import Story, story, story_in
from tests.case.waiting import kinds, of_kind
from tests.harness import Harness

VERBS = [(ask_reporter, question, "coordinator"), (add_to_signal, addition, "reporter")]
Asks = Callable[[Story], Any]


async def test_a_question_waits_for_who_told_it_until_it_is_answered(harness: Harness) -> None:
    our = await asked(await story(harness), urgent=True)
    waited = await kinds(our.coordinator)
    first, second = await ask(our), await ask(our, "En verder?")
    (waits,) = await of_kind(our.reporter, "signal_asked")
    assert (waits.signal_id, waits.nis_code, waits.urgent, waits.since, waits.reporter_id) == (
        our.signal.id, our.town, True, harness.clock(), None,
    )  # fmt: skip
    assert await kinds(our.coordinator) == waited
    harness.clock.advance(hours=1)
    await add(our)
    await add(our, ANSWER, first)
    assert await kinds(our.reporter) == ["signal_asked"], "what is not answered is not waited for in vain"
    await add(our, ANSWER, second)
    assert await kinds(our.reporter) == []
    told = [notice for notice in await notices_of(our.reporter) if notice.kind == "signal_asked"]
    assert [(notice.over, list(notice.person_ids), notice.urgent) for notice in told] == [
        (False, [str(our.reporter.person_id)], True), (False, [str(our.reporter.person_id)], True), (True, [], False),
    ]  # fmt: skip


async def test_what_was_added_waits_for_each_coordinator_until_it_is_read(harness: Harness) -> None:
    our = await asked(await story(harness))
    colleague = await our.cell.person(Role.COORDINATOR)
    await add(our)
    for reader in (our.coordinator, colleague):
        (waits,) = await of_kind(reader, "signal_added")
        assert (waits.signal_id, waits.since) == (our.signal.id, harness.clock())
    assert "signal_added" not in [*await kinds(our.reporter), *await kinds(our.mayor), *await kinds(our.police)]
    await signal_of(our, our.coordinator)
    assert await of_kind(our.coordinator, "signal_added") == []
    assert len(await of_kind(colleague, "signal_added")) == 1
    for reader in (our.mayor, our.police, our.reporter, await our.cell.person(Role.DPO)):
        assert await rows(reader, "signal_seen") == []
    harness.clock.advance(hours=1)
    await add(our)
    (waits,) = await of_kind(our.coordinator, "signal_added")
    assert waits.since == harness.clock()
    await dismissed(our)
    assert await of_kind(our.coordinator, "signal_added") == await of_kind(colleague, "signal_added") == []
    told = [notice for notice in await notices_of(our.reporter) if notice.kind == "signal_added"]
    assert [(notice.over, list(notice.seats), list(notice.nis_codes)) for notice in told] == [
        (False, ["coordinator"], [our.town]), (False, ["coordinator"], [our.town]), (True, [], []),
    ]  # fmt: skip


async def test_a_question_that_stands_open_is_told_anew_when_the_answer_is_taken_back(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    await ask(our)
    await dismissed(our)
    assert await kinds(our.reporter) == []
    our.signal = await our.coordinator.run(reconsider_signal, second_thoughts(our))
    assert await kinds(our.reporter) == ["signal_asked"]
    told = [notice.over for notice in await notices_of(our.reporter) if notice.kind == "signal_asked"]
    assert told == [False, True, False]


async def test_whoever_left_is_told_nothing_and_the_coordinator_that_nobody_answers(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    await ask(our)
    assert not (await signal_of(our, our.coordinator)).nobody_answers
    await our.reporter.mandate(Role.PARTICIPANT, ends_at=our.now + timedelta(seconds=1), fact_version=2)
    harness.clock.advance(seconds=2)
    view = await signal_of(our, our.coordinator)
    assert (view.nobody_answers, "ask_reporter" in view.may, view.exchange[0].open) == (True, False, True)
    with pytest.raises(NobodyAnswers):
        await our.coordinator.run(ask_reporter, question(our))
    with pytest.raises(CellNotFound):
        await our.reporter.run(add_to_signal, addition(our))
    assert not (await signal_of(our, await our.cell.person(Role.DPO))).nobody_answers
    await our.reporter.mandate(Role.PARTICIPANT, nis_codes=(our.town,), mandate_id=new_id())
    assert not (await signal_of(our, our.coordinator)).nobody_answers
    await add(our, ANSWER, view.exchange[0].entry_id)


async def test_who_has_a_mandate_for_another_town_alone_answers_nothing(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    await our.enter()
    await our.reporter.mandate(Role.PARTICIPANT, nis_codes=("24002",), fact_version=2)
    assert (await signal_of(our, our.coordinator)).nobody_answers
    with pytest.raises(NobodyAnswers):
        await our.coordinator.run(ask_reporter, question(our))


@pytest.mark.parametrize("answer", [None, no_objection, hold])
async def test_invariant_17_the_exchange_tells_of_no_answer_of_the_police(harness: Harness, answer: Any) -> None:
    """Whoever told it reads, may do and is told the same, at the same moments, whatever the police answered."""
    seen = []
    for given in (None, answer):
        our = await asked(await story(harness))
        begun = our.now
        if given:
            await our.police.run(answer_check, given(our))
        asked_for = await ask(our)
        harness.clock.advance(hours=1)
        asked_view = await signal_of(our, our.reporter)
        await add(our, ANSWER, asked_for)
        view = await signal_of(our, our.reporter)
        said_to_them = [
            (entry.kind, entry.text, entry.open, entry.said_at - begun)
            for entry in (*asked_view.exchange, *view.exchange)
        ]
        told = await notices_of(our.reporter)
        letters = sorted((notice.kind, notice.over) for notice in told if "signal" in notice.kind)
        seen.append((asked_view.may, view.may, view.frame.version, said_to_them, letters, await kinds(our.reporter)))
        assert await rows(our.police, "signal_entry") == []
    assert seen[0] == seen[1]


async def test_who_reads_no_text_reads_no_word_of_it(harness: Harness) -> None:
    our = await asked(await story(harness))
    await add(our, ANSWER, await ask(our))
    dpo = await our.cell.person(Role.DPO)
    assert (await signal_of(our, dpo)).exchange == ()
    await our.propose()
    await our.mayor.run(place_on_list, our.listing())
    guest = await our.invite()
    for person in (dpo, our.mayor, our.police, our.prevention, guest):
        assert await rows(person, "signal_entry") == []
    assert len(await said(our, our.coordinator)) == len(await said(our, our.reporter)) == 2


async def test_invariant_18_letters_and_the_log_hold_no_word_of_it(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    await add(our, ANSWER, await ask(our))
    await add(our)
    told = b"".join(notice.SerializeToString() for notice in await notices_of(our.coordinator))
    kept = [*await records_of(our.coordinator, "ask_reporter"), *await records_of(our.coordinator, "add_to_signal")]
    told += b"".join(record.SerializeToString() for record in kept)
    told += b"".join(event.SerializeToString() for event in (await events_of(our.coordinator)).values())
    assert kept
    assert not [word for word in ("Sofie", "Allerheiligen", "zus") if word.encode() in told]


async def test_texts_lie_sealed_each_in_its_place(harness: Harness, administrator: Administrator) -> None:
    our = await story(harness)
    await our.enter()
    await add(our, ANSWER, await ask(our))
    kept = await administrator.fetch(
        "SELECT t::text AS row, said FROM signal_entry AS t WHERE signal_id = $1", our.signal.id
    )
    assert len(kept) == 2
    assert not [row for row in kept if "Sofie" in row["row"] or b"Sofie" in row["said"]]
    await administrator.execute(
        "UPDATE signal_entry SET said = (SELECT said FROM signal_entry WHERE signal_id = $1 AND kind = 'answer')"
        " WHERE signal_id = $1", our.signal.id,
    )  # fmt: skip
    with pytest.raises(InvalidTag):
        await entries(our, our.coordinator)
