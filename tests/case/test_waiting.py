"""What waits for whom: each kind, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from services.case.commands.apply_decision import Outcome
from services.case.commands.enter_signal import enter_signal
from services.case.commands.note_information import NoteInformation, note_information
from services.case.commands.refuse_case import refuse_case
from services.case.commands.schedule_cases import ScheduleCases, schedule_cases
from services.case.model import Part
from services.case.queries.list_waiting import Waiting
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import as_actor, hold, records_of
from tests.case.story import SIGNAL, story, story_in
from tests.case.waiting import kinds, of_kind, of_the_cell, seen
from tests.harness import Harness


async def test_a_signal_waits_for_the_coordinator_of_its_town(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    signal = await our.enter()
    (one,) = (await seen(our.coordinator)).waiting
    assert one == Waiting(
        "signal_received", None, "", signal.id, None, "24001", True, False, harness.clock(), None, None, "",
        our.reporter.person_id,
    )  # fmt: skip
    assert await of_the_cell(theirs) == {}
    assert await of_the_cell(our) == {our.coordinator.person_id: ["signal_received"]}
    await our.propose()
    assert await kinds(our.coordinator) == []


async def test_a_proposal_waits_for_the_mayor(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    await our.propose()
    delegate = await cell.person(Role.MAYOR_DELEGATE, nis_codes=("24001",))
    for reader in (our.mayor, delegate):
        (one,) = (await seen(reader)).waiting
        assert (one.kind, one.case_id, one.case_code, one.nis_code, one.minor, one.since) == (
            "case_proposed", our.case_id, "AR-26-001", "24001", True, harness.clock(),
        )  # fmt: skip
    assert await of_the_cell(our) == {our.mayor.person_id: ["case_proposed"]}
    assert await of_the_cell(theirs) == {}
    await our.mayor.run(refuse_case, our.refusal())
    assert await of_the_cell(our) == {}


async def test_a_listed_case_waits_for_its_circle_and_session(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    listed_at = harness.clock()
    harness.clock.advance(days=1)
    assert await of_the_cell(our) == {our.coordinator.person_id: ["case_listed"]}
    (one,) = await of_kind(our.coordinator, "case_listed")
    assert (one.case_id, one.since) == (our.case_id, listed_at)
    await our.invite(Part.IDENTITY)
    assert await of_the_cell(our) == {our.coordinator.person_id: ["session_wanted"]}
    await our.plan(days=7)
    assert await kinds(our.coordinator) == []


async def test_a_session_asks_those_invited_and_the_other_seats_for_a_contribution(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, helper = await our.invite(Part.CONTENT), await our.invite(Part.IDENTITY)
    await our.plan(days=9)
    await our.plan(days=2)
    await our.plan(days=-1)
    wanted = ["contribution_wanted"]
    asked = (our.police, our.prevention, teacher)
    assert await of_the_cell(our, teacher, helper) == {question.person_id: wanted for question in asked}
    (one,) = await of_kind(teacher, "contribution_wanted")
    assert (one.case_id, one.session_at, one.since) == (
        our.case_id, harness.clock() + timedelta(days=2), harness.clock(),
    )  # fmt: skip


async def test_who_wrote_shared_or_declined_is_asked_no_more_until_the_next_round(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    writer, sharer, decliner = [await our.invite(last_day_in=300) for _ in range(3)]
    await our.plan(days=1)
    everybody = (writer, sharer, decliner, our.police)
    assert [await kinds(person) for person in everybody] == [["contribution_wanted"]] * 4
    written = await our.write(writer)
    await our.share(sharer)
    await our.decline(decliner)
    assert [await kinds(person) for person in everybody] == [["contribution_private"], [], [], ["contribution_wanted"]]
    harness.clock.advance(days=2)
    await our.decide(our.decision(actions=()))
    assert [await kinds(person) for person in everybody] == [["contribution_private"], [], [], []]
    await our.plan(days=30)
    wanted = ["contribution_wanted"]
    assert [await kinds(person) for person in everybody] == [["contribution_private"], wanted, wanted, wanted]
    (draft,) = (await seen(writer)).waiting
    assert (draft.contribution_id, draft.case_id) == (written.id, our.case_id)
    assert draft.since == harness.clock() - timedelta(days=2)


async def test_a_draft_waits_for_its_author_alone(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, carer = await our.invite(), await our.invite()
    assessed = await our.assess(teacher, await our.write(teacher))
    assert await of_the_cell(our, teacher, carer) == {
        our.coordinator.person_id: ["session_wanted"], teacher.person_id: ["contribution_private"],
        carer.person_id: ["contribution_wanted"],
    }  # fmt: skip
    (one,) = (await seen(teacher)).waiting
    assert one.contribution_id == assessed.id
    await our.decide(our.decision(Outcome.NO_ACTION))
    assert await kinds(teacher) == []


async def test_an_action_waits_for_its_owner(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.decide(our.decision())
    assert await of_the_cell(our) == {our.prevention.person_id: ["action_due"]}
    (one,) = (await seen(our.prevention)).waiting
    assert (one.case_id, one.life_domain, one.due_on) == (our.case_id, "leisure", our.today + timedelta(days=14))
    async with as_actor(our.prevention) as session:
        mine = (await session.execute(text("SELECT count(*) FROM case_action"))).scalar_one()
    assert mine == 1


async def test_a_review_waits_from_a_fortnight_before_its_date(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    review_on = our.today + timedelta(days=90)
    our.version = await our.present_version()
    await our.coordinator.run(note_information, NoteInformation(our.case_id, our.version, "informed", our.today, None))
    await our.decide(our.decision(actions=()))
    harness.clock.advance(days=75)
    assert await of_the_cell(our) == {}
    harness.clock.advance(days=1)
    waiting = {our.coordinator.person_id: ["review_due"], our.mayor.person_id: ["review_due"]}
    assert await of_the_cell(our) == waiting
    (one,) = (await seen(our.mayor)).waiting
    assert (one.case_id, one.due_on) == (our.case_id, review_on)
    harness.clock.advance(days=60)
    assert await of_the_cell(our) == waiting
    # The session to come is where the table looks again.
    await our.plan(days=2)
    assert await of_kind(our.coordinator, "review_due") == await of_kind(our.mayor, "review_due") == []


async def test_the_urgent_first_then_by_time(harness: Harness) -> None:
    our = await story(harness)
    calm = await our.enter()
    harness.clock.advance(hours=1)
    urgent = await our.reporter.run(enter_signal, replace(SIGNAL, urgent=True))
    harness.clock.advance(hours=1)
    later = await our.reporter.run(enter_signal, SIGNAL)
    assert [item.signal_id for item in (await seen(our.coordinator)).waiting] == [urgent.id, calm.id, later.id]
    assert [item.urgent for item in (await seen(our.coordinator)).waiting] == [True, False, False]


async def test_sessions_and_due_dates_stand_in_one_order(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.decide(our.decision())
    of_the_action = our.case_id
    await our.enter()
    await our.list()
    await our.plan(days=20)
    of_the_session = our.case_id
    await our.enter()
    await our.list()
    await our.plan(days=3)
    assert [item.case_id for item in (await seen(our.prevention)).waiting] == [
        our.case_id, of_the_action, of_the_session,
    ]  # fmt: skip


async def test_fifty_at_most_and_each_is_named_in_the_record(harness: Harness) -> None:
    our = await story(harness)
    for _ in range(51):
        await our.enter()
    view = await seen(our.coordinator)
    assert len(view.waiting) == 50
    (record,) = await records_of(our.coordinator, "list_waiting")
    assert set(record.object_ids) == {str(item.signal_id) for item in view.waiting}
    assert (record.verb, record.count, list(record.fields)) == ("consult", 50, ["frame"])


async def test_cases_of_mine_are_those_that_run(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite(last_day_in=300)
    people = (our.coordinator, our.mayor, our.police, teacher, our.reporter)

    async def counted() -> list[int]:
        return [(await seen(person)).cases_of_mine for person in people]

    assert await counted() == [1, 1, 1, 1, 0]
    first = our.case_id
    await our.enter()
    await our.propose()
    assert await counted() == [2, 2, 1, 1, 0]
    await our.mayor.run(refuse_case, our.refusal())
    assert await counted() == [1, 1, 1, 1, 0]
    await hold(our.coordinator, first)
    assert await counted() == [1, 1, 1, 1, 0]
    our.case_id = first
    async with as_actor(our.coordinator) as session:
        back = "UPDATE case_frame SET state = paused_from, paused_from = NULL WHERE case_id = :case"
        await session.execute(text(back), {"case": first})
    await our.decide(our.decision(Outcome.NO_ACTION))
    assert await counted() == [0, 0, 0, 0, 0]


async def test_a_session_planned_anew_treats_what_it_treats_now(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    session_id, first = new_id(), our.case_id
    await our.plan(session_id=session_id, days=1)
    await our.enter()
    await our.list()
    assert [item.case_id for item in await of_kind(our.police, "contribution_wanted")] == [first]
    values: dict[str, Any] = {"starts_at": our.now + timedelta(days=5), "case_ids": (our.case_id, new_id())}
    await our.cell.as_system(schedule_cases, ScheduleCases(session_id, 2, **values))
    wanted = {item.case_id: item.session_at for item in await of_kind(our.police, "contribution_wanted")}
    assert wanted == {first: None, our.case_id: our.now + timedelta(days=5)}
