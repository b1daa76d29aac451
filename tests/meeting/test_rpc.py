"""The gRPC door: what it refuses before any handler, and what it says on the wire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import Invalid
from services.kit.execute import HandlerOf
from services.kit.fields import to_timestamp
from services.meeting.rpc import SERVED
from tests.doors import NOBODY, Doors
from tests.harness import Harness, Person
from tests.meeting.round_table import round_table

Command = TypeVar("Command")
Result = TypeVar("Result")

START = datetime(2026, 12, 1, 13, tzinfo=UTC)


class PersonDoor:
    """The real executor behind the door; the person stands in for the token."""

    def __init__(self, person: Person) -> None:
        self.person = person

    async def run(self, context: object, handler: HandlerOf[Command, Result], command: Command) -> Result:
        return await self.person.run(handler, command)


def servicer(person: Person) -> Doors:
    """The methods as this person reaches them."""
    return Doors(PersonDoor(person), SERVED)


def planning(*case_ids: str) -> pb.PlanSessionRequest:
    """A session of two hours; half an hour for each case."""
    items = []
    for number, case_id in enumerate(case_ids):
        start = START + number * timedelta(minutes=30)
        end = start + timedelta(minutes=30)
        items.append(pb.PlannedItem(case_id=case_id, starts_at=to_timestamp(start), ends_at=to_timestamp(end)))
    ends_at = to_timestamp(START + timedelta(hours=2))
    return pb.PlanSessionRequest(starts_at=to_timestamp(START), ends_at=ends_at, items=items, place="online")


def decision(**changes: Any) -> pb.RecordDecisionRequest:
    """A decision whose fields have the right form."""
    values: dict[str, Any] = {
        "session_id": str(uuid4()), "expected_version": 2, "agenda_item_id": str(uuid4()), "outcome": "no_action",
        "reasons": "De zorgen zijn weg.",
    }  # fmt: skip
    return pb.RecordDecisionRequest(**(values | changes))


async def test_a_session_from_plan_to_decision(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    first, second = await table.case("LISTED", table.partner), await table.case()
    planned = await servicer(table.coordinator).PlanSession(planning(str(first), str(second)), NOBODY)
    present = [str(person_id) for person_id in table.present]
    opening = pb.OpenSessionRequest(
        session_id=planned.id, expected_version=planned.version, present_person_ids=present, secrecy_declared=True
    )
    opened = await servicer(table.mayor).OpenSession(opening, NOBODY)
    session = await servicer(table.mayor).ReadSession(pb.ReadSessionRequest(session_id=planned.id), NOBODY)
    action = pb.PlannedAction(life_domain="leisure", owner_id=present[2], due_on="2027-01-04", what="Belt hem.")
    request = decision(
        session_id=planned.id, expected_version=opened.version, agenda_item_id=session.items[0].agenda_item_id,
        outcome="follow_up", actions=[action], case_lead_id=present[2], review_on="2027-03-01",
        dissents=[pb.Dissent(person_id=present[1], text="Te vroeg.")],
    )  # fmt: skip
    decided = await servicer(table.mayor).RecordDecision(request, NOBODY)
    assert (decided.id, decided.state, decided.version) == (planned.id, "OPEN", 3)
    seen = await servicer(table.partner).ReadSession(pb.ReadSessionRequest(session_id=planned.id), NOBODY)
    assert (seen.session_id, seen.state, seen.place, seen.version) == (planned.id, "OPEN", "online", 3)
    open_point, closed_point = seen.items
    assert (open_point.case_id, open_point.case_code, open_point.closed_point) == (str(first), "24001-26-0001", False)
    assert (open_point.nis_code, closed_point.nis_code) == ("24001", "")
    assert (open_point.decision.reasons, open_point.decision.dissents[0].text) == (request.reasons, "Te vroeg.")
    assert (closed_point.case_id, closed_point.case_code, closed_point.closed_point) == ("", "", True)
    assert not closed_point.HasField("decision")
    assert {attendance.seat for attendance in seen.attendance} == {
        "mayor",
        "police",
        "prevention",
        "coordinator",
        "participant",
    }


async def test_a_list_is_told_without_items(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    ids = {(await servicer(table.coordinator).PlanSession(planning(str(case_id)), NOBODY)).id for _ in range(2)}
    first = await servicer(table.mayor).ListSessions(pb.ListSessionsRequest(page_size=1), NOBODY)
    second = await servicer(table.mayor).ListSessions(
        pb.ListSessionsRequest(page_size=1, cursor=first.next_cursor), NOBODY
    )
    assert {first.sessions[0].session_id, second.sessions[0].session_id} == ids
    assert second.next_cursor == ""
    assert not first.sessions[0].items


def spoiled(change: Callable[[pb.PlanSessionRequest], object]) -> pb.PlanSessionRequest:
    """A good planning with one thing wrong."""
    request = planning(str(uuid4()))
    change(request)
    return request


PLANS = {
    "starts_at": lambda plan: plan.ClearField("starts_at"),
    "ends_at": lambda plan: plan.ends_at.CopyFrom(Timestamp(seconds=-3 * 10**9)),
    "place": lambda plan: setattr(plan, "place", "cellar"),
    "items": lambda plan: plan.ClearField("items"),
    "items[0].case_id": lambda plan: setattr(plan.items[0], "case_id", "24001-26-0001"),
    "items[0].starts_at": lambda plan: plan.items[0].ClearField("starts_at"),
    "items[0].ends_at": lambda plan: plan.items[0].ends_at.CopyFrom(Timestamp(seconds=10**15)),
}


@pytest.mark.parametrize("field", PLANS)
async def test_a_malformed_plan_names_its_field(harness: Harness, field: str) -> None:
    person = Person(await harness.cell(), uuid4())
    with pytest.raises(Invalid) as refused:
        await servicer(person).PlanSession(spoiled(PLANS[field]), NOBODY)
    assert refused.value.field == field
    assert refused.value.expected


DECISIONS: dict[str, dict[str, Any]] = {
    "session_id": {"session_id": ""},
    "agenda_item_id": {"agenda_item_id": "1"},
    "outcome": {"outcome": "closed"},
    "reasons": {"reasons": " "},
    "case_lead_id": {"case_lead_id": "An"},
    "review_on": {"review_on": "1899-12-31"},
    "dissents": {"dissents": [pb.Dissent()] * 51},
    "dissents[0].person_id": {"dissents": [pb.Dissent(text="Te vroeg.")]},
    "dissents[0].text": {"dissents": [pb.Dissent(person_id=str(uuid4()), text="x" * 2_001)]},
    "actions": {"actions": [pb.PlannedAction()] * 51},
    "actions[0].life_domain": {"actions": [pb.PlannedAction(life_domain="religion")]},
    "actions[0].owner_id": {"actions": [pb.PlannedAction(life_domain="leisure")]},
    "actions[0].due_on": {
        "actions": [pb.PlannedAction(life_domain="leisure", owner_id=str(uuid4()), due_on="2026-02-30")]
    },
}


@pytest.mark.parametrize("field", DECISIONS)
async def test_a_malformed_decision_names_its_field(harness: Harness, field: str) -> None:
    person = Person(await harness.cell(), uuid4())
    with pytest.raises(Invalid) as refused:
        await servicer(person).RecordDecision(decision(**DECISIONS[field]), NOBODY)
    assert refused.value.field == field
    assert refused.value.expected


OPENINGS: dict[str, dict[str, Any]] = {
    "session_id": {"session_id": "1"},
    "present_person_ids": {"present_person_ids": []},
    "present_person_ids[1]": {"present_person_ids": [str(uuid4()), "An"]},
}


@pytest.mark.parametrize("field", OPENINGS)
async def test_a_malformed_opening_names_its_field(harness: Harness, field: str) -> None:
    person = Person(await harness.cell(), uuid4())
    values: dict[str, Any] = {"session_id": str(uuid4()), "present_person_ids": [str(uuid4())]}
    with pytest.raises(Invalid) as refused:
        await servicer(person).OpenSession(pb.OpenSessionRequest(**(values | OPENINGS[field])), NOBODY)
    assert refused.value.field == field


async def test_lists_and_reads_are_checked(harness: Harness) -> None:
    adapter = servicer(Person(await harness.cell(), uuid4()))
    for size in (-1, 51):
        with pytest.raises(Invalid) as refused:
            await adapter.ListSessions(pb.ListSessionsRequest(page_size=size), NOBODY)
        assert refused.value.field == "page_size"
    with pytest.raises(Invalid):
        await adapter.ListSessions(pb.ListSessionsRequest(cursor="1"), NOBODY)
    with pytest.raises(Invalid):
        await adapter.ReadSession(pb.ReadSessionRequest(session_id="1"), NOBODY)
