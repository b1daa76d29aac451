"""What a session plans and decides reaches the case, in any order and any number of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from rondetafel.kit.v1 import kit_pb2
from rondetafel.meeting.v1 import meeting_pb2 as meeting_pb
from services.case.commands.apply_decision import Outcome, apply_decision
from services.case.consumers import SUBSCRIPTIONS
from services.case.errors import CaseNotFound, CaseStateForbids
from services.case.queries.read_case import ActionView
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.ids import new_id
from services.kit.principal import system
from tests.case.rows import events_of, pause, records_of, rows
from tests.case.story import Story, story
from tests.harness import Harness


async def test_a_planned_session_schedules_the_case(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.plan()
    assert await our.state() == "SCHEDULED"
    assert (await events_of(our.mayor))["case.state_changed", 3].state == "SCHEDULED"


async def test_a_follow_up_brings_actions_lead_and_review(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.plan()
    decision = our.decision()
    await our.decide(decision)
    view = await our.read(our.prevention)
    assert (view.frame.state, view.frame.review_on) == ("FOLLOW_UP", decision.review_on)
    assert view.case_lead_id == decision.case_lead_id
    (action,) = decision.actions
    assert view.actions == (ActionView(action.action_id, action.life_domain, action.owner_id, action.due_on, "AGREED"),)
    assert (await events_of(our.mayor))["case.state_changed", view.frame.version].state == "FOLLOW_UP"


async def test_no_action_closes_the_case(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.plan()
    await our.decide(our.decision(Outcome.NO_ACTION))
    view = await our.read(our.coordinator)
    assert (view.frame.state, view.actions, view.case_lead_id) == ("CLOSED_NO_ACTION", (), None)


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_every_order_and_every_repeat_ends_the_same(harness: Harness, outcome: Outcome) -> None:
    steps = ("planned", "planned", "decided", "decided")
    for order in sorted(set(permutations(steps))):
        our = await story(harness)
        await our.list()
        session_id, decision = new_id(), our.decision(outcome)
        for step in order:
            await (our.plan(session_id=session_id) if step == "planned" else our.decide(decision))
        view = await our.read(our.coordinator)
        wanted = "FOLLOW_UP" if outcome is Outcome.FOLLOW_UP else "CLOSED_NO_ACTION"
        assert (view.frame.state, len(view.actions)) == (wanted, len(decision.actions)), order


async def test_a_repeat_has_no_effect_and_tells_nothing(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    session_id, decision = new_id(), our.decision()
    await our.plan(session_id=session_id)
    await our.decide(decision)
    before, view = await events_of(our.mayor), await our.read(our.coordinator)
    await our.decide(decision)
    await our.plan(session_id=session_id)
    await our.plan(session_id=session_id, version=2)
    assert (await events_of(our.mayor), await our.read(our.coordinator)) == (before, view)


async def test_old_news_of_a_session_is_ignored(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    session_id, case_id = new_id(), our.case_id
    our.case_id = new_id()
    await our.plan(session_id=session_id, version=2)
    our.case_id = case_id
    await our.plan(session_id=session_id, version=1)
    assert await our.state() == "LISTED"


async def test_the_newest_decision_wins(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    old = our.decision(decided_at=harness.clock() - timedelta(days=1))
    new = our.decision(review_on=our.today + timedelta(days=10), case_lead_id=our.mayor.person_id)
    for decision in (new, old):
        await our.decide(decision)
    view = await our.read(our.coordinator)
    assert (view.frame.review_on, view.case_lead_id) == (new.review_on, our.mayor.person_id)


async def test_a_review_replaces_the_plan_and_keeps_earlier_actions(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.decide(our.decision())
    harness.clock.advance(days=30)
    review = our.decision()
    await our.decide(review)
    view = await our.read(our.coordinator)
    assert (view.frame.state, view.frame.review_on, len(view.actions)) == ("FOLLOW_UP", review.review_on, 2)


async def test_a_decision_that_cannot_be_applied_is_not_swallowed(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    with pytest.raises(CaseStateForbids):
        await our.decide(our.decision())
    assert await our.state() == "PROPOSED"
    with pytest.raises(CaseNotFound):
        await our.decide(our.decision(case_id=new_id()))


@pytest.mark.parametrize(
    "state", ["ON_HOLD", "RESTRICTED", "CLOSED", "TRANSFERRED", "AFTERCARE", "RETAINED", "REFUSED"]
)
async def test_what_a_case_cannot_follow_is_kept_with_it(harness: Harness, state: str) -> None:
    """The message is answered: it does not come back, and nothing reaches the dead letters."""
    our = await story(harness)
    await our.list()
    await pause(our.coordinator, our.case_id, state)
    await our.plan()
    before, decision = await events_of(our.mayor), our.decision()
    for _ in range(2):
        await our.decide(decision)
    assert (await our.state(), await events_of(our.mayor)) == (state, before)
    (kept,) = await rows(our.coordinator, "kept_decision")
    assert (kept.decision_id, kept.case_id, kept.state) == (decision.decision_id, our.case_id, state)
    assert (kept.outcome, kept.review_on) == (decision.outcome, decision.review_on)
    assert [action["action_id"] for action in kept.actions] == [str(decision.actions[0].action_id)]
    assert len(await rows(our.mayor, "kept_decision")) == 1
    for person in (our.police, our.prevention, our.reporter):
        assert await rows(person, "kept_decision") == []
    records = await records_of(our.mayor, "apply_decision")
    assert [record.detail["not_applied"] for record in records] == [state, state]


async def test_of_an_erased_case_no_decision_is_kept(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await pause(our.coordinator, our.case_id, "ERASED")
    await our.decide(our.decision())
    assert await rows(our.coordinator, "kept_decision") == []
    (record,) = await records_of(our.mayor, "apply_decision")
    assert (record.outcome, record.detail["not_applied"]) == ("allow", "ERASED")


async def test_a_review_that_sees_nothing_more_to_do_closes_the_case(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.decide(our.decision())
    harness.clock.advance(days=1)
    await our.decide(our.decision(Outcome.NO_ACTION))
    view = await our.read(our.coordinator)
    assert (view.frame.state, view.frame.review_on, view.case_lead_id) == ("CLOSED", None, None)
    assert len(view.actions) == 1
    assert await rows(our.coordinator, "kept_decision") == []


async def test_a_decision_does_not_end_a_restriction(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.decide(our.decision())
    await pause(our.coordinator, our.case_id, "RESTRICTED")
    harness.clock.advance(days=1)
    await our.decide(our.decision())
    assert await our.state() == "RESTRICTED"
    (kept,) = await rows(our.coordinator, "kept_decision")
    assert (kept.state, kept.outcome) == ("RESTRICTED", "follow_up")


async def test_news_of_another_cell_does_not_reach_the_case(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    other: Story = await story(harness)
    decision = our.decision()
    with pytest.raises(CaseNotFound):
        await other.decide(decision)
    assert await our.state() == "LISTED"


async def test_only_the_services_own_consumer_applies_it(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    decision = our.decision()
    with pytest.raises(RoleMissing):
        await our.mayor.run(apply_decision, decision)
    with pytest.raises(CellNotFound):
        await harness.executor.run(system("meeting.consumer", our.cell.cell_id), apply_decision, decision)
    await our.decide(decision)


def test_the_messages_are_read_whole() -> None:
    decided = meeting_pb.DecisionRecorded(
        decision_id=str(new_id()), session_id=str(new_id()), case_id=str(new_id()), outcome="follow_up",
        case_lead_id=str(new_id()), review_on="2027-01-31",
        actions=[
            meeting_pb.DecidedAction(
                action_id=str(new_id()), life_domain="leisure", owner_id=str(new_id()), due_on="2026-12-24"
            )
        ],
    )  # fmt: skip
    moment = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)
    decided.decided_at.FromDatetime(moment)
    command = SUBSCRIPTIONS["decision.recorded"].to_command(kit_pb2.Envelope(payload=decided.SerializeToString()))
    assert (str(command.decision_id), str(command.case_id)) == (decided.decision_id, decided.case_id)
    assert (command.outcome, command.decided_at) == (Outcome.FOLLOW_UP, moment)
    assert (str(command.case_lead_id), str(command.review_on)) == (decided.case_lead_id, "2027-01-31")
    assert [(action.life_domain, str(action.due_on)) for action in command.actions] == [("leisure", "2026-12-24")]
    planned = meeting_pb.SessionPlanned(session_id=str(new_id()), case_ids=[decided.case_id], version=7)
    planned.starts_at.FromDatetime(moment)
    schedule = SUBSCRIPTIONS["session.planned"].to_command(kit_pb2.Envelope(payload=planned.SerializeToString()))
    assert (schedule.version, schedule.starts_at) == (7, moment)
    assert [str(case_id) for case_id in schedule.case_ids] == [decided.case_id]


@pytest.mark.parametrize(
    ("field", "value"), [("outcome", "arrest"), ("case_id", "x"), ("review_on", "soon"), ("case_lead_id", "x")]
)
def test_a_broken_message_is_refused(field: str, value: str) -> None:
    message = meeting_pb.DecisionRecorded(decision_id=str(new_id()), case_id=str(new_id()), outcome="no_action")
    SUBSCRIPTIONS["decision.recorded"].to_command(kit_pb2.Envelope(payload=message.SerializeToString()))
    setattr(message, field, value)
    with pytest.raises(ValueError, match=r"."):
        SUBSCRIPTIONS["decision.recorded"].to_command(kit_pb2.Envelope(payload=message.SerializeToString()))
