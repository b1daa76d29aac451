"""Lists of cases and of signals: whose, in which order, by pages."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from services.case.commands.enter_signal import enter_signal
from services.case.model import CaseState
from services.case.queries.list_cases import CasePage, ListCases, list_cases
from services.case.queries.list_signals import ListSignals, list_signals
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.policy import Role
from tests.case.rows import hold, records_of
from tests.case.story import SIGNAL, story, story_in
from tests.harness import Harness, Person

ALL = ListCases(50, None, None)


async def cases_of(person: Person, state: CaseState | None = None) -> dict[UUID, str]:
    """Id and state of each case a person lists."""
    page: CasePage = await person.run(list_cases, ListCases(50, None, state))
    return {case.case_id: case.state for case in page.cases}


async def test_each_lists_the_frames_that_are_theirs(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.list()
    await theirs.propose()
    mine, other = {our.case_id: "LISTED"}, {theirs.case_id: "PROPOSED"}
    teacher = await our.invite()
    for person in (our.mayor, our.coordinator, our.police, our.prevention, teacher):
        assert await cases_of(person) == mine
    for person in (theirs.mayor, theirs.coordinator):
        assert await cases_of(person) == other
    assert await cases_of(await cell.person(Role.DPO)) == mine | other
    for person in (our.reporter, theirs.police, await cell.person(Role.MAYOR, nis_codes=("24003",))):
        assert await cases_of(person) == {}
    stranger = await (await harness.cell()).person(Role.DPO)
    assert await cases_of(stranger) == {}
    with pytest.raises(CellNotFound):
        await cases_of(stranger.elsewhere(cell))


async def test_what_is_missing_of_ones_own_is_said(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    assert await our.mayor.run(list_cases, ALL)
    assert await our.coordinator.run(list_signals, ListSignals(50, None))
    oversight, unsworn = await our.cell.person(Role.OVERSIGHT), await our.cell.person(Role.MAYOR, undertaken_until=None)
    our.mayor.acr = 1
    for person, error in ((oversight, RoleMissing), (unsworn, UndertakingMissing), (our.mayor, SecondFactorMissing)):
        with pytest.raises(error):
            await person.run(list_cases, ALL)
        with pytest.raises(error):
            await person.run(list_signals, ListSignals(50, None))


async def test_newest_first_by_pages_until_the_last(harness: Harness) -> None:
    our = await story(harness)
    made = []
    for _ in range(5):
        await our.enter()
        await our.propose()
        made.append(our.case_id)
    seen: list[UUID] = []
    sizes, cursor = [], None
    while True:
        page = await our.mayor.run(list_cases, ListCases(2, cursor, None))
        seen += [case.case_id for case in page.cases]
        sizes.append(len(page.cases))
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sizes == [2, 2, 1]
    assert seen == sorted(made, reverse=True)
    exact = await our.mayor.run(list_cases, ListCases(5, None, None))
    assert exact.next_cursor is None


async def test_the_filter_keeps_one_state(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    listed = our.case_id
    await our.enter()
    await our.propose()
    assert await cases_of(our.mayor, CaseState.LISTED) == {listed: "LISTED"}
    assert await cases_of(our.mayor, CaseState.PROPOSED) == {our.case_id: "PROPOSED"}
    assert await cases_of(our.mayor, CaseState.CLOSED) == {}


async def test_by_id_and_by_code_each_finds_what_is_theirs(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.list()
    await theirs.list()
    dpo = await cell.person(Role.DPO)
    frames: CasePage = await dpo.run(list_cases, ALL)
    codes = {case.case_id: case.code for case in frames.cases}
    both = ListCases(50, None, None, case_ids=tuple(codes))
    ours, of_theirs = ListCases(50, None, None, code=codes[our.case_id].lower()), codes[theirs.case_id]
    stranger = await (await harness.cell()).person(Role.DPO)

    async def found(person: Person, asked: ListCases) -> list[UUID]:
        page: CasePage = await person.run(list_cases, asked)
        return [case.case_id for case in page.cases]

    assert await found(dpo, both) == sorted(codes, reverse=True)
    assert await found(dpo, ours) == [our.case_id]
    assert await found(dpo, replace(both, code=of_theirs, case_ids=(our.case_id,))) == sorted(codes, reverse=True)
    assert await found(dpo, replace(both, page_size=1)) == sorted(codes)[1:]
    assert await found(dpo, replace(both, page_size=1, cursor=max(codes))) == sorted(codes)[:1]
    assert await found(dpo, replace(both, state=CaseState.CLOSED)) == []
    assert await found(our.mayor, both) == await found(our.mayor, ours) == [our.case_id]
    for person in (our.reporter, theirs.police, stranger):
        assert await found(person, ours) == []
    with pytest.raises(CellNotFound):
        await found(stranger.elsewhere(cell), ours)


async def test_neither_list_nor_filter_betrays_a_hold(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    await hold(our.coordinator, our.case_id)
    for insider in (our.coordinator, our.mayor):
        assert await cases_of(insider) == await cases_of(insider, CaseState.ON_HOLD) == {our.case_id: "ON_HOLD"}
        assert await cases_of(insider, CaseState.LISTED) == {}
    for other in (teacher, our.police, await our.cell.person(Role.DPO)):
        assert await cases_of(other) == await cases_of(other, CaseState.LISTED) == {our.case_id: "LISTED"}
        assert await cases_of(other, CaseState.ON_HOLD) == {}


async def test_invariant_16_a_list_names_its_cases(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    await our.mayor.run(list_cases, ALL)
    (record,) = await records_of(our.mayor, "list_cases")
    assert (list(record.object_ids), record.count, list(record.fields)) == ([str(our.case_id)], 1, ["frame"])


async def test_signals_are_listed_to_reporter_and_coordinator_newest_first(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    first, second = await our.enter(), await our.coordinator.run(enter_signal, SIGNAL)
    other = await theirs.enter()

    async def listed(person: Person, size: int = 50, cursor: UUID | None = None) -> list[UUID]:
        page = await person.run(list_signals, ListSignals(size, cursor))
        return [signal.signal_id for signal in page.signals]

    newest_first = sorted([first.id, second.id], reverse=True)
    assert await listed(our.coordinator) == newest_first
    assert await listed(our.coordinator, 1) == newest_first[:1]
    assert await listed(our.coordinator, 1, newest_first[0]) == newest_first[1:]
    assert await listed(our.reporter) == [first.id]
    assert await listed(theirs.coordinator) == [other.id]
    assert set(await listed(await cell.person(Role.DPO))) == {first.id, second.id, other.id}
    for person in (our.mayor, our.police, await cell.person(Role.PARTICIPANT)):
        assert await listed(person) == []
    assert await listed(await (await harness.cell()).person(Role.COORDINATOR)) == []


async def test_a_list_of_signals_tells_the_case_to_whom_it_concerns(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()

    async def case_of(person: Person) -> UUID | None:
        page = await person.run(list_signals, ListSignals(50, None))
        return page.signals[0].case_id

    assert await case_of(our.coordinator) == our.case_id
    assert await case_of(our.reporter) is None
    (record, _) = await records_of(our.reporter, "list_signals")
    assert (list(record.object_ids), record.count) == ([str(our.signal.id)], 1)
