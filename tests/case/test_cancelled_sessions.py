"""A session that is cancelled: its cases await another one, in any order and any number of times."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from services.case.commands.unschedule_cases import UnscheduleCases, unschedule_cases
from services.kit.errors import RoleMissing
from services.kit.ids import new_id
from tests.case.rows import events_of, pause, rows
from tests.case.story import Story, story
from tests.harness import Harness


async def listed(harness: Harness) -> Story:
    """A case on the list."""
    our = await story(harness)
    await our.list()
    return our


async def test_the_case_awaits_a_session_again(harness: Harness) -> None:
    our, session_id = await listed(harness), new_id()
    await our.plan(session_id=session_id, days=3)
    assert await our.state() == "SCHEDULED"
    await our.cancel(session_id, days=3)
    assert await our.state() == "LISTED"
    assert (await events_of(our.mayor))["case.state_changed", 4].state == "LISTED"
    assert await rows(our.coordinator, "planned_case") == []
    await our.plan(days=5)
    assert await our.state() == "SCHEDULED"


async def test_every_order_and_every_repeat_ends_the_same(harness: Harness) -> None:
    for order in sorted(set(permutations(("planned", "planned", "cancelled", "cancelled")))):
        our, session_id = await listed(harness), new_id()
        for step in order:
            await (our.plan(session_id=session_id) if step == "planned" else our.cancel(session_id))
        assert await our.state() == "LISTED", order
        assert await rows(our.coordinator, "planned_case") == []


@pytest.mark.parametrize(("days", "state"), [(-1, "LISTED"), (0, "SCHEDULED"), (4, "SCHEDULED")])
async def test_another_session_of_today_or_later_counts(harness: Harness, days: int, state: str) -> None:
    our, session_id = await listed(harness), new_id()
    await our.plan(session_id=session_id, days=3)
    await our.plan(days=days)
    await our.cancel(session_id, days=3)
    assert await our.state() == state


async def test_what_was_decided_meanwhile_stays(harness: Harness) -> None:
    our, session_id = await listed(harness), new_id()
    await our.plan(session_id=session_id, days=3)
    await our.decide(our.decision())
    await our.cancel(session_id, days=3)
    assert await our.state() == "FOLLOW_UP"
    assert await rows(our.coordinator, "planned_case") == []


async def test_a_case_that_is_restricted_meanwhile_comes_back_listed(harness: Harness) -> None:
    our, session_id = await listed(harness), new_id()
    await our.plan(session_id=session_id, days=3)
    await pause(our.coordinator, our.case_id, "RESTRICTED")
    await our.cancel(session_id, days=3)
    (row,) = await rows(our.coordinator, "case_frame")
    assert (row.state, row.paused_from) == ("RESTRICTED", "LISTED")


async def test_a_case_elsewhere_is_left_alone(harness: Harness) -> None:
    our, session_id = await listed(harness), new_id()
    await our.plan(session_id=session_id)
    other = await listed(harness)
    foreign = UnscheduleCases(session_id, 2, our.now + timedelta(days=1), (our.case_id,))
    await other.cell.as_system(unschedule_cases, foreign)
    assert await our.state() == "SCHEDULED"
    with pytest.raises(RoleMissing):
        await our.coordinator.run(unschedule_cases, foreign)
    await our.cell.as_system(unschedule_cases, foreign)
    assert await our.state() == "LISTED"
