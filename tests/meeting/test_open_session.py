"""Opening a session: seats, clearance, secrecy."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.policy import Role
from services.meeting.commands.open_session import OpenSession, open_session
from services.meeting.errors import (
    ClearanceExpired,
    NotOfYourTown,
    PersonWithoutMandate,
    SeatMissing,
    SecrecyNotDeclared,
    SessionNotFound,
    SessionStateForbids,
)
from tests.harness import Harness
from tests.meeting.round_table import recorded, round_table, told_as


async def test_chair_or_coordinator_opens_and_others_are_told(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case()
    delegate = await cell.person(Role.MAYOR_DELEGATE)
    opened = set()
    for opener in (table.mayor, table.coordinator, delegate):
        receipt = await opener.run(open_session, table.opening(await table.planned(case_id)))
        assert (receipt.state, receipt.version) == ("OPEN", 2)
        opened.add((str(receipt.id), 2))
    messages = [pb.SessionOpened.FromString(payload) for payload in await told_as(harness, cell, "session.opened")]
    assert {(message.session_id, message.version) for message in messages} == opened
    record = [record for record in await recorded(harness, cell) if record.action == "open_session"][-1]
    assert list(record.object_ids) == [str(case_id)]


async def test_attendance_names_the_seats(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    view = await table.read(table.partner, await table.opened(await table.case()))
    people = ("mayor", "police", "prevention", "coordinator", "partner")
    seats = {getattr(table, name).person_id: name for name in people} | {table.partner.person_id: "participant"}
    assert {attendance.person_id: attendance.seat for attendance in view.attendance} == seats


async def test_others_do_not_open(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = table.opening(await table.planned(await table.case()))
    for other in (table.police, table.prevention, table.partner):
        with pytest.raises(RoleMissing):
            await other.run(open_session, command)
    assert await table.mayor.run(open_session, command)


@pytest.mark.parametrize("seat", ["mayor", "police", "prevention"])
async def test_invariant_03_no_session_without_the_mandatory_seats(harness: Harness, seat: str) -> None:
    table = await round_table(await harness.cell())
    session = await table.planned(await table.case())
    absent = getattr(table, seat).person_id
    command = table.opening(session)
    without = tuple(person for person in command.present_person_ids if person != absent)
    with pytest.raises(SeatMissing) as refused:
        await table.coordinator.run(open_session, replace(command, present_person_ids=without))
    assert refused.value.field == f"seats.{seat}"
    assert refused.value.expected == f"{seat} of 24001, present"
    assert await table.coordinator.run(open_session, command)


async def test_invariant_03_the_clearance_of_the_police_delegate_has_not_expired(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell, clearance_ends_at=harness.clock() + timedelta(hours=1))
    command = table.opening(await table.planned(await table.case()))
    harness.clock.advance(hours=1)
    with pytest.raises(ClearanceExpired):
        await table.mayor.run(open_session, command)
    await table.police.mandate(
        Role.INFORMATION_OFFICER, clearance_ends_at=harness.clock() + timedelta(seconds=1), fact_version=2
    )
    assert await table.mayor.run(open_session, command)


async def test_invariant_03_a_delegate_without_clearance_does_not_count_a_chief_of_police_does(
    harness: Harness,
) -> None:
    cell = await harness.cell()
    table = await round_table(cell, clearance_ends_at=None)
    command = table.opening(await table.planned(await table.case()))
    with pytest.raises(ClearanceExpired):
        await table.mayor.run(open_session, command)
    chief = await cell.person(Role.POLICE_CHIEF)
    present = (*command.present_person_ids, chief.person_id)
    assert await table.mayor.run(open_session, replace(command, present_person_ids=present))


async def test_invariant_03_each_seat_is_taken_by_a_person_of_its_own(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    double = await cell.person(Role.MAYOR_DELEGATE)
    double_again = replace(double, mandate_id=uuid4())
    await double_again.mandate(Role.PREVENTION_OFFICER)
    session = await table.planned(await table.case())
    two = OpenSession(session.id, session.version, (double.person_id, table.police.person_id), True)
    with pytest.raises(SeatMissing):
        await table.coordinator.run(open_session, two)
    three = replace(two, present_person_ids=(*two.present_person_ids, table.mayor.person_id))
    assert await table.coordinator.run(open_session, three)


async def test_invariant_03_every_town_of_the_agenda_has_its_seats(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    table, town_b = await round_table(cell, "24001"), await round_table(cell, "24002")
    both = await cell.person(Role.COORDINATOR)
    command = table.planning(await table.case(), await town_b.case())
    table.coordinator = both
    session = await table.planned(*(item.case_id for item in command.items))
    with pytest.raises(SeatMissing) as refused:
        await table.mayor.run(open_session, table.opening(session))
    assert refused.value.expected == "mayor of 24002, present"
    assert await table.mayor.run(open_session, table.opening(session, *town_b.present))


async def test_secrecy_is_declared_first(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = table.opening(await table.planned(await table.case()))
    with pytest.raises(SecrecyNotDeclared) as refused:
        await table.mayor.run(open_session, replace(command, secrecy_declared=False))
    assert refused.value.field == "secrecy_declared"
    assert await table.mayor.run(open_session, command)


async def test_invariant_07_nobody_sits_without_a_valid_mandate_and_undertaking(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    table = await round_table(cell)
    now = harness.clock()
    unfit: list[UUID] = [uuid4()]
    unfit.append((await cell.person(Role.PARTICIPANT, undertaken_until=None)).person_id)
    unfit.append((await cell.person(Role.PARTICIPANT, undertaken_until=now)).person_id)
    unfit.append((await cell.person(Role.PARTICIPANT, ends_at=now)).person_id)
    unfit.append((await cell.person(Role.PARTICIPANT, starts_at=now + timedelta(hours=1))).person_id)
    unfit.append((await cell.person(Role.DPO)).person_id)
    unfit.append((await neighbour.person(Role.PARTICIPANT)).person_id)
    session = await table.planned(await table.case())
    answers = set()
    for person_id in unfit:
        with pytest.raises(PersonWithoutMandate) as refused:
            await table.mayor.run(open_session, table.opening(session, person_id))
        answers.add((refused.value.field, refused.value.expected))
    assert answers == {("present_person_ids[5]", "a person with a valid mandate and undertaking")}
    fit = await cell.person(Role.MINUTE_TAKER)
    assert await table.mayor.run(open_session, table.opening(session, fit.person_id))


async def test_a_chair_of_another_town_does_not_open(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    table, town_b = await round_table(cell, "24001"), await round_table(cell, "24002")
    command = table.opening(await table.planned(await table.case()))
    for other in (town_b.mayor, town_b.coordinator):
        with pytest.raises(NotOfYourTown):
            await other.run(open_session, command)
    assert await table.mayor.run(open_session, command)


async def test_a_session_opens_once_from_the_version_last_read(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = table.opening(await table.planned(await table.case()))
    with pytest.raises(VersionChanged):
        await table.mayor.run(open_session, replace(command, expected_version=2))
    assert await table.mayor.run(open_session, command)
    with pytest.raises(VersionChanged):
        await table.mayor.run(open_session, command)
    with pytest.raises(SessionStateForbids) as refused:
        await table.mayor.run(open_session, replace(command, expected_version=2))
    assert refused.value.expected == "PLANNED or CONVENED"


async def test_of_two_at_once_one_opens(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = table.opening(await table.planned(await table.case()))
    results = await asyncio.gather(
        table.mayor.run(open_session, command), table.coordinator.run(open_session, command), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Receipt", "VersionChanged"]


async def test_invariant_15_an_ended_mandate_opens_nothing(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    session = await table.planned(await table.case())
    await table.mayor.mandate(Role.MAYOR, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(CellNotFound):
        await table.mayor.run(open_session, table.opening(session))
    table.mayor = await table.cell.person(Role.MAYOR)
    assert await table.mayor.run(open_session, table.opening(session))


async def test_invariant_17_a_session_elsewhere_is_like_none(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    table, stranger = await round_table(cell), await round_table(neighbour)
    command = table.opening(await table.planned(await table.case()))
    with pytest.raises(SessionNotFound):
        await stranger.mayor.run(open_session, command)
    with pytest.raises(SessionNotFound):
        await stranger.mayor.run(open_session, replace(command, session_id=uuid4()))
    with pytest.raises(CellNotFound):
        await stranger.mayor.elsewhere(cell).run(open_session, command)
    assert await table.mayor.run(open_session, command)
