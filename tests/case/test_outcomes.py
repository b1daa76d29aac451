"""A signal that becomes no case: not retained, referred to other help, withdrawn; and taking that back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.case.commands.answer_check import answer_check
from services.case.commands.dismiss_signal import dismiss_signal
from services.case.commands.propose_case import propose_case
from services.case.commands.reconsider_signal import reconsider_signal
from services.case.commands.redirect_signal import redirect_signal
from services.case.commands.start_check import StartCheck, start_check
from services.case.commands.withdraw_signal import withdraw_signal
from services.case.errors import (
    CheckHolds,
    NotTheReporter,
    OutcomeStands,
    PartMissing,
    SignalNotFound,
    SignalStateForbids,
    SignalWorkedOn,
)
from services.case.queries.list_signals import ListSignals, list_signals
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.checks import asked, check, hold, no_objection
from tests.case.outcomes import (
    ADVICE,
    NOTED,
    TOLD,
    dismissal,
    dismissed,
    redirected,
    redirection,
    second_thoughts,
    signal_of,
    withdrawal,
)
from tests.case.rows import notices_of, records_of, rows
from tests.case.story import Story, story, story_in
from tests.case.waiting import kinds
from tests.harness import Harness

Asks = Callable[[Story], Any]
ENDS = [(dismiss_signal, dismissal, "NOT_RETAINED"), (redirect_signal, redirection, "REDIRECTED")]


async def test_the_reporter_reads_the_answer_and_coordinators_alone_read_why(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    assert await kinds(our.coordinator) == ["signal_received"]
    await dismissed(our)
    assert await kinds(our.coordinator) == []
    told = (await signal_of(our, our.reporter)).outcome
    assert told is not None
    assert (told.told, told.reason, told.noted, told.help) == (TOLD, None, None, None)
    assert (told.decided_by, told.decided_at) == (our.coordinator.person_id, harness.clock())
    kept = (await signal_of(our, our.coordinator)).outcome
    assert kept is not None
    assert (kept.told, kept.reason, kept.noted) == (TOLD, "other_purpose", NOTED)
    view = await signal_of(our, our.reporter)
    assert (view.frame.state, view.frame.open, view.may, view.observed) == (
        "NOT_RETAINED", False, (), "Hij trekt zich terug.",
    )  # fmt: skip
    dpo = await our.cell.person(Role.DPO)
    assert ((await signal_of(our, dpo)).outcome, (await signal_of(our, dpo)).frame.state) == (None, "NOT_RETAINED")
    assert [len(await rows(person, "signal_reason")) for person in (our.reporter, dpo, our.mayor)] == [0, 0, 0]
    assert [len(await rows(person, "signal_outcome")) for person in (our.reporter, dpo, our.mayor)] == [1, 0, 0]
    record = (await records_of(our.coordinator, "dismiss_signal"))[-1]
    assert (record.verb, list(record.object_ids)) == ("decide", [str(our.signal.id)])


async def test_whoever_is_referred_reads_the_kind_of_help_and_advice(harness: Harness) -> None:
    our = await asked(await story(harness))
    await redirected(our)
    for reader in (our.reporter, our.coordinator):
        told = (await signal_of(our, reader)).outcome
        assert told is not None
        assert (told.told, told.help, told.reason, told.noted) == (ADVICE, "school_support", None, None)
    told_of = [notice for notice in await notices_of(our.coordinator) if not notice.over]
    assert {(notice.kind, *notice.seats, *notice.person_ids) for notice in told_of} == {
        ("check_wanted", "police"), ("signal_answered", str(our.reporter.person_id)),
    }  # fmt: skip
    past = (await our.reporter.run(list_signals, ListSignals(50, None, None))).signals
    assert [(signal.state, signal.open) for signal in past] == [("REDIRECTED", False)]


async def test_invariant_18_the_letter_says_nothing_of_the_answer(harness: Harness) -> None:
    our = await story(harness)
    await our.enter(urgent=True)
    await dismissed(our)
    sent = await notices_of(our.coordinator)
    (answered,) = [notice for notice in sent if notice.kind == "signal_answered"]
    assert (list(answered.person_ids), answered.by) == ([str(our.reporter.person_id)], str(our.coordinator.person_id))
    assert [notice.over for notice in sent if notice.kind == "urgent_signal"] == [False, True]
    told = b"".join(notice.SerializeToString() for notice in sent)
    assert not [word for word in ("Puber", "Dank", "Claes", "other_purpose", "RETAINED") if word.encode() in told]


@pytest.mark.parametrize(("handler", "asks", "state"), ENDS)
async def test_only_a_coordinator_of_that_town_answers(harness: Harness, handler: Any, asks: Asks, state: str) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.enter()
    request = asks(our)
    for person in (our.mayor, our.police, our.prevention, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(handler, request)
    with pytest.raises(SignalNotFound):
        await theirs.coordinator.run(handler, request)
    with pytest.raises(SignalNotFound):
        await our.coordinator.run(handler, replace(request, signal_id=new_id()))
    with pytest.raises(CellNotFound):
        await (await story(harness)).coordinator.elsewhere(cell).run(handler, request)
    half = await cell.person(Role.COORDINATOR, nis_codes=("24001",), undertaken_until=None)
    await half.mandate(Role.PARTICIPANT, nis_codes=("24002",), mandate_id=new_id())
    with pytest.raises((UndertakingMissing, PartMissing)):
        await half.run(handler, request)
    our.coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.coordinator.run(handler, request)
    our.coordinator.acr = 2
    with pytest.raises(VersionChanged):
        await our.coordinator.run(handler, replace(request, expected_version=2))
    first = await our.coordinator.run(handler, request, idempotency_key="again")
    assert (first.state, first.version) == (state, 2)
    assert await our.coordinator.run(handler, request, idempotency_key="again") == first
    with pytest.raises(SignalStateForbids):
        await our.coordinator.run(handler, replace(request, expected_version=2))
    for handler_after, request_after in (
        (start_check, StartCheck(our.signal.id, 2)), (propose_case, replace(our.proposal(), expected_version=2)),
    ):  # fmt: skip
        with pytest.raises(SignalStateForbids):
            await our.coordinator.run(handler_after, request_after)  # type: ignore[arg-type]


async def test_a_table_that_is_set_up_answers_signals_already(harness: Harness) -> None:
    our = await story(harness, opened=False)
    await our.enter()
    assert (await signal_of(our, our.coordinator)).may == (
        "dismiss_signal", "redirect_signal", "ask_reporter", "list_possible_matches",
    )  # fmt: skip
    await dismissed(our)


@pytest.mark.parametrize(("handler", "asks", "state"), ENDS)
async def test_invariant_17_an_answer_tells_of_no_hold(harness: Harness, handler: Any, asks: Asks, state: str) -> None:
    """Of two signals one is held: who may not know of it reads the same of both, and gets the same letter."""
    seen = []
    for held in (False, True):
        our = await asked(await story(harness))
        if held:
            await our.police.run(answer_check, hold(our))
        may = (await signal_of(our, our.coordinator)).may
        assert {"dismiss_signal", "redirect_signal"} <= set(may), "no word of the police is needed"
        our.signal = await our.coordinator.run(handler, asks(our))
        dpo = await our.cell.person(Role.DPO)
        views = [await signal_of(our, reader) for reader in (our.reporter, dpo)]
        own: dict[str, Any] = dict.fromkeys(("signal_id", "reporter_id", "received_at", "ended_at"))
        bare = [(replace(view, frame=replace(view.frame, **own), outcome=None), view.outcome) for view in views]
        letters = [notice.kind for notice in await notices_of(our.coordinator) if notice.person_ids]
        seen.append(([(view, outcome and outcome.told) for view, outcome in bare], letters))
        for person in (our.police, await our.cell.person(Role.POLICE_CHIEF)):
            with pytest.raises(SignalNotFound):
                await check(our, person)
            assert await rows(person, "signal_identity") == []
            assert await rows(person, "check_answer") == []
    assert seen[0] == seen[1]


async def test_what_was_answered_is_taken_back_for_a_day(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    await dismissed(our)
    assert (await signal_of(our, our.coordinator)).may == ("reconsider_signal", "list_possible_matches")
    for person in (our.mayor, our.reporter, our.police):
        with pytest.raises(RoleMissing):
            await person.run(reconsider_signal, second_thoughts(our))
    with pytest.raises(VersionChanged):
        await our.coordinator.run(reconsider_signal, replace(second_thoughts(our), expected_version=1))
    harness.clock.advance(hours=24)
    our.signal = await our.coordinator.run(reconsider_signal, second_thoughts(our))
    assert (our.signal.state, our.signal.version) == ("RECEIVED", 3)
    for reader in (our.reporter, our.coordinator):
        view = await signal_of(our, reader)
        assert (view.frame.state, view.frame.ended_at, view.outcome) == ("RECEIVED", None, None)
    assert [(row.told, row.help) for row in await rows(our.coordinator, "signal_outcome")] == [(None, None)]
    assert [(row.reason, row.noted) for row in await rows(our.coordinator, "signal_reason")] == [(None, None)]
    assert await kinds(our.coordinator) == ["signal_received"]
    over = [notice.over for notice in await notices_of(our.coordinator) if notice.kind == "signal_answered"]
    assert over == [False, True]
    with pytest.raises(SignalStateForbids):
        await our.coordinator.run(reconsider_signal, second_thoughts(our))
    await redirected(our)
    told = (await signal_of(our, our.coordinator)).outcome
    assert told is not None
    assert (told.told, told.reason, told.noted) == (ADVICE, None, None)
    harness.clock.advance(hours=24, seconds=1)
    assert (await signal_of(our, our.coordinator)).may == ("list_possible_matches",)
    with pytest.raises(OutcomeStands):
        await our.coordinator.run(reconsider_signal, second_thoughts(our))


async def test_taking_it_back_is_no_way_round_a_hold(harness: Harness) -> None:
    our = await asked(await story(harness))
    await our.police.run(answer_check, hold(our, days=30))
    await dismissed(our)
    our.signal = await our.coordinator.run(reconsider_signal, second_thoughts(our))
    assert our.signal.state == "UNDER_CHECK"
    assert (await check(our, our.coordinator)).known.standing == "held"
    with pytest.raises(CheckHolds):
        await our.coordinator.run(propose_case, our.proposal())
    view = await check(our, our.police)
    assert (view.person is not None, view.may) == (True, ("answer_check",))
    await our.police.run(answer_check, no_objection(our, version=2))
    assert await our.coordinator.run(propose_case, our.proposal(unchecked=""))


async def test_a_check_that_goes_on_again_is_asked_for_again(harness: Harness) -> None:
    our = await asked(await story(harness))
    await dismissed(our)
    assert await kinds(our.police) == []
    our.signal = await our.coordinator.run(reconsider_signal, second_thoughts(our))
    assert await kinds(our.police) == ["check_wanted"]
    wanted = [notice for notice in await notices_of(our.police) if notice.kind == "check_wanted"]
    assert [notice.over for notice in wanted] == [False, True, False]


async def test_the_reporter_withdraws_what_nobody_worked_on(harness: Harness) -> None:
    our = await story(harness)
    await our.enter(urgent=True)
    assert (await signal_of(our, our.reporter)).may == ("withdraw_signal", "add_to_signal")
    colleague = await our.cell.person(Role.PARTICIPANT)
    with pytest.raises(SignalNotFound):
        await colleague.run(withdraw_signal, withdrawal(our))
    with pytest.raises(NotTheReporter):
        await our.coordinator.run(withdraw_signal, withdrawal(our))
    with pytest.raises(RoleMissing):
        await (await our.cell.person(Role.DPO)).run(withdraw_signal, withdrawal(our))
    with pytest.raises(CellNotFound):
        await (await story(harness)).reporter.elsewhere(our.cell).run(withdraw_signal, withdrawal(our))
    with pytest.raises(VersionChanged):
        await our.reporter.run(withdraw_signal, replace(withdrawal(our), expected_version=7))
    our.signal = await our.reporter.run(withdraw_signal, withdrawal(our))
    assert (our.signal.state, our.signal.version) == ("WITHDRAWN", 2)
    mine, theirs = await signal_of(our, our.reporter), await signal_of(our, our.coordinator)
    assert (mine.observed, mine.may, mine.frame.state) == ("Hij trekt zich terug.", (), "WITHDRAWN")
    assert (theirs.observed, theirs.person, theirs.may, theirs.frame.state) == (None, None, (), "WITHDRAWN")
    for table in ("signal_identity", "signal_content"):
        assert await rows(our.coordinator, table) == []
    assert await kinds(our.coordinator) == []
    assert [n.over for n in await notices_of(our.reporter) if n.kind == "urgent_signal"] == [False, True]
    with pytest.raises(SignalStateForbids):
        await our.reporter.run(withdraw_signal, withdrawal(our))
    with pytest.raises(SignalStateForbids):
        await our.coordinator.run(dismiss_signal, dismissal(our))


async def test_what_somebody_worked_on_is_not_withdrawn(harness: Harness) -> None:
    our = await asked(await story(harness))
    assert (await signal_of(our, our.reporter)).may == ("add_to_signal",)
    with pytest.raises(SignalStateForbids):
        await our.reporter.run(withdraw_signal, withdrawal(our))
    our = await story(harness)
    await our.enter()
    await dismissed(our)
    our.signal = await our.coordinator.run(reconsider_signal, second_thoughts(our))
    with pytest.raises(SignalWorkedOn):
        await our.reporter.run(withdraw_signal, withdrawal(our))
    our = await story(harness)
    await our.enter()
    await our.reporter.mandate(Role.PARTICIPANT, ends_at=our.now + timedelta(seconds=1), fact_version=2)
    harness.clock.advance(seconds=2)
    with pytest.raises(CellNotFound):
        await our.reporter.run(withdraw_signal, withdrawal(our))


async def test_of_two_at_once_one_counts_and_the_other_is_told(harness: Harness) -> None:
    for other in ((redirect_signal, redirection), (propose_case, Story.proposal), (withdraw_signal, withdrawal)):
        our = await story(harness)
        await our.enter()
        second = our.reporter if other[0] is withdraw_signal else our.coordinator
        handler: Any = other[0]
        done = await asyncio.gather(
            our.coordinator.run(dismiss_signal, dismissal(our)), second.run(handler, other[1](our)),
            return_exceptions=True,
        )  # fmt: skip
        refused = [answer for answer in done if isinstance(answer, BaseException)]
        assert len(refused) == 1
        assert isinstance(refused[0], VersionChanged | SignalStateForbids | SignalNotFound | PartMissing), refused
