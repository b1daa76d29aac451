"""The duty to inform the person concerned: from the list on, done or put off, and told when the day comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rondetafel.kit.v1 import kit_pb2 as pb
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.note_information import NoteInformation, note_information
from services.case.commands.reconsider_case import ReconsiderCase, reconsider_case
from services.case.errors import CaseNotFound, CaseStateForbids, InformationOutOfRange
from services.case.information import Information
from services.case.terms import TERMS
from services.kit.clock import day_ends_at, day_starts_at
from services.kit.errors import RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.policy import Role
from tests.case.rows import events_of, hold, pause, records_of
from tests.case.story import Story, story, story_in
from tests.case.waiting import kinds
from tests.falling_due import run_due
from tests.harness import Harness

INFORMATION = {"information": TERMS["information"]}


async def listed(harness: Harness) -> Story:
    our = await story(harness)
    await our.list()
    return our


def informed(our: Story, **changes: object) -> NoteInformation:
    """That it was done today."""
    return replace(NoteInformation(our.case_id, our.version, "informed", our.today, None), **changes)  # type: ignore[arg-type]


def postponed(our: Story, days: int = 60, **changes: object) -> NoteInformation:
    """That it is put off by so many days."""
    day = our.today + timedelta(days=days)
    return replace(NoteInformation(our.case_id, our.version, "postponed", day, "safety"), **changes)  # type: ignore[arg-type]


async def test_invariant_22_from_the_list_on_there_is_a_month_and_then_it_is_late(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    assert (await our.read(our.coordinator)).information is None, "nobody but the mayor looked at it yet"
    our = await listed(harness)
    last = our.today + timedelta(days=30)
    for reader in (our.coordinator, our.mayor, our.police, await our.cell.person(Role.DPO)):
        assert (await our.read(reader)).information == Information("waiting", last)
    harness.clock.now = day_ends_at(last) - timedelta(seconds=1)
    assert (await our.read(our.coordinator)).information == Information("waiting", last)
    harness.clock.advance(seconds=1)
    assert (await our.read(our.coordinator)).information == Information("late", last)


async def test_invariant_22_it_is_done_or_put_off_until_a_day_and_why_and_the_last_word_counts(
    harness: Harness,
) -> None:
    our = await listed(harness)
    receipt = our._keep(await our.coordinator.run(note_information, postponed(our)))
    assert (receipt.id, receipt.state) == (our.case_id, "LISTED")
    until = our.today + timedelta(days=60)
    said = Information("postponed", until, "safety", our.coordinator.person_id, our.now)
    assert (await our.read(our.police)).information == said
    harness.clock.advance(days=61)
    assert (await our.read(our.police)).information == replace(said, standing="late")
    await our.coordinator.run(note_information, informed(our))
    done = Information("informed", our.today, "", our.coordinator.person_id, our.now)
    assert (await our.read(our.police)).information == done


async def test_the_coordinator_is_told_a_week_ahead_and_the_mayor_once_it_is_late(harness: Harness) -> None:
    our = await listed(harness)
    last = our.today + timedelta(days=30)
    assert await kinds(our.coordinator) == ["case_listed"]
    harness.clock.now = day_starts_at(last - timedelta(days=7))
    assert await kinds(our.coordinator) == ["case_listed", "information_due"]
    assert "information_due" not in await kinds(our.mayor)
    assert await told(our) == []
    await run_due(harness, INFORMATION)
    assert await told(our) == [["coordinator"]]
    harness.clock.now = day_ends_at(last)
    await run_due(harness, INFORMATION)
    assert await told(our) == [["coordinator"], ["coordinator", "mayor"]]
    await our.coordinator.run(note_information, informed(our))
    assert await kinds(our.coordinator) == ["case_listed"]
    harness.clock.advance(days=100)
    await run_due(harness, INFORMATION)
    assert len(await told(our)) == 2, "what is done is told no more"


async def told(our: Story) -> list[list[str]]:
    """The seats that were told, each time."""
    events = await our.cell.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'case.notice_asked' ORDER BY producer_seq",
        our.cell.cell_id,
    )
    asked = [pb.NoticeAsked.FromString(row["payload"]) for row in events]
    return [list(notice.seats) for notice in asked if notice.kind == "information_due" and not notice.over]


async def test_what_is_put_off_is_told_again_when_its_day_comes(harness: Harness) -> None:
    our = await listed(harness)
    await our.coordinator.run(note_information, postponed(our, 40))
    harness.clock.advance(days=32)
    assert "information_due" not in await kinds(our.coordinator)
    await run_due(harness, INFORMATION)
    assert await told(our) == []
    harness.clock.advance(days=2)
    assert "information_due" in await kinds(our.coordinator)
    await run_due(harness, INFORMATION)
    assert await told(our) == [["coordinator"]]


async def test_of_a_held_case_and_of_one_taken_back_nothing_is_told(harness: Harness) -> None:
    our = await listed(harness)
    await hold(our.coordinator, our.case_id)
    harness.clock.advance(days=40)
    await run_due(harness, INFORMATION)
    assert (await told(our), await kinds(our.coordinator)) == ([], [])
    await pause(our.coordinator, our.case_id, "LISTED")
    harness.clock.advance(days=1)
    await run_due(harness, INFORMATION)
    assert await told(our) == [["coordinator", "mayor"]], "what fell due in a hold is told once it is over"
    other = await listed(harness)
    await other.mayor.run(reconsider_case, ReconsiderCase(other.case_id, other.version))
    harness.clock.advance(days=40)
    await run_due(harness, INFORMATION)
    assert await told(other) == []
    assert (await other.read(other.coordinator)).information is None


@pytest.mark.parametrize(
    ("answer", "days", "why", "field"),
    [
        ("informed", 1, None, "day"), ("informed", 0, "safety", "why"), ("postponed", 0, "safety", "day"),
        ("postponed", 184, "safety", "day"), ("postponed", 10, None, "why"),
    ],
)  # fmt: skip
async def test_days_and_reasons_have_to_fit(
    harness: Harness, answer: str, days: int, why: str | None, field: str
) -> None:
    our = await listed(harness)
    day = our.today + timedelta(days=days)
    with pytest.raises(InformationOutOfRange) as refused:
        await our.coordinator.run(note_information, NoteInformation(our.case_id, our.version, answer, day, why))
    assert refused.value.field == field
    assert (await our.read(our.coordinator)).information == Information("waiting", our.today + timedelta(days=30))
    for command in (postponed(our, 183), informed(our, day=our.today - timedelta(days=90))):
        our._keep(await our.coordinator.run(note_information, replace(command, expected_version=our.version)))


async def test_only_the_coordinator_of_that_town_says_so(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.list()
    teacher = await our.invite()
    our.version = await our.present_version()
    stranger = await (await harness.cell()).person(Role.COORDINATOR)
    for person in (our.mayor, our.police, our.reporter, teacher, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(note_information, informed(our))
    for person in (theirs.coordinator, stranger):
        with pytest.raises(CaseNotFound):
            await person.run(note_information, informed(our))
    unsworn = await cell.person(Role.COORDINATOR, nis_codes=("24001",), undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(note_information, informed(our))
    kept_out = await cell.person(Role.COORDINATOR, nis_codes=("24001",))
    await kept_out.run(declare_conflict, DeclareConflict(our.case_id))
    our.version = await our.present_version()
    with pytest.raises(CaseNotFound):
        await kept_out.run(note_information, informed(our))
    our.coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.coordinator.run(note_information, informed(our))
    our.coordinator.acr = 2
    with pytest.raises(VersionChanged):
        await our.coordinator.run(note_information, informed(our, expected_version=our.version - 1))
    assert await our.coordinator.run(note_information, informed(our))


async def test_before_the_list_and_once_it_is_over_there_is_nothing_to_say(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    with pytest.raises(CaseStateForbids):
        await our.coordinator.run(note_information, informed(our))
    assert "note_information" not in (await our.read(our.coordinator)).may
    our = await listed(harness)
    assert "note_information" in (await our.read(our.coordinator)).may


async def test_the_record_names_the_case_and_others_hear_a_code_and_no_more(harness: Harness) -> None:
    our = await listed(harness)
    receipt = await our.coordinator.run(note_information, postponed(our))
    record, *_ = await records_of(our.coordinator, "note_information")
    assert (record.verb, list(record.object_ids)) == ("alter", [str(our.case_id)])
    assert ("case.state_changed", receipt.version) in await events_of(our.coordinator)
