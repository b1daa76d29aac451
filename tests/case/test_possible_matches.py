"""Perhaps the same person: who is told which signals may be about one, and of what it stands in the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.case.commands.answer_check import answer_check
from services.case.commands.enter_signal import enter_signal
from services.case.commands.propose_case import propose_case
from services.case.commands.start_check import StartCheck, start_check
from services.case.commands.withdraw_signal import WithdrawSignal, withdraw_signal
from services.case.errors import NotOfYourTown, PartMissing, SignalNotFound
from services.case.person import EstimatedAge, PersonConcerned
from services.case.queries.list_possible_matches import COMPARED, SHOWN, ListPossibleMatches, list_possible_matches
from services.case.queries.read_signal import ReadSignal, read_signal
from services.case.terms import TERMS
from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.ids import new_id
from services.kit.partial_dates import PartialDay
from services.kit.policy import Role
from tests.case.checks import hold
from tests.case.matches import YOUNES, YOUSSEF, YUSUF, found, matches, told, told_by
from tests.case.outcomes import dismissed
from tests.case.questions import ask
from tests.case.rows import records_of
from tests.case.story import SIGNAL, story, story_in
from tests.falling_due import run_due
from tests.harness import Harness


async def test_other_spellings_of_one_name_are_found_from_either_side(harness: Harness) -> None:
    our = await story(harness)
    first, other, third = [await told(our, person) for person in (YOUSSEF, YUSUF, YOUNES)]
    (match,) = (await matches(our.coordinator, first)).matches
    assert (match.signal_id, match.state, match.nis_code, match.received_at) == (
        other, "RECEIVED", our.town, our.now,
    )  # fmt: skip
    assert (match.case_id, match.code, match.case_state) == (None, None, None)
    assert await found(our.coordinator, other) == {first}
    assert await found(our.coordinator, third) == set()


async def test_invariant_16_the_record_combines_and_names_what_was_compared(harness: Harness) -> None:
    our = await story(harness)
    first, other = await told(our, YOUSSEF), await told(our, YUSUF)
    # Of the same names and another birth: opened to be compared, and not told.
    unlike = await told(our, replace(YOUSSEF, birth_date=PartialDay(2001, 1, 2)))
    unnamed = await told(our, YOUNES)
    our.signal = replace(our.signal, id=other)
    await our.propose()
    assert await found(our.coordinator, first) == {other}
    (record,) = await records_of(our.coordinator, "list_possible_matches")
    assert (record.verb, record.outcome, list(record.fields), record.count) == (
        "combine", "allow", ["frame", "identity"], 1,
    )  # fmt: skip
    assert set(record.object_ids) == {str(named) for named in (first, other, unlike, our.case_id)}
    assert str(unnamed) not in record.object_ids
    assert record.detail["role"] == "coordinator"


async def test_a_case_is_told_by_its_code_and_state(harness: Harness) -> None:
    our = await story(harness)
    first = await told(our, YOUSSEF)
    await told(our, YUSUF)
    case = await our.propose()
    (match,) = (await matches(our.coordinator, first)).matches
    assert (match.state, match.case_id, match.case_state) == ("PROPOSED", case.id, "PROPOSED")
    assert match.code == (await our.read(our.coordinator)).frame.code


async def test_only_the_coordinator_of_that_town_is_told(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    first, other = await told(our, YOUSSEF), await told(our, YUSUF)
    our.signal = await our.coordinator.run(start_check, StartCheck(first, 1))
    request = ListPossibleMatches(first)
    assert [match.signal_id for match in (await our.coordinator.run(list_possible_matches, request)).matches] == [other]
    for person in (our.mayor, our.police, our.prevention, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(list_possible_matches, request)
    with pytest.raises(SignalNotFound):
        await theirs.coordinator.run(list_possible_matches, request)
    with pytest.raises(SignalNotFound):
        await our.coordinator.run(list_possible_matches, ListPossibleMatches(new_id()))
    with pytest.raises(CellNotFound):
        await (await story(harness)).coordinator.elsewhere(cell).run(list_possible_matches, request)
    half = await cell.person(Role.COORDINATOR, nis_codes=("24001",), undertaken_until=None)
    await half.mandate(Role.PARTICIPANT, nis_codes=("24002",), mandate_id=new_id())
    with pytest.raises((UndertakingMissing, PartMissing)):
        await half.run(list_possible_matches, request)
    our.coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.coordinator.run(list_possible_matches, request)


async def test_who_coordinates_elsewhere_is_told_nothing_of_what_they_told_here(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await told(our, YOUSSEF)
    await theirs.coordinator.mandate(Role.PARTICIPANT, nis_codes=("24001",), mandate_id=new_id())
    own = await told_by(theirs.coordinator, "24001", YUSUF)
    assert (await theirs.coordinator.run(read_signal, ReadSignal(own))).may == ("withdraw_signal", "add_to_signal")
    with pytest.raises(NotOfYourTown):
        await matches(theirs.coordinator, own)
    assert len(await found(our.coordinator, own)) == 1


async def test_other_towns_and_cells_stay_out_of_it(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs, neighbour = await story_in(cell, "24001"), await story_in(cell, "24002"), await story(harness)
    here, there = await told(our, YOUSSEF), await told(theirs, YUSUF)
    await told(neighbour, YOUSSEF)
    assert await found(our.coordinator, here) == set()
    assert await found(theirs.coordinator, there) == set()
    of_both = await cell.person(Role.COORDINATOR, nis_codes=("24001", "24002"))
    assert await found(of_both, here) == {there}
    # Of the other town the caller tells of things and coordinates nothing.
    await our.coordinator.mandate(Role.PARTICIPANT, nis_codes=("24002",), mandate_id=new_id())
    await told_by(our.coordinator, "24002", YOUSSEF)
    assert await found(our.coordinator, here) == set()


async def test_what_the_coordinator_no_longer_reads_is_not_found(harness: Harness) -> None:
    our = await story(harness)
    first, other = await told(our, YOUSSEF), await told(our, YUSUF)
    assert await found(our.coordinator, first) == {other}
    await our.reporter.run(withdraw_signal, WithdrawSignal(other, 1))
    assert await found(our.coordinator, first) == set()


async def test_what_is_over_is_found_until_its_term_and_then_gone(harness: Harness) -> None:
    our = await story(harness)
    first, other = await told(our, YOUSSEF), await told(our, YUSUF)
    await dismissed(our)
    (match,) = (await matches(our.coordinator, first)).matches
    assert (match.signal_id, match.state) == (other, "NOT_RETAINED")
    harness.clock.now = day_ends_at(our.today + timedelta(days=30))
    await run_due(harness, TERMS)
    assert await found(our.coordinator, first) == set()


async def test_a_hold_changes_nothing(harness: Harness) -> None:
    """What is found says nothing of what the police answered."""
    our = await story(harness)
    first = await told(our, YOUSSEF)
    await told(our, YUSUF)
    our.signal = await our.coordinator.run(start_check, StartCheck(our.signal.id, 1))
    before = await matches(our.coordinator, first)
    await our.police.run(answer_check, hold(our))
    assert await matches(our.coordinator, first) == before


async def test_it_is_open_whenever_the_coordinator_reads_the_person(harness: Harness) -> None:
    our = await story(harness)
    await told(our, YOUSSEF)
    for step in (None, "propose", "list"):
        if step == "propose":
            our._keep(await our.coordinator.run(propose_case, our.proposal()))
        view = await our.coordinator.run(read_signal, ReadSignal(our.signal.id))
        assert "list_possible_matches" in view.may
        assert await found(our.coordinator, our.signal.id) == set()
    for reader in (our.reporter, await our.cell.person(Role.DPO)):
        assert "list_possible_matches" not in (await reader.run(read_signal, ReadSignal(our.signal.id))).may


@pytest.mark.parametrize(
    "nobody",
    [
        PersonConcerned("Yassine", "", None, "", EstimatedAge(16, YOUSSEF.birth_date.first)),  # type: ignore[union-attr]
        PersonConcerned("onbekend", "onbekend", None, ""),
        PersonConcerned("Y.", "", PartialDay(2008, 10, 3), ""),
    ],
)
async def test_whoever_is_hardly_known_is_like_nobody(harness: Harness, nobody: PersonConcerned) -> None:
    our = await story(harness)
    one, other = await told(our, nobody), await told(our, nobody)
    assert await found(our.coordinator, one) == await found(our.coordinator, other) == set()


async def test_twenty_are_shown_and_it_is_said_that_there_may_be_more(harness: Harness) -> None:
    our = await story(harness)
    told_so_far: list[UUID] = [await told(our, YOUSSEF) for _ in range(SHOWN + 1)]
    exactly = await matches(our.coordinator, told_so_far[0])
    assert ([match.signal_id for match in exactly.matches], exactly.more) == (told_so_far[:0:-1], False)
    told_so_far += [await told(our, YUSUF) for _ in range(COMPARED)]
    many = await matches(our.coordinator, told_so_far[0])
    assert ([match.signal_id for match in many.matches], many.more) == (told_so_far[: -SHOWN - 1 : -1], True)
    record = (await records_of(our.coordinator, "list_possible_matches"))[-1]
    assert (len(record.object_ids), record.count) == (COMPARED + 1, SHOWN)


async def test_a_question_that_became_a_signal_is_found_like_any_other(harness: Harness) -> None:
    our = await story(harness)
    first = await told(our, YOUSSEF)
    question = await ask(our.reporter)
    became = replace(SIGNAL, nis_code=our.town, person=YUSUF, question_id=question.id)
    other = await our.reporter.run(enter_signal, became)
    assert await found(our.coordinator, first) == {other.id}
