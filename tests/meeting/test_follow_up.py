"""The plan that comes with a decision to follow up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.kit.clock import local_date
from services.kit.policy import Role
from services.meeting.commands.record_decision import record_decision
from services.meeting.errors import (
    DateNotInFuture,
    FollowUpIncomplete,
    NoActionHasPlan,
    PersonOutsideCircle,
)
from services.meeting.model import AgreedAction
from tests.harness import Harness
from tests.meeting.round_table import joint_session, round_table, session_of


@pytest.mark.parametrize("state", ["FOLLOW_UP", "AFTERCARE"])
async def test_what_is_followed_up_is_planned_held_and_decided_again(harness: Harness, state: str) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    first = await table.opened(case_id)
    await table.mayor.run(record_decision, await table.follow_up(first))
    await table.tell_state(case_id, state, 2)
    harness.clock.advance(days=90)
    review = await table.opened(case_id)
    await table.mayor.run(record_decision, await table.follow_up(review))
    decisions = [(await table.item(session)).decision for session in (first, review)]
    assert all(decision and decision.actions for decision in decisions)


@pytest.mark.parametrize(("field", "nothing"), [("actions", ()), ("case_lead_id", None), ("review_on", None)])
async def test_follow_up_needs_a_plan_and_no_action_has_none(harness: Harness, field: str, nothing: Any) -> None:
    table = await round_table(await harness.cell())
    session = await table.opened(await table.case())
    whole = await table.follow_up(session)
    with pytest.raises(FollowUpIncomplete) as incomplete:
        await table.mayor.run(record_decision, replace(whole, **{field: nothing}))
    assert incomplete.value.field == field
    too_much = await table.no_action(session, **{field: getattr(whole, field)})
    with pytest.raises(NoActionHasPlan) as refused:
        await table.mayor.run(record_decision, too_much)
    assert refused.value.field == field
    assert await table.mayor.run(record_decision, whole)


async def test_owners_and_lead_are_in_the_circle_of_the_case(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    invited = await table.cell.person(Role.PARTICIPANT)
    command = await table.follow_up(await table.opened(await table.case("LISTED", invited)))
    outsider = table.partner.person_id
    action = replace(command.actions[0], owner_id=outsider)
    for field, bad in {
        "case_lead_id": replace(command, case_lead_id=outsider),
        "actions[1].owner_id": replace(command, actions=(*command.actions, action)),
    }.items():
        with pytest.raises(PersonOutsideCircle) as refused:
            await table.mayor.run(record_decision, bad)
        assert refused.value.field == field
    theirs = replace(action, owner_id=invited.person_id)
    good = replace(command, actions=(theirs,), case_lead_id=table.coordinator.person_id)
    assert await table.mayor.run(record_decision, good)


async def test_invariant_15_who_left_the_circle_or_the_cell_gets_nothing_to_do(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    gone, ended, stays = [await cell.person(Role.PARTICIPANT) for _ in range(3)]
    case_id = await table.case("LISTED", gone, ended, stays)
    command = await table.follow_up(await table.opened(case_id))
    await table.tell_circle(case_id, 2, (ended, stays))
    await ended.mandate(Role.PARTICIPANT, ends_at=harness.clock(), fact_version=2)
    for person in (gone, ended):
        with pytest.raises(PersonOutsideCircle):
            await table.mayor.run(record_decision, replace(command, case_lead_id=person.person_id))
    assert await table.mayor.run(record_decision, replace(command, case_lead_id=stays.person_id))


@pytest.mark.parametrize("outside", [{"starts_at": timedelta(hours=1)}, {"ends_at": timedelta()}])
async def test_invariant_15_an_invitation_to_come_or_ended_gives_nothing_to_do(
    harness: Harness, outside: dict[str, timedelta]
) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    command = await table.follow_up(await table.opened(case_id), case_lead_id=table.partner.person_id)
    wrong: dict[str, Any] = {name: harness.clock() + span for name, span in outside.items()}
    await table.tell_circle(case_id, 2, (table.partner,), **wrong)
    with pytest.raises(PersonOutsideCircle):
        await table.mayor.run(record_decision, command)
    await table.tell_circle(case_id, 3, (table.partner,))
    assert await table.mayor.run(record_decision, command)


async def test_a_seat_of_another_town_is_not_in_the_circle(harness: Harness) -> None:
    table, town_b, command = await joint_session(harness)
    planned = await table.follow_up(session_of(command), case_lead_id=town_b.prevention.person_id)
    with pytest.raises(PersonOutsideCircle):
        await table.mayor.run(record_decision, planned)
    assert await table.mayor.run(record_decision, replace(planned, case_lead_id=table.prevention.person_id))


async def test_dates_lie_in_the_future(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = await table.follow_up(await table.opened(await table.case()))
    today = local_date(harness.clock())
    due_today = AgreedAction("leisure", command.actions[0].owner_id, today, "Belt hem.")
    for field, bad in {
        "actions[0].due_on": replace(command, actions=(due_today,)),
        "review_on": replace(command, review_on=today),
    }.items():
        with pytest.raises(DateNotInFuture) as refused:
            await table.mayor.run(record_decision, bad)
        assert refused.value.field == field
    tomorrow = today + timedelta(days=1)
    due_tomorrow = replace(due_today, due_on=tomorrow)
    assert await table.mayor.run(record_decision, replace(command, actions=(due_tomorrow,), review_on=tomorrow))


async def test_invariant_25_a_day_is_one_of_brussels(harness: Harness) -> None:
    """At half past eleven in the evening UTC it is tomorrow already."""
    harness.clock.now = harness.clock.now.replace(hour=23, minute=30)
    table = await round_table(await harness.cell())
    command = await table.follow_up(await table.opened(await table.case()))
    tomorrow = harness.clock.now.date() + timedelta(days=1)
    with pytest.raises(DateNotInFuture):
        await table.mayor.run(record_decision, replace(command, review_on=tomorrow))
    assert await table.mayor.run(record_decision, replace(command, review_on=tomorrow + timedelta(days=1)))
