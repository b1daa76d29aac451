"""Inviting a person to one case."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from services.case.circle_views import CircleView
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.errors import (
    AlreadyInCircle,
    CaseNotFound,
    CaseStateForbids,
    InvitationOutlivesMandate,
    NotOfYourTown,
    PeriodInPast,
    PeriodReversed,
    PersonWithoutMandate,
)
from services.case.model import Part
from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound, RoleMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import events_of, rows
from tests.case.story import EVERYTHING, SIGNAL, story, story_in
from tests.harness import Harness, Person


async def test_the_invited_person_reads_the_parts_granted(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite(Part.IDENTITY, Part.CONTENT)
    view = await our.read(teacher)
    assert view.parts == (Part.FRAME, Part.IDENTITY, Part.CONTENT)
    assert (view.person, view.criteria, view.best_interest, view.list_reasons) == (SIGNAL.person, (), None, None)
    ends_at = day_ends_at(our.today + timedelta(days=30))
    parts = ("frame", "identity", "content")
    assert view.circle[-1] == CircleView(
        teacher.person_id, None, parts, harness.clock(), ends_at, ("school_and_training",), "Kent de school.",
        our.coordinator.person_id, view.circle[-1].entry_id, False,
    )  # fmt: skip


@pytest.mark.parametrize("part", [Part.IDENTITY, Part.PROPOSAL, Part.CONTENT])
async def test_a_part_not_granted_is_not_read(harness: Harness, part: Part) -> None:
    our = await story(harness)
    await our.list()
    await our.share(our.police)
    everything = await our.read(await our.invite(*EVERYTHING))
    assert everything.person
    assert everything.criteria
    assert everything.contributions
    view = await our.read(await our.invite(part))
    read = {Part.IDENTITY: view.person, Part.PROPOSAL: view.criteria, Part.CONTENT: view.contributions}
    assert {row for row, value in read.items() if value} == {part}


async def test_invariant_04_membership_of_the_cell_gives_no_access(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    invited, other = await our.invite(), await our.cell.person(Role.PARTICIPANT)
    assert await our.read(invited)
    for role in (Role.PARTICIPANT, Role.MINUTE_TAKER):
        with pytest.raises(CaseNotFound):
            await our.read(await our.cell.person(role))
    with pytest.raises(CaseNotFound):
        await our.read(other)


async def test_the_invitation_ends_after_its_last_day(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    harness.clock.now = day_ends_at(our.today + timedelta(days=30)) - timedelta(seconds=1)
    assert await our.read(teacher)
    harness.clock.advance(seconds=1)
    with pytest.raises(CaseNotFound):
        await our.read(teacher)


async def test_an_invitation_begins_on_its_first_day(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.cell.person(Role.PARTICIPANT)
    tomorrow = our.today + timedelta(days=1)
    await our.coordinator.run(invite_to_circle, our.invitation(teacher, first_day=tomorrow))
    with pytest.raises(CaseNotFound):
        await our.read(teacher)
    harness.clock.advance(days=1)
    assert await our.read(teacher)


async def test_invariant_15_a_live_invitation_with_an_ended_mandate_reads_nothing(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    assert await our.read(teacher)
    await teacher.mandate(Role.PARTICIPANT, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(CellNotFound):
        await our.read(teacher)


async def test_invariant_07_nothing_before_the_undertaking(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite(undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await our.read(teacher)
    await teacher.mandate(Role.PARTICIPANT, fact_version=2)
    assert await our.read(teacher)


async def test_others_are_told_the_whole_circle(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite(Part.CONTENT)
    assert our.version == 3
    circle = (await events_of(our.coordinator))["circle.changed", 3]
    assert len(circle.entries) == 5
    (entry,) = [entry for entry in circle.entries if entry.person_id]
    assert (entry.person_id, list(entry.parts)) == (str(teacher.person_id), ["frame", "content"])


async def test_only_the_coordinator_of_that_town_in_that_cell_invites(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    stranger = await (await harness.cell()).person(Role.COORDINATOR)
    await our.list()
    request = our.invitation(await cell.person(Role.PARTICIPANT))
    for person in (our.mayor, our.police, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(invite_to_circle, request)
    for person in (theirs.coordinator, stranger):
        with pytest.raises(CaseNotFound):
            await person.run(invite_to_circle, request)
    assert await our.coordinator.run(invite_to_circle, request)


async def test_a_person_unknown_or_without_mandate_at_this_table_looks_the_same(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    await our.list()
    ended = await cell.person(Role.PARTICIPANT, ends_at=harness.clock())
    nobodies = [
        ended,
        await cell.person(Role.PARTICIPANT, starts_at=harness.clock() + timedelta(days=2)),
        await cell.person(Role.PARTICIPANT, nis_codes=("24002",)),
        await cell.person(Role.DPO),
        await (await harness.cell()).person(Role.PARTICIPANT),
        Person(cell, uuid4()),
    ]
    refusals = set()
    for person in nobodies:
        with pytest.raises(PersonWithoutMandate) as refused:
            await our.coordinator.run(invite_to_circle, our.invitation(person))
        refusals.add((str(refused.value), refused.value.field, refused.value.expected))
    assert len(refusals) == 1
    await ended.mandate(Role.PARTICIPANT, fact_version=2)
    assert await our.coordinator.run(invite_to_circle, our.invitation(ended))


async def test_an_invitation_does_not_outlive_the_mandate(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    last_day = our.today + timedelta(days=10)
    teacher = await our.cell.person(Role.PARTICIPANT, ends_at=day_ends_at(last_day))
    with pytest.raises(InvitationOutlivesMandate) as refused:
        request = our.invitation(teacher, last_day=last_day + timedelta(days=1))
        await our.coordinator.run(invite_to_circle, request)
    assert (refused.value.field, refused.value.expected) == ("to", "2026-12-04 or before, the last day of the mandate")
    assert await our.coordinator.run(invite_to_circle, our.invitation(teacher, last_day=last_day))


async def test_periods_are_checked(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.cell.person(Role.PARTICIPANT)
    with pytest.raises(PeriodInPast):
        await our.coordinator.run(invite_to_circle, our.invitation(teacher, first_day=our.today - timedelta(days=1)))
    with pytest.raises(PeriodReversed):
        await our.coordinator.run(
            invite_to_circle,
            our.invitation(teacher, first_day=our.today + timedelta(days=2), last_day=our.today + timedelta(days=1)),
        )
    assert await our.coordinator.run(invite_to_circle, our.invitation(teacher, last_day=our.today))


async def test_one_invitation_at_a_time_and_a_later_one_follows_on(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    last_day = our.today + timedelta(days=30)
    with pytest.raises(AlreadyInCircle):
        await our.coordinator.run(invite_to_circle, our.invitation(teacher, first_day=last_day, last_day=last_day))
    after = last_day + timedelta(days=1)
    assert await our.coordinator.run(invite_to_circle, our.invitation(teacher, first_day=after, last_day=after))


async def test_nobody_is_invited_before_the_list_or_after_the_end(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    teacher = await our.cell.person(Role.PARTICIPANT)
    with pytest.raises(CaseStateForbids) as refused:
        await our.coordinator.run(invite_to_circle, our.invitation(teacher))
    assert refused.value.expected == "AFTERCARE or DISCUSSED or FOLLOW_UP or LISTED or SCHEDULED; it is PROPOSED"


async def test_another_version_is_a_conflict(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.cell.person(Role.PARTICIPANT)
    with pytest.raises(VersionChanged):
        await our.coordinator.run(invite_to_circle, our.invitation(teacher, expected_version=1))
    assert await our.coordinator.run(invite_to_circle, our.invitation(teacher))


async def test_a_coordinator_elsewhere_who_is_in_the_circle_does_not_invite(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    await our.list()
    teacher = await our.invite()
    await teacher.mandate(Role.COORDINATOR, mandate_id=new_id(), nis_codes=("24002",))
    request = our.invitation(await cell.person(Role.PARTICIPANT))
    with pytest.raises(NotOfYourTown):
        await teacher.run(invite_to_circle, request)
    assert await our.coordinator.run(invite_to_circle, request)


async def test_why_somebody_is_invited_is_sealed(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.invite()
    reasons = [row.why for row in await rows(our.coordinator, "circle_entry") if row.why]
    assert len(reasons) == 1
    assert b"school" not in reasons[0]
