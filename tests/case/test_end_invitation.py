"""Ending an invitation: who may, what the person loses and what stays, who was first, and what others are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.case.circle_views import EndedView
from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.write_contribution import write_contribution
from services.case.errors import CaseNotFound, ContributionNotFound, InvitationEnded, InvitationNotFound, NotOfYourTown
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.read_case import ReadCase, read_case
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import events_of, hold, pause, records_of, rows
from tests.case.story import Story, story, story_in
from tests.case.waiting import kinds
from tests.harness import Harness, Person
from tests.security.statements import statements


async def ending(our: Story, person: Person, reason: str = "no_longer_needed") -> EndInvitation:
    """The request to end the newest invitation of somebody, as who may reads the case now."""
    case = await our.read(our.coordinator)
    entry = [entry for entry in case.circle if entry.person_id == person.person_id][-1]
    return EndInvitation(our.case_id, case.frame.version, entry.entry_id, reason)


async def invited(harness: Harness, **changes: Any) -> tuple[Story, Person]:
    """A listed case, and somebody invited to all of it."""
    our = await story(harness)
    await our.list()
    return our, await our.invite(**changes)


async def test_invariant_15_whoever_was_taken_out_reads_nothing_from_that_moment(harness: Harness) -> None:
    our, teacher = await invited(harness)
    written = await our.write(teacher)
    assert await our.read(teacher)
    receipt = await our.coordinator.run(end_invitation, await ending(our, teacher))
    assert (receipt.id, receipt.state, receipt.version) == (our.case_id, "LISTED", our.version + 1)
    said = set()
    for case_id in (our.case_id, new_id()):
        with pytest.raises(CaseNotFound) as refusal:
            await teacher.run(read_case, ReadCase(case_id))
        said.add((str(refusal.value), refusal.value.field, refusal.value.expected))
    assert len(said) == 1, "as of a case that does not exist"
    assert not (await teacher.run(list_cases, ListCases(50, None, None))).cases
    assert await kinds(teacher) == []
    with pytest.raises(CaseNotFound):
        await teacher.run(write_contribution, our.text())
    with pytest.raises(ContributionNotFound):
        await teacher.run(share_contribution, ShareContribution(written.id, written.version))


async def test_what_the_person_shared_stays_and_the_entry_is_kept(harness: Harness) -> None:
    our, teacher = await invited(harness)
    await our.share(teacher)
    ended = await ending(our, teacher, "conflict_of_interest")
    harness.clock.advance(minutes=5)
    await our.mayor.run(end_invitation, ended)
    for reader in (our.police, our.coordinator):
        (contribution,) = (await our.read(reader)).contributions
        assert contribution.author_id == teacher.person_id
    (row,) = [row for row in await rows(our.coordinator, "circle_entry") if row.entry_id == ended.entry_id]
    assert (row.ends_at, row.ended_by, row.end_reason) == (our.now, our.mayor.person_id, "conflict_of_interest")
    assert (row.person_id, row.invited_by) == (teacher.person_id, our.coordinator.person_id)


async def test_who_may_end_it_reads_who_did_when_and_why(harness: Harness) -> None:
    our, teacher = await invited(harness)
    colleague = await our.invite()
    ended = await ending(our, teacher, "taken_back")
    await our.coordinator.run(end_invitation, ended)
    told = (EndedView(ended.entry_id, teacher.person_id, our.now, our.coordinator.person_id, "taken_back"),)
    for reader in (our.coordinator, our.mayor):
        case = await our.read(reader)
        assert case.ended_invitations == told
        assert teacher.person_id not in {entry.person_id for entry in case.circle}
    for reader in (our.police, colleague):
        assert (await our.read(reader)).ended_invitations == ()


async def test_whether_the_person_opened_the_case_is_told_to_who_may_end_it(harness: Harness) -> None:
    our, teacher = await invited(harness)

    async def opened(reader: Person) -> bool:
        case = await our.read(reader)
        (entry,) = [entry for entry in case.circle if entry.person_id == teacher.person_id]
        return entry.opened

    assert not await opened(our.coordinator)
    async with statements(harness) as first:
        await our.read(teacher)
    async with statements(harness) as again:
        await our.read(teacher)
    assert [len([line for line in heard if "SET opened_at" in line]) for heard in (first, again)] == [1, 0]
    assert [await opened(reader) for reader in (our.coordinator, our.mayor, our.police)] == [True, True, False]


async def test_others_are_told_the_circle_without_the_person(harness: Harness) -> None:
    our, teacher = await invited(harness)
    colleague = await our.invite()
    assert str(teacher.person_id) in {
        entry.person_id for entry in (await events_of(our.coordinator))["circle.changed", our.version].entries
    }
    receipt = await our.coordinator.run(end_invitation, await ending(our, teacher))
    told = (await events_of(our.coordinator))["circle.changed", receipt.version]
    assert {entry.person_id for entry in told.entries} - {""} == {str(colleague.person_id)}


async def test_who_is_alone_invited_leaves_a_circle_to_be_composed(harness: Harness) -> None:
    our, teacher = await invited(harness)
    assert await kinds(our.coordinator) == ["session_wanted"]
    await our.coordinator.run(end_invitation, await ending(our, teacher))
    assert await kinds(our.coordinator) == ["case_listed"]
    assert "end_invitation" not in (await our.read(our.coordinator)).may


async def test_the_same_person_can_be_invited_again_by_an_entry_of_its_own(harness: Harness) -> None:
    our, teacher = await invited(harness)
    draft = await our.write(teacher)
    ended = await ending(our, teacher)
    await our.coordinator.run(end_invitation, ended)
    our.version = await our.present_version()
    our._keep(await our.coordinator.run(invite_to_circle, our.invitation(teacher)))
    mine = [row for row in await rows(our.coordinator, "circle_entry") if row.person_id == teacher.person_id]
    assert len([row for row in mine if row.object_id == our.case_id]) == 2
    found = await our.read(teacher)
    assert [contribution.contribution_id for contribution in found.contributions] == [draft.id]
    await our.mayor.run(end_invitation, await ending(our, teacher))
    assert len((await our.read(our.mayor)).ended_invitations) == 2


async def test_one_that_has_yet_to_begin_never_does(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.cell.person(Role.PARTICIPANT)
    tomorrow = our.today + timedelta(days=1)
    for goes_on in (True, False):
        our.version = await our.present_version()
        await our.coordinator.run(invite_to_circle, our.invitation(teacher, first_day=tomorrow))
        if not goes_on:
            await our.coordinator.run(end_invitation, await ending(our, teacher))
        harness.clock.advance(days=1)
        if goes_on:
            assert await our.read(teacher)
            await our.coordinator.run(end_invitation, await ending(our, teacher))
            tomorrow = our.today + timedelta(days=1)
    with pytest.raises(CaseNotFound):
        await our.read(teacher)


async def test_whoever_comes_second_learns_that_it_has_ended(harness: Harness) -> None:
    our, teacher = await invited(harness)
    both = await ending(our, teacher)
    await our.coordinator.run(end_invitation, both)
    with pytest.raises(VersionChanged):
        await our.mayor.run(end_invitation, both)
    again = EndInvitation(our.case_id, await our.present_version(), both.entry_id, both.reason)
    with pytest.raises(InvitationEnded):
        await our.mayor.run(end_invitation, again)


async def test_one_that_is_past_its_last_day_has_ended(harness: Harness) -> None:
    our, teacher = await invited(harness, last_day_in=1)
    asked = await ending(our, teacher)
    harness.clock.advance(days=3)
    with pytest.raises(InvitationEnded):
        await our.coordinator.run(end_invitation, asked)
    assert (await our.read(our.coordinator)).ended_invitations == ()


async def test_only_coordinator_mayor_and_delegate_of_that_town_may(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.list()
    teacher = await our.invite()
    delegate = await cell.person(Role.MAYOR_DELEGATE, nis_codes=("24001",))
    stranger = await (await harness.cell()).person(Role.COORDINATOR)
    asked = await ending(our, teacher)
    for person in (our.police, our.prevention, our.reporter, teacher, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(end_invitation, asked)
    for person in (theirs.coordinator, theirs.mayor, stranger):
        with pytest.raises(CaseNotFound):
            await person.run(end_invitation, asked)
    unsworn = await cell.person(Role.COORDINATOR, nis_codes=("24001",), undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(end_invitation, asked)
    our.mayor.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.mayor.run(end_invitation, asked)
    assert await delegate.run(end_invitation, asked)


async def test_a_coordinator_elsewhere_who_is_in_the_circle_ends_nothing(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    await our.list()
    teacher, other = await our.invite(), await our.invite()
    await other.mandate(Role.COORDINATOR, mandate_id=new_id(), nis_codes=("24002",))
    asked = await ending(our, teacher)
    with pytest.raises(NotOfYourTown):
        await other.run(end_invitation, asked)
    await our.mayor.mandate(Role.MAYOR, ends_at=our.now, fact_version=2)
    with pytest.raises(CellNotFound):
        await our.mayor.run(end_invitation, asked)
    assert await our.coordinator.run(end_invitation, asked)


async def test_a_seat_an_unknown_entry_and_one_of_another_case_look_the_same(harness: Harness) -> None:
    our, teacher = await invited(harness)
    asked = await ending(our, teacher)
    seat = next(entry for entry in (await our.read(our.mayor)).circle if entry.seat == "police")
    other = await story_in(our.cell, our.town)
    await other.list()
    elsewhere = await ending(other, await other.invite())
    said = set()
    for entry_id in (seat.entry_id, elsewhere.entry_id, new_id()):
        bent = EndInvitation(our.case_id, asked.expected_version, entry_id, asked.reason)
        with pytest.raises(InvitationNotFound) as refusal:
            await our.coordinator.run(end_invitation, bent)
        said.add((str(refusal.value), refusal.value.field, refusal.value.expected))
    assert len(said) == 1
    assert await our.coordinator.run(end_invitation, asked)


@pytest.mark.parametrize("state", ["ON_HOLD", "RESTRICTED", "CLOSED", "RETAINED"])
async def test_no_state_of_the_case_keeps_somebody_in(harness: Harness, state: str) -> None:
    our, teacher = await invited(harness)
    if state == "ON_HOLD":
        await hold(our.coordinator, our.case_id)
    else:
        await pause(our.coordinator, our.case_id, state)
    assert "end_invitation" in (await our.read(our.mayor)).may
    receipt = await our.mayor.run(end_invitation, await ending(our, teacher))
    assert receipt.state == state
    with pytest.raises(CaseNotFound):
        await our.read(teacher)


async def test_the_mayors_answer_stays_relied_on(harness: Harness) -> None:
    """Somebody was invited, and may have read: to take the answer back would say that nobody was."""
    our, teacher = await invited(harness)
    await our.coordinator.run(end_invitation, await ending(our, teacher))
    assert "reconsider_case" not in (await our.read(our.mayor)).may


async def test_a_repeat_under_one_key_is_one_act_and_the_record_names_it(harness: Harness) -> None:
    our, teacher = await invited(harness)
    asked = await ending(our, teacher)
    first = await our.mayor.run(end_invitation, asked, idempotency_key="again")
    assert await our.mayor.run(end_invitation, asked, idempotency_key="again") == first
    record, *_ = await records_of(our.mayor, "end_invitation")
    assert (record.verb, list(record.object_ids), list(record.fields)) == ("alter", [str(our.case_id)], ["circle"])
