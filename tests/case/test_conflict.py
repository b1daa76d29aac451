"""A conflict of interest: declared or decided, it keeps somebody out of a case, by invitation and by seat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.case.circle_views import KeptOutView
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.keep_out import KeepOut, keep_out
from services.case.commands.lift_conflict import LiftConflict, lift_conflict
from services.case.commands.place_on_list import place_on_list
from services.case.commands.write_contribution import write_contribution
from services.case.errors import (
    CaseNotFound,
    ConflictNotFound,
    KeptOut,
    KeptOutAlready,
    NotOfYourTown,
    PersonWithoutMandate,
    SignalNotFound,
)
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.list_signals import ListSignals, list_signals
from services.case.queries.read_case import ReadCase, read_case
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import events_of, hold, pause, records_of, rows
from tests.case.story import Story, story, story_in
from tests.case.waiting import kinds
from tests.harness import Harness, Person


async def listed(harness: Harness) -> tuple[Story, Person]:
    """A listed case, and somebody invited to all of it."""
    our = await story(harness)
    await our.list()
    return our, await our.invite()


async def keeping_out(our: Story, person: Person) -> KeepOut:
    """The mayor's decision, of the case as it stands."""
    return KeepOut(our.case_id, (await our.read(our.mayor)).frame.version, person.person_id)


async def lifting(our: Story, person: Person, reader: Person) -> LiftConflict:
    return LiftConflict(our.case_id, (await our.read(reader)).frame.version, person.person_id)


async def reads_nothing(our: Story, person: Person) -> None:
    """The case, its signal, and what hangs on them: as of what does not exist."""
    said = set()
    for case_id in (our.case_id, new_id()):
        with pytest.raises(CaseNotFound) as refusal:
            await person.run(read_case, ReadCase(case_id))
        said.add((str(refusal.value), refusal.value.field, refusal.value.expected))
    assert len(said) == 1
    with pytest.raises(SignalNotFound):
        await person.run(read_signal, ReadSignal(our.signal.id))
    assert not (await person.run(list_cases, ListCases(50, None, None))).cases
    assert our.signal.id not in {s.signal_id for s in (await person.run(list_signals, ListSignals(50, None))).signals}
    assert await kinds(person) == []


@pytest.mark.parametrize("who", ["teacher", "police", "prevention", "mayor", "coordinator"])
async def test_invariant_21_who_declares_one_reads_nothing_more_by_invitation_or_seat(
    harness: Harness, who: str
) -> None:
    our, teacher = await listed(harness)
    person = teacher if who == "teacher" else getattr(our, who)
    assert "declare_conflict" in (await our.read(person)).may
    assert (await person.run(list_cases, ListCases(50, None, None))).cases
    receipt = await person.run(declare_conflict, DeclareConflict(our.case_id))
    assert (receipt.id, receipt.state) == (our.case_id, "LISTED")
    await reads_nothing(our, person)
    with pytest.raises(CaseNotFound):
        await person.run(write_contribution, our.text())
    with pytest.raises(CaseNotFound):
        await person.run(declare_conflict, DeclareConflict(our.case_id))
    left = our.prevention if who == "police" else our.police
    assert [entry.person_id for entry in (await our.read(left)).kept_out] == [person.person_id]


async def test_invariant_21_a_mayor_with_one_neither_lists_nor_refuses_and_another_holder_does(
    harness: Harness,
) -> None:
    our = await story(harness)
    await our.propose()
    await our.mayor.run(declare_conflict, DeclareConflict(our.case_id))
    our.version = await our.present_version()
    with pytest.raises(CaseNotFound):
        await our.mayor.run(place_on_list, our.listing())
    delegate = await our.cell.person(Role.MAYOR_DELEGATE, nis_codes=(our.town,))
    assert (await delegate.run(place_on_list, our.listing())).state == "LISTED"


async def test_a_seat_that_changes_hands_is_free_of_it(harness: Harness) -> None:
    our, _ = await listed(harness)
    await our.police.run(declare_conflict, DeclareConflict(our.case_id))
    successor = await our.cell.person(Role.INFORMATION_OFFICER, nis_codes=(our.town,))
    assert await our.read(successor)


async def test_invitations_end_with_it_and_what_was_shared_stays(harness: Harness) -> None:
    our, teacher = await listed(harness)
    await our.share(teacher)
    await teacher.run(declare_conflict, DeclareConflict(our.case_id))
    case = await our.read(our.coordinator)
    assert teacher.person_id not in {entry.person_id for entry in case.circle}
    (ended,) = case.ended_invitations
    assert (ended.ended_by, ended.reason) == (teacher.person_id, "conflict_of_interest")
    assert [contribution.author_id for contribution in case.contributions] == [teacher.person_id]


async def test_who_said_it_and_when_is_for_coordinator_and_mayor_who_is_out_for_all(harness: Harness) -> None:
    our, teacher = await listed(harness)
    await teacher.run(declare_conflict, DeclareConflict(our.case_id))
    told = KeptOutView(teacher.person_id, our.now, teacher.person_id, may_lift=True)
    for reader in (our.coordinator, our.mayor):
        assert (await our.read(reader)).kept_out == (told,)
    assert (await our.read(our.police)).kept_out == (KeptOutView(teacher.person_id, None, None, may_lift=False),)
    dpo = await our.cell.person(Role.DPO)
    assert (await our.read(dpo)).kept_out == ()


async def test_others_are_told_the_circle_with_who_is_kept_out_of_it(harness: Harness) -> None:
    our, teacher = await listed(harness)
    for person, verb in ((teacher, "invited"), (our.police, "seated")):
        receipt = await person.run(declare_conflict, DeclareConflict(our.case_id))
        told = (await events_of(our.coordinator))["circle.changed", receipt.version]
        assert str(person.person_id) in {entry.person_id for entry in told.entries if not entry.parts}, verb
    assert len([entry for entry in told.entries if not entry.parts]) == 2


async def test_the_mayor_decides_of_somebody_in_the_circle_and_of_one_who_is_not_yet(harness: Harness) -> None:
    our, teacher = await listed(harness)
    other = await our.cell.person(Role.PARTICIPANT)
    await our.mayor.run(keep_out, await keeping_out(our, teacher))
    await reads_nothing(our, teacher)
    our.version = await our.present_version()
    assert our.invitation(other)
    await our.mayor.run(keep_out, await keeping_out(our, other))
    for person in (teacher, other):
        our.version = await our.present_version()
        with pytest.raises(KeptOut) as refusal:
            await our.coordinator.run(invite_to_circle, our.invitation(person))
        assert refusal.value.field == "person_id"
    with pytest.raises(KeptOutAlready):
        await our.mayor.run(keep_out, await keeping_out(our, teacher))


async def test_once_lifted_a_seat_reads_again_and_a_guest_is_invited_anew(harness: Harness) -> None:
    our, teacher = await listed(harness)
    for person in (teacher, our.police):
        await person.run(declare_conflict, DeclareConflict(our.case_id))
        await our.coordinator.run(lift_conflict, await lifting(our, person, our.coordinator))
    assert await our.read(our.police)
    with pytest.raises(CaseNotFound):
        await our.read(teacher)
    our.version = await our.present_version()
    await our.coordinator.run(invite_to_circle, our.invitation(teacher))
    assert await our.read(teacher)
    told = (await events_of(our.coordinator))["circle.changed", await our.present_version()]
    assert all(entry.parts for entry in told.entries)
    with pytest.raises(ConflictNotFound):
        await our.coordinator.run(lift_conflict, await lifting(our, teacher, our.coordinator))
    await teacher.run(declare_conflict, DeclareConflict(our.case_id))
    await reads_nothing(our, teacher)


async def test_what_the_mayor_decided_the_coordinator_does_not_undo_and_nobody_ones_own(harness: Harness) -> None:
    our, teacher = await listed(harness)
    await our.mayor.run(keep_out, await keeping_out(our, teacher))
    asked = await lifting(our, teacher, our.coordinator)
    assert "lift_conflict" not in (await our.read(our.coordinator)).may
    with pytest.raises(NotOfYourTown):
        await our.coordinator.run(lift_conflict, asked)
    assert "lift_conflict" in (await our.read(our.mayor)).may
    assert await our.mayor.run(lift_conflict, asked)
    await our.mayor.run(declare_conflict, DeclareConflict(our.case_id))
    own = await lifting(our, our.mayor, our.coordinator)
    with pytest.raises(CaseNotFound):
        await our.mayor.run(lift_conflict, own)
    assert await our.coordinator.run(lift_conflict, own)


async def test_only_the_mayors_seat_of_that_town_decides(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.list()
    teacher = await our.invite()
    asked = await keeping_out(our, teacher)
    stranger = await (await harness.cell()).person(Role.MAYOR)
    for person in (our.coordinator, our.police, our.prevention, teacher, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(keep_out, asked)
    for person in (theirs.mayor, stranger):
        with pytest.raises(CaseNotFound):
            await person.run(keep_out, asked)
        with pytest.raises(CaseNotFound):
            await person.run(lift_conflict, LiftConflict(our.case_id, asked.expected_version, teacher.person_id))
        with pytest.raises(CaseNotFound):
            await person.run(declare_conflict, DeclareConflict(our.case_id))
    unsworn = await cell.person(Role.MAYOR, nis_codes=("24001",), undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(keep_out, asked)
    our.mayor.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.mayor.run(keep_out, asked)
    our.mayor.acr = 2
    assert await our.mayor.run(keep_out, asked)


async def test_a_version_of_before_and_somebody_of_no_table_are_refused(harness: Harness) -> None:
    our, teacher = await listed(harness)
    asked = await keeping_out(our, teacher)
    elsewhere = await (await harness.cell()).person(Role.PARTICIPANT)
    for person_id in (elsewhere.person_id, new_id()):
        with pytest.raises(PersonWithoutMandate):
            await our.mayor.run(keep_out, KeepOut(asked.case_id, asked.expected_version, person_id))
    with pytest.raises(VersionChanged):
        await our.mayor.run(keep_out, KeepOut(asked.case_id, asked.expected_version - 1, asked.person_id))
    assert await our.mayor.run(keep_out, asked)


async def test_outside_the_circle_there_is_nothing_to_declare(harness: Harness) -> None:
    our, _ = await listed(harness)
    outsider = await our.cell.person(Role.PARTICIPANT)
    with pytest.raises(CaseNotFound):
        await outsider.run(declare_conflict, DeclareConflict(our.case_id))


@pytest.mark.parametrize("state", ["ON_HOLD", "RESTRICTED", "CLOSED", "RETAINED"])
async def test_it_can_be_declared_in_any_state_and_a_hold_does_not_show(harness: Harness, state: str) -> None:
    our, teacher = await listed(harness)
    if state == "ON_HOLD":
        await hold(our.coordinator, our.case_id)
    else:
        await pause(our.coordinator, our.case_id, state)
    receipt = await teacher.run(declare_conflict, DeclareConflict(our.case_id))
    assert receipt.state == ("LISTED" if state == "ON_HOLD" else state)
    await reads_nothing(our, teacher)


async def test_another_case_stays_open_to_the_person(harness: Harness) -> None:
    our, _ = await listed(harness)
    other = await story_in(our.cell, our.town)
    await other.list()
    await our.police.run(declare_conflict, DeclareConflict(our.case_id))
    assert await other.read(our.police)


async def test_a_repeat_under_one_key_is_one_act_and_the_record_names_the_case(harness: Harness) -> None:
    our, teacher = await listed(harness)
    asked = DeclareConflict(our.case_id)
    first = await teacher.run(declare_conflict, asked, idempotency_key="again")
    assert await teacher.run(declare_conflict, asked, idempotency_key="again") == first
    record, *_ = await records_of(teacher, "declare_conflict")
    assert (record.verb, list(record.object_ids), list(record.fields)) == ("alter", [str(our.case_id)], ["circle"])
    kept = [row for row in await rows(our.coordinator, "conflict_of_interest") if row.person_id == teacher.person_id]
    assert {row.object_id for row in kept} == {our.case_id, our.signal.id}


async def test_an_invitation_to_come_ends_too(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.cell.person(Role.PARTICIPANT)
    tomorrow = our.today + timedelta(days=1)
    await our.coordinator.run(invite_to_circle, our.invitation(teacher, first_day=tomorrow))
    await our.mayor.run(keep_out, await keeping_out(our, teacher))
    harness.clock.advance(days=1)
    await reads_nothing(our, teacher)
