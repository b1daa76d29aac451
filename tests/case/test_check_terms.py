"""The clock of a preliminary check: its term, a hold that ends, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.case.commands.answer_check import answer_check
from services.case.commands.propose_case import propose_case
from services.case.commands.remind_of_check import RemindOfCheck, remind_of_check
from services.case.errors import CheckHolds, CheckMissing
from services.case.terms import TERMS
from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.policy import Role
from services.kit.principal import system
from tests.case.checks import asked, check, hold
from tests.case.rows import notices_of
from tests.case.story import story
from tests.case.waiting import kinds
from tests.falling_due import run_due
from tests.harness import Harness


async def test_a_hold_ends_by_itself_after_its_last_day_and_is_renewed_before(harness: Harness) -> None:
    our = await asked(await story(harness))
    await our.police.run(answer_check, hold(our, days=30))
    assert await kinds(our.police) == []
    first = our.today + timedelta(days=30)
    harness.clock.now = day_ends_at(first - timedelta(days=15))
    await run_due(harness, TERMS)
    assert await kinds(our.police) == ["hold_ends"]
    assert (await notices_of(our.coordinator))[-1].kind == "hold_ends"
    await our.police.run(answer_check, hold(our, days=60, version=2))
    assert await kinds(our.police) == []
    harness.clock.now = day_ends_at(first)
    with pytest.raises(CheckHolds):
        await our.coordinator.run(propose_case, our.proposal())
    last = (await check(our, our.coordinator)).known.hold_until
    assert last is not None
    harness.clock.now = day_ends_at(last) - timedelta(microseconds=1)
    await run_due(harness, TERMS)
    assert await kinds(our.coordinator) == []
    harness.clock.now = day_ends_at(last)
    await run_due(harness, TERMS)
    told = (await notices_of(our.coordinator))[-1]
    assert (told.kind, list(told.seats)) == ("check_answered", ["coordinator"])
    assert await kinds(our.coordinator) == ["check_answered"]
    assert (await check(our, our.mayor)).known.standing == "hold_over"
    assert await our.coordinator.run(propose_case, our.proposal(unchecked=""))


async def test_without_an_answer_the_police_are_reminded_then_the_mayor_is_told(harness: Harness) -> None:
    our = await asked(await story(harness))
    (wanted,) = await notices_of(our.coordinator)
    assert (wanted.kind, list(wanted.seats), list(wanted.nis_codes)) == ("check_wanted", ["police"], [our.town])
    assert await kinds(our.police) == ["check_wanted"]
    due = our.today + timedelta(days=14)
    with pytest.raises(CheckMissing):
        await our.coordinator.run(propose_case, our.proposal(unchecked="no_answer"))
    harness.clock.now = day_ends_at(due)
    await run_due(harness, TERMS)
    reminded = (await notices_of(our.coordinator))[1:]
    assert [(notice.kind, list(notice.seats)) for notice in reminded] == [("check_wanted", ["police"])]
    assert (await kinds(our.coordinator), await kinds(our.mayor)) == (["check_late"], [])
    harness.clock.now = day_ends_at(due + timedelta(days=7))
    for _ in range(2):
        await run_due(harness, TERMS)
    reminded = (await notices_of(our.coordinator))[2:]
    assert [(notice.kind, list(notice.seats)) for notice in reminded] == [("check_late", ["mayor"])]
    assert await kinds(our.mayor) == ["check_late"]
    clock = system("case.clock", our.cell.cell_id)
    case = await our.coordinator.run(propose_case, our.proposal(unchecked="no_answer"))
    assert not await harness.executor.run(clock, remind_of_check, RemindOfCheck(our.signal.id)), "it is decided"
    assert await kinds(our.mayor) == ["case_proposed"]
    our._keep(case)
    told = [(await our.read(reader)).unchecked for reader in (our.mayor, our.coordinator)]
    assert told == ["no_answer", "no_answer"]
    assert (await our.read(await our.cell.person(Role.DPO))).unchecked == ""


async def test_nobody_but_the_clock_reminds(harness: Harness) -> None:
    our = await asked(await story(harness))
    with pytest.raises(RoleMissing):
        await our.coordinator.run(remind_of_check, RemindOfCheck(our.signal.id))
    with pytest.raises(CellNotFound):
        await harness.executor.run(
            system("meeting.clock", our.cell.cell_id), remind_of_check, RemindOfCheck(our.signal.id)
        )
    clock = system("case.clock", our.cell.cell_id)
    assert not await harness.executor.run(clock, remind_of_check, RemindOfCheck(our.signal.id)), "before its time"
    elsewhere = system("case.clock", (await harness.cell()).cell_id)
    harness.clock.advance(days=40)
    assert not await harness.executor.run(elsewhere, remind_of_check, RemindOfCheck(our.signal.id)), "another cell"
