"""What is known of cases and circles: events that come late, twice or in the wrong order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rondetafel.case.v1 import case_pb2
from rondetafel.kit.v1 import kit_pb2
from services.kit.errors import AlreadyHandled, CellNotFound, RoleMissing
from services.kit.ids import new_id
from services.kit.outbox import Delivery
from services.kit.policy import Role
from services.kit.principal import system
from services.meeting.commands.apply_case import ApplyCase, apply_case
from services.meeting.commands.apply_circle import ApplyCircle, apply_circle
from services.meeting.commands.plan_session import plan_session
from services.meeting.consumers import SUBSCRIPTIONS
from services.meeting.errors import CaseNotOnList
from tests.harness import Harness
from tests.meeting.round_table import round_table


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
async def test_the_newest_frame_of_a_case_wins(harness: Harness, order: tuple[int, ...]) -> None:
    """Proposed, listed, on hold: in whatever order they come, the case is on hold."""
    table = await round_table(await harness.cell())
    case_id = new_id()
    await table.tell_circle(case_id, 1)
    states = {1: "PROPOSED", 2: "LISTED", 3: "ON_HOLD"}
    for version in (*order, *order):
        await table.tell_state(case_id, states[version], version)
    with pytest.raises(CaseNotOnList):
        await table.planned(case_id)
    await table.tell_state(case_id, "LISTED", 4)
    assert await table.coordinator.run(plan_session, table.planning(case_id))


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
async def test_invariant_15_nobody_comes_back_by_an_old_circle(harness: Harness, order: tuple[int, ...]) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case(version=0)
    session = await table.planned(case_id)
    invited = {1: (), 2: (table.partner,), 3: ()}
    for version in (*order, *order):
        await table.tell_circle(case_id, version, invited[version])
    assert (await table.read(table.partner, session)).items[0].case_id is None
    await table.tell_circle(case_id, 4, (table.partner,))
    assert (await table.read(table.partner, session)).items[0].case_id == case_id


async def test_circles_of_two_cases_keep_apart(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    first, second = await table.case("LISTED", table.partner), await table.case("LISTED", table.partner)
    session = await table.planned(first, second)
    await table.tell_circle(first, 2)
    seen = [item.case_id for item in (await table.read(table.partner, session)).items]
    assert seen == [None, second]


async def test_a_message_heard_twice_has_one_effect(harness: Harness) -> None:
    cell = await harness.cell()
    case_id = new_id()
    delivery = Delivery("meeting", new_id())
    command = ApplyCase(case_id, "24001-26-0001", "24001", "LISTED", False, 1)
    principal = system("meeting.consumer", cell.cell_id)
    await harness.executor.run(principal, apply_case, command, delivery=delivery)
    with pytest.raises(AlreadyHandled):
        await harness.executor.run(principal, apply_case, command, delivery=delivery)


async def test_only_our_consumer_tells_of_cases(harness: Harness) -> None:
    cell = await harness.cell()
    coordinator = await cell.person(Role.COORDINATOR)
    frame = ApplyCase(new_id(), "24001-26-0001", "24001", "LISTED", False, 1)
    circle = ApplyCircle(frame.case_id, 1, ())
    await cell.as_system(apply_case, frame)
    await cell.as_system(apply_circle, circle)
    with pytest.raises(CellNotFound):
        await cell.as_system(apply_case, frame, name="portal.service")
    with pytest.raises(CellNotFound):
        await cell.as_system(apply_circle, circle, name="portal.service")
    with pytest.raises(RoleMissing):
        await coordinator.run(apply_case, frame)
    with pytest.raises(RoleMissing):
        await coordinator.run(apply_circle, circle)


MOMENTS = st.integers(0, 10**11).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CODES = st.text("abcdefghijklmnopqrstuvwxyz_0123456789-", max_size=20)


@given(st.uuids(), CODES, CODES, CODES, st.booleans(), st.integers(1, 2**62))
def test_a_told_frame_is_taken_over_as_it_is(
    case_id: UUID, code: str, nis_code: str, state: str, minor: bool, version: int
) -> None:
    fact = case_pb2.CaseChanged(
        case_id=str(case_id), code=code, nis_code=nis_code, state=state, minor=minor, version=version
    )
    envelope = kit_pb2.Envelope(payload=fact.SerializeToString())
    for kind in ("case.proposed", "case.listed", "case.state_changed"):
        assert SUBSCRIPTIONS[kind].to_command(envelope) == ApplyCase(case_id, code, nis_code, state, minor, version)


@given(st.one_of(st.uuids(), st.none()), st.sampled_from(["mayor", "police"]), MOMENTS, MOMENTS)
def test_a_told_circle_is_taken_over_as_it_is(
    person_id: UUID | None, seat: str, starts_at: datetime, ends_at: datetime
) -> None:
    entry = case_pb2.CircleSeat(
        entry_id=str(uuid4()), person_id=str(person_id or ""), seat="" if person_id else seat, nis_code="24001",
        parts=["frame", "content"],
    )  # fmt: skip
    entry.starts_at.FromDatetime(starts_at)
    entry.ends_at.FromDatetime(ends_at)
    fact = case_pb2.CircleChanged(case_id=str(uuid4()), version=7, entries=[entry])
    command = SUBSCRIPTIONS["circle.changed"].to_command(kit_pb2.Envelope(payload=fact.SerializeToString()))
    (told,) = command.entries
    assert (str(command.case_id), command.version) == (fact.case_id, 7)
    assert (told.person_id, told.seat) == (person_id, None if person_id else seat)
    assert (told.starts_at, told.ends_at) == (starts_at, ends_at)
    assert told.parts == ("frame", "content")


async def test_a_circle_that_begins_later_opens_later(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    session = await table.planned(case_id)
    await table.tell_circle(case_id, 2, (table.partner,), starts_at=harness.clock() + timedelta(hours=1))
    assert (await table.read(table.partner, session)).items[0].case_id is None
    harness.clock.advance(hours=1)
    assert (await table.read(table.partner, session)).items[0].case_id == case_id
