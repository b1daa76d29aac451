"""The preliminary check: who asks, who reads whom it is about, who answers, and who knows what was answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from services.case.commands.answer_check import AnswerCheck, answer_check
from services.case.commands.propose_case import propose_case
from services.case.commands.start_check import StartCheck, start_check
from services.case.errors import (
    CellNotOpen,
    CheckHolds,
    CheckMissing,
    HoldOutOfRange,
    NotOfYourTown,
    PartMissing,
    SignalNotFound,
    SignalStateForbids,
)
from services.case.queries.list_signals import ListSignals, list_signals
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.checks import asked, check, hold, no_objection
from tests.case.rows import as_actor, notices_of, records_of, rows
from tests.case.story import Story, story, story_in
from tests.harness import Harness, Person


async def test_the_police_read_whom_it_is_about_and_nothing_else_while_it_is_checked(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    chief = await our.cell.person(Role.POLICE_CHIEF)
    for person in (our.police, chief):
        with pytest.raises(SignalNotFound):
            await check(our, person)
        assert await rows(person, "signal_identity") == []
    await our.coordinator.run(start_check, StartCheck(our.signal.id, 1))
    for person in (our.police, chief):
        view = await check(our, person)
        assert view.person is not None
        assert (view.person.family_name, view.known.standing, view.may) == ("Claes", "waiting", ("answer_check",))
        signal = await person.run(read_signal, ReadSignal(our.signal.id))
        assert (signal.person, signal.observed, signal.tried, signal.reason, signal.may) == (
            view.person, None, None, None, (),
        )  # fmt: skip
        assert await rows(person, "signal_content") == []
        assert not (await person.run(list_signals, ListSignals(50, None))).signals
    record = (await records_of(our.police, "read_check"))[-1]
    assert (list(record.fields), list(record.object_ids)) == (["frame", "identity"], [str(our.signal.id)])
    for person in (our.prevention, our.mayor):
        assert await rows(person, "signal_identity") == []
    our.signal = replace(our.signal, version=2)
    await our.coordinator.run(propose_case, our.proposal())
    for person in (our.police, chief):
        with pytest.raises(SignalNotFound):
            await check(our, person)
        with pytest.raises(SignalNotFound):
            await person.run(read_signal, ReadSignal(our.signal.id))
        for table in ("signal_identity", "preliminary_check", "check_answer", "signal"):
            assert await rows(person, table) == [], table


async def test_the_wall_looks_at_the_state_whatever_the_entry_says(harness: Harness) -> None:
    our = await asked(await story(harness))
    assert len(await rows(our.police, "signal_identity")) == 1
    async with as_actor(our.coordinator) as session:
        await session.execute(text("UPDATE signal SET state = 'NOT_RETAINED', ended_at = received_at"))
    assert await rows(our.police, "signal_identity") == []
    assert len(await rows(our.coordinator, "signal_identity")) == 1
    for forged in ("ARRAY['frame', 'identity', 'content']", "ARRAY['proposal']"):
        with pytest.raises(Exception, match="circle_entry"):
            async with as_actor(our.coordinator) as session:
                await session.execute(text(f"UPDATE circle_entry SET parts = {forged} WHERE checks"))


async def test_only_the_coordinator_of_that_town_asks(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.enter()
    request = StartCheck(our.signal.id, 1)
    for person in (our.mayor, our.police, our.prevention, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(start_check, request)
    with pytest.raises(SignalNotFound):
        await theirs.coordinator.run(start_check, request)
    with pytest.raises(SignalNotFound):
        await our.coordinator.run(start_check, replace(request, signal_id=new_id()))
    with pytest.raises(CellNotFound):
        await (await story(harness)).coordinator.elsewhere(cell).run(start_check, request)
    half = await cell.person(Role.COORDINATOR, nis_codes=("24001",), undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await half.run(start_check, request)
    await half.mandate(Role.PARTICIPANT, nis_codes=("24002",), mandate_id=new_id())
    with pytest.raises((UndertakingMissing, PartMissing)):
        await half.run(start_check, request)
    our.coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.coordinator.run(start_check, request)
    our.coordinator.acr = 2
    with pytest.raises(VersionChanged):
        await our.coordinator.run(start_check, replace(request, expected_version=2))
    first = await our.coordinator.run(start_check, request, idempotency_key="again")
    assert (first.state, first.version) == ("UNDER_CHECK", 2)
    assert await our.coordinator.run(start_check, request, idempotency_key="again") == first
    with pytest.raises(SignalStateForbids):
        await our.coordinator.run(start_check, replace(request, expected_version=2))
    record = next(record for record in await records_of(our.coordinator, "start_check") if record.object_ids)
    assert (record.verb, list(record.object_ids)) == ("disclose", [str(our.signal.id)])


async def test_nobody_is_asked_before_the_table_is_open(harness: Harness) -> None:
    our = await story(harness, opened=False)
    await our.enter()
    with pytest.raises(CellNotOpen):
        await our.coordinator.run(start_check, StartCheck(our.signal.id, 1))


async def test_only_the_police_of_that_town_answer(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await asked(await story_in(cell, "24001")), await story_in(cell, "24002")
    for person in (our.coordinator, our.mayor, our.prevention, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(answer_check, no_objection(our))
    with pytest.raises(SignalNotFound):
        await theirs.police.run(answer_check, no_objection(our))
    with pytest.raises(CellNotFound):
        await (await story(harness)).police.elsewhere(cell).run(answer_check, no_objection(our))
    teller = await cell.person(Role.PARTICIPANT, nis_codes=("24001",))
    await teller.mandate(Role.POLICE_CHIEF, nis_codes=("24002",), mandate_id=new_id())
    signal, our.reporter = our.signal, teller
    await asked(our)
    with pytest.raises((NotOfYourTown, SignalNotFound)):
        await teller.run(answer_check, no_objection(our))
    our.signal = signal
    with pytest.raises(VersionChanged):
        await our.police.run(answer_check, no_objection(our, version=2))
    receipt = await our.police.run(answer_check, no_objection(our))
    assert (receipt.state, receipt.version) == ("UNDER_CHECK", 2)
    record = (await records_of(our.police, "answer_check"))[-1]
    assert (record.verb, list(record.object_ids)) == ("decide", [str(our.signal.id)])
    assert not [row for row in await rows(theirs.police, "check_answer") if row.signal_id == our.signal.id]


@pytest.mark.parametrize(("answer", "day"), [
    ("hold", None), ("hold", date(2026, 11, 24)), ("hold", date(2027, 2, 25)), ("no_objection", date(2026, 12, 1)),
])  # fmt: skip
async def test_a_hold_has_a_day_within_three_months_and_nothing_else_has_one(
    harness: Harness, answer: str, day: date | None
) -> None:
    our = await asked(await story(harness))
    assert our.today == date(2026, 11, 24)
    with pytest.raises(HoldOutOfRange):
        await our.police.run(answer_check, AnswerCheck(our.signal.id, 1, answer, day))
    last = AnswerCheck(our.signal.id, 1, "hold", date(2027, 2, 24))
    assert (await our.police.run(answer_check, last)).version == 2


async def as_seen(our: Story, reader: Person) -> object:
    """Everything somebody can ask of the signal."""
    view = await reader.run(read_signal, ReadSignal(our.signal.id))
    listed = await reader.run(list_signals, ListSignals(50, None))
    return view, listed, await rows(reader, "preliminary_check"), await rows(reader, "check_answer")


async def test_a_hold_looks_like_not_yet_to_all_but_coordinator_and_mayor(harness: Harness) -> None:
    our = await asked(await story(harness))
    dpo = await our.cell.person(Role.DPO)
    before = [await as_seen(our, reader) for reader in (our.reporter, dpo)]
    await our.police.run(answer_check, hold(our))
    assert [await as_seen(our, reader) for reader in (our.reporter, dpo)] == before
    for reader in (our.reporter, dpo):
        with pytest.raises(RoleMissing):
            await check(our, reader)
    for reader in (our.coordinator, our.mayor, our.police):
        assert (await check(our, reader)).known.standing == "held"
    assert (await check(our, our.mayor)).person is None, "the mayor reads nobody before a case is proposed"
    may = (await our.coordinator.run(read_signal, ReadSignal(our.signal.id))).may
    assert may == ("dismiss_signal", "redirect_signal", "ask_reporter", "list_possible_matches")
    kept = await rows(our.mayor, "check_answer")
    assert [(row.answer, row.number) for row in kept] == [("hold", 1)]
    with pytest.raises(CheckHolds):
        await our.coordinator.run(propose_case, our.proposal())
    await our.police.run(answer_check, no_objection(our, version=2))
    assert await our.coordinator.run(propose_case, our.proposal(unchecked=""))


async def test_without_a_check_a_reason_is_given_and_the_mayor_reads_it(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    for reason in ("", "no_answer"):
        with pytest.raises(CheckMissing):
            await our.coordinator.run(propose_case, our.proposal(unchecked=reason))
    our._keep(await our.coordinator.run(propose_case, our.proposal(unchecked="urgent")))
    assert (await our.read(our.mayor)).unchecked == "urgent"


async def test_a_new_officer_and_a_deputy_sit_where_the_one_before_sat(harness: Harness) -> None:
    our = await asked(await story(harness))
    await our.police.run(answer_check, hold(our))
    await our.police.mandate(Role.INFORMATION_OFFICER, ends_at=our.now, fact_version=2)
    harness.clock.advance(seconds=1)
    with pytest.raises(CellNotFound):
        await check(our, our.police)
    successor = await our.cell.person(Role.INFORMATION_OFFICER)
    deputy = await our.cell.person(Role.INFORMATION_OFFICER, deputy_for=successor.person_id)
    for person in (successor, deputy):
        assert (await check(our, person)).known.standing == "held"
    assert (await deputy.run(answer_check, no_objection(our, version=2))).version == 3
    assert (await check(our, successor)).known.standing == "cleared"
    unsworn = await our.cell.person(Role.INFORMATION_OFFICER, undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await check(our, unsworn)
    assert await rows(unsworn, "preliminary_check") == []


async def test_of_two_answers_at_once_one_counts_and_the_other_is_told(harness: Harness) -> None:
    our = await asked(await story(harness))
    chief = await our.cell.person(Role.POLICE_CHIEF)
    answers = await asyncio.gather(
        our.police.run(answer_check, no_objection(our)), chief.run(answer_check, hold(our)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert [type(answer) for answer in refused] == [VersionChanged]
    assert len(await rows(our.coordinator, "check_answer")) == 1


async def test_after_the_decision_there_is_nothing_to_answer_also_not_at_the_same_time(harness: Harness) -> None:
    our = await asked(await story(harness))
    proposed, answered = await asyncio.gather(
        our.coordinator.run(propose_case, our.proposal()), our.police.run(answer_check, hold(our)),
        return_exceptions=True,
    )  # fmt: skip
    if isinstance(proposed, BaseException):
        assert isinstance(proposed, CheckHolds)
        assert (await check(our, our.coordinator)).known.standing == "held"
    else:
        assert isinstance(answered, SignalNotFound | SignalStateForbids)
        assert await rows(our.coordinator, "check_answer") == []
    our = await asked(await story(harness))
    await our.coordinator.run(propose_case, our.proposal())
    with pytest.raises(SignalNotFound):
        await our.police.run(answer_check, hold(our))
    our = await story(harness)
    our.reporter = our.police
    await asked(our)
    await our.coordinator.run(propose_case, our.proposal())
    with pytest.raises(SignalNotFound):
        await our.police.run(answer_check, hold(our))


async def test_invariant_18_letters_of_a_check_say_nothing(harness: Harness) -> None:
    our = await asked(await story(harness))
    await our.police.run(answer_check, hold(our))
    told = b"".join(notice.SerializeToString() for notice in await notices_of(our.coordinator))
    assert not [word for word in ("Milan", "Claes", "hold_until", "moeder") if word.encode() in told]
    assert {tuple(notice.seats) for notice in await notices_of(our.coordinator) if notice.kind == "check_answered"} == {
        ("coordinator",)
    }
