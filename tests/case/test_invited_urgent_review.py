"""Who is invited is asked before there is a session; urgent stays so until the table decided; a review is planned."""

from __future__ import annotations

from datetime import timedelta

from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.place_on_list import place_on_list
from services.case.queries.list_cases import ListCases, list_cases
from services.kit.policy import Role
from tests.case.story import story
from tests.case.waiting import kinds, of_kind, seen
from tests.harness import Harness


async def test_who_is_invited_is_asked_before_a_session_and_after_a_decision(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    harness.clock.advance(hours=1)
    teacher, decliner = await our.invite(last_day_in=300), await our.invite(last_day_in=300)
    invited_at = harness.clock()
    later = await our.cell.person(Role.PARTICIPANT)
    begins = our.today + timedelta(days=2)
    invitation = our.invitation(later, first_day=begins, expected_version=await our.present_version())
    await our.coordinator.run(invite_to_circle, invitation)
    wanted = ["contribution_wanted"]
    assert [await kinds(person) for person in (teacher, decliner, later, our.police)] == [wanted, wanted, [], []]
    (one,) = (await seen(teacher)).waiting
    assert (one.since, one.session_at) == (invited_at, None)
    await our.decline(decliner)
    harness.clock.advance(days=3)
    assert [await kinds(person) for person in (teacher, decliner, later)] == [wanted, [], wanted]
    await our.decide(our.decision(actions=()))
    harness.clock.advance(days=1)
    carer = await our.invite()
    assert [await kinds(person) for person in (teacher, decliner, later, carer)] == [[], [], [], wanted]
    await our.share(carer)
    assert await kinds(carer) == []


async def test_urgent_stays_urgent_until_a_session_decided(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    await our.propose()
    calm = our.case_id
    harness.clock.advance(hours=1)
    await our.enter(urgent=True)
    await our.propose()
    told = [(item.case_id, item.urgent) for item in await of_kind(our.mayor, "case_proposed")]
    assert told == [(our.case_id, True), (calm, False)]
    our._keep(await our.mayor.run(place_on_list, our.listing()))
    assert [item.urgent for item in await of_kind(our.coordinator, "case_listed")] == [True]
    teacher = await our.invite(last_day_in=300)
    assert [item.urgent for item in await of_kind(our.coordinator, "session_wanted")] == [True]
    assert [item.urgent for item in (await seen(teacher)).waiting] == [True]
    await our.plan(days=1)
    assert [item.urgent for item in await of_kind(our.police, "contribution_wanted")] == [True]
    assert (await our.read(teacher)).frame.urgent is True
    harness.clock.advance(days=2)
    await our.decide(our.decision(actions=()))
    assert (await our.read(teacher)).frame.urgent is False
    await our.plan(days=30)
    assert [item.urgent for item in await of_kind(teacher, "contribution_wanted")] == [False]


async def test_a_follow_up_stands_to_be_planned_once_its_review_comes(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.decide(our.decision(actions=()))

    async def to_plan() -> list[tuple[object, object]]:
        page = await our.coordinator.run(list_cases, ListCases(50, None, None, to_plan=True))
        assert all(case.to_plan for case in page.cases)
        return [(case.case_id, case.review_on) for case in page.cases]

    harness.clock.advance(days=75)
    assert await to_plan() == []
    assert (await our.read(our.coordinator)).frame.to_plan is False
    harness.clock.advance(days=1)
    assert await to_plan() == [(our.case_id, our.today + timedelta(days=14))]
    frames = [(await our.read(person)).frame.to_plan for person in (our.coordinator, our.mayor)]
    assert frames == [True, False]
