"""Planning a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from rondetafel.kit.v1 import kit_pb2
from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import CellNotFound, IdempotencyKeyReused, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.policy import Role
from services.meeting.commands.cancel_session import CancelSession, cancel_session
from services.meeting.commands.plan_session import plan_session
from services.meeting.errors import (
    CaseNotOnList,
    CaseTwice,
    SessionInThePast,
    WindowOutsideSession,
    WindowReversed,
    WindowsOverlap,
)
from tests.harness import Harness
from tests.meeting.round_table import recorded, round_table, told_as


async def test_the_coordinator_plans_and_others_are_told(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    first, second = await table.case(), await table.case("SCHEDULED")
    command = table.planning(first, second)
    receipt = await table.coordinator.run(plan_session, command)
    assert (receipt.state, receipt.version) == ("PLANNED", 1)
    view = await table.read(table.coordinator, receipt)
    assert [(item.item.position, item.case_id) for item in view.items] == [(1, first), (2, second)]
    assert (view.session.starts_at, view.session.place) == (command.starts_at, "town_hall")
    (payload,) = await told_as(harness, cell, "session.planned")
    message = pb.SessionPlanned.FromString(payload)
    assert (message.session_id, list(message.case_ids)) == (str(receipt.id), [str(first), str(second)])
    record = next(record for record in await recorded(harness, cell) if record.action == "plan_session")
    assert set(record.object_ids) == {str(first), str(second)}


async def test_the_agenda_follows_the_time_windows(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    first, second = await table.case(), await table.case()
    command = table.planning(first, second)
    receipt = await table.coordinator.run(plan_session, replace(command, items=command.items[::-1]))
    assert [item.case_id for item in (await table.read(table.coordinator, receipt)).items] == [first, second]


async def test_only_a_coordinator_plans(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = table.planning(await table.case())
    assert await table.coordinator.run(plan_session, command)
    for other in (table.mayor, table.police, table.prevention, table.partner):
        with pytest.raises(RoleMissing):
            await other.run(plan_session, command)


async def test_what_is_missing_of_ones_own_is_said(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    command = table.planning(await table.case())
    assert await table.coordinator.run(plan_session, command)
    table.coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await table.coordinator.run(plan_session, command)
    unsworn = await cell.person(Role.COORDINATOR, undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(plan_session, command)


async def test_invariant_15_an_ended_mandate_plans_nothing(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = table.planning(await table.case())
    assert await table.coordinator.run(plan_session, command)
    await table.coordinator.mandate(Role.COORDINATOR, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(CellNotFound):
        await table.coordinator.run(plan_session, command)


@pytest.mark.parametrize("state", ["PROPOSED", "ON_HOLD", "REFUSED", "DISCUSSED", "CLOSED", "RESTRICTED", "ERASED"])
async def test_only_cases_of_the_list_are_planned(harness: Harness, state: str) -> None:
    table = await round_table(await harness.cell())
    listed, other = await table.case(), await table.case(state)
    assert await table.coordinator.run(plan_session, table.planning(listed))
    with pytest.raises(CaseNotOnList) as refused:
        await table.coordinator.run(plan_session, table.planning(listed, other))
    assert refused.value.field == "items[1].case_id"


async def test_invariant_17_a_case_elsewhere_is_like_none(harness: Harness) -> None:
    """Unknown, of another cell, of a town the coordinator does not sit for: the same answer."""
    cell, neighbour = await harness.cell("24001", "24002"), await harness.cell()
    table, town_b = await round_table(cell, "24001"), await round_table(cell, "24002")
    stranger = await round_table(neighbour)
    of_b, of_stranger = await town_b.case(), await stranger.case()
    assert await town_b.coordinator.run(plan_session, table.planning(of_b))
    assert await stranger.coordinator.run(plan_session, table.planning(of_stranger))
    answers = set()
    for case_id in (uuid4(), of_b, of_stranger):
        with pytest.raises(CaseNotOnList) as refused:
            await table.coordinator.run(plan_session, table.planning(case_id))
        answers.add((refused.value.code, refused.value.field, refused.value.expected))
    assert len(answers) == 1
    with pytest.raises(CellNotFound):
        await stranger.coordinator.elsewhere(cell).run(plan_session, table.planning(await table.case()))


async def test_a_circle_does_not_make_a_coordinator_of_another_town(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    table, town_b = await round_table(cell, "24001"), await round_table(cell, "24002")
    case_id = await table.case("LISTED", town_b.coordinator)
    assert await table.coordinator.run(plan_session, table.planning(case_id))
    with pytest.raises(CaseNotOnList):
        await town_b.coordinator.run(plan_session, table.planning(case_id))


async def test_time_windows_are_checked(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = table.planning(await table.case(), await table.case())
    first, second = command.items
    minute = timedelta(minutes=1)
    empty = replace(second, ends_at=second.starts_at)
    wrong = {
        "ends_at": (WindowReversed, replace(command, ends_at=command.starts_at)),
        "items[1].ends_at": (WindowReversed, replace(command, items=(first, empty))),
        "items[0].starts_at": (
            WindowOutsideSession,
            replace(command, items=(replace(first, starts_at=first.starts_at - minute), second)),
        ),
        "items[1].starts_at": (
            WindowsOverlap,
            replace(command, items=(first, replace(second, starts_at=second.starts_at - minute))),
        ),
    }
    assert await table.coordinator.run(plan_session, command)
    for field, (error, bad) in wrong.items():
        with pytest.raises(error) as refused:
            await table.coordinator.run(plan_session, bad)
        assert refused.value.field == field
    harness.clock.advance(days=2)
    with pytest.raises(SessionInThePast):
        await table.coordinator.run(plan_session, command)


async def test_a_case_stands_once_on_an_agenda(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    with pytest.raises(CaseTwice) as refused:
        await table.coordinator.run(plan_session, table.planning(case_id, case_id))
    assert refused.value.field == "items[1].case_id"


async def test_the_same_key_answers_the_same(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = table.planning(await table.case())
    first = await table.coordinator.run(plan_session, command, idempotency_key="a")
    assert await table.coordinator.run(plan_session, command, idempotency_key="a") == first
    with pytest.raises(IdempotencyKeyReused):
        await table.coordinator.run(plan_session, replace(command, place="online"), idempotency_key="a")


async def test_who_is_concerned_is_to_be_written_to(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    guest = await cell.person(Role.PARTICIPANT)
    command = table.planning(
        await table.case("LISTED", table.partner), await table.case("LISTED", table.partner, guest)
    )
    receipt = await table.coordinator.run(plan_session, command)
    session = await table.read(table.coordinator, receipt)
    await table.coordinator.run(cancel_session, CancelSession(receipt.id, receipt.version))
    told = [kit_pb2.NoticeAsked.FromString(payload) for payload in await told_as(harness, cell, "session.notice_asked")]
    assert [notice.kind for notice in told] == ["session_planned", "session_cancelled"]
    for notice in told:
        assert notice.object_id == str(receipt.id)
        assert set(notice.person_ids) == {str(table.partner.person_id), str(guest.person_id)}
        assert list(notice.seats) == ["mayor", "police", "prevention", "coordinator"]
        assert list(notice.nis_codes) == [table.town]
        assert notice.by == str(table.coordinator.person_id)
        assert notice.until.ToDatetime(session.session.ends_at.tzinfo) == session.session.ends_at
