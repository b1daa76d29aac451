"""Deciding on a point of the agenda."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.policy import Role
from services.meeting.commands.open_session import open_session
from services.meeting.commands.record_decision import record_decision
from services.meeting.errors import (
    AgendaItemNotFound,
    CaseNotForDecision,
    ClearanceExpired,
    DissentOfAbsent,
    DissentTwice,
    ItemDecided,
    NotOfYourTown,
    SeatMissing,
    SessionNotFound,
    SessionStateForbids,
)
from services.meeting.model import StatedDissent
from tests.harness import Harness
from tests.meeting.round_table import joint_session, recorded, round_table, session_of, told, told_as


async def test_the_chair_decides_to_follow_up(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case("SCHEDULED", table.partner)
    session = await table.opened(case_id)
    dissent = StatedDissent(table.partner.person_id, "Ik vind het te vroeg.")
    command = await table.follow_up(session, dissents=(dissent,))
    receipt = await table.mayor.run(record_decision, command)
    assert (receipt.id, receipt.state, receipt.version) == (session.id, "OPEN", 3)
    decision = (await table.item(session)).decision
    assert decision is not None
    assert (decision.outcome, decision.reasons, decision.decided_by) == (
        "follow_up", command.reasons, table.mayor.person_id,
    )  # fmt: skip
    assert [(dissent.person_id, dissent.text) for dissent in decision.dissents] == [(dissent.person_id, dissent.text)]
    (action,), (agreed,) = decision.actions, command.actions
    assert (action.what, action.life_domain, action.owner_id, action.due_on) == (
        "Neemt hem mee naar het atelier.", "leisure", agreed.owner_id, agreed.due_on,
    )  # fmt: skip
    record = next(record for record in await recorded(harness, cell) if record.action == "record_decision")
    assert (record.verb, record.outcome, list(record.object_ids)) == ("decide", "allow", [str(case_id)])


async def test_a_delegate_decides_that_nothing_is_done(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    session = await table.opened(await table.case())
    delegate = await cell.person(Role.MAYOR_DELEGATE)
    assert await delegate.run(record_decision, await table.no_action(session))
    (payload,) = await told_as(harness, cell, "decision.recorded")
    message = pb.DecisionRecorded.FromString(payload)
    assert (message.outcome, message.case_lead_id, message.review_on) == ("no_action", "", "")
    assert not message.actions


async def test_invariant_18_what_is_told_carries_no_content_and_no_names(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case("SCHEDULED", table.partner)
    session = await table.opened(case_id)
    dissent = StatedDissent(table.partner.person_id, "CANARY-DISSENT")
    command = await table.follow_up(session, reasons="CANARY-REASONS", dissents=(dissent,))
    command = replace(command, actions=(replace(command.actions[0], what="CANARY-WHAT"),))
    await table.mayor.run(record_decision, command)
    events = await told(harness, cell)
    assert {kind for kind, _ in events} == {
        "session.planned",
        "session.notice_asked",
        "session.opened",
        "decision.recorded",
    }
    assert not any(b"CANARY" in payload for _, payload in events)
    message = pb.DecisionRecorded.FromString(dict(events)["decision.recorded"])
    (action,) = message.actions
    assert (message.case_id, message.case_lead_id) == (str(case_id), str(command.case_lead_id))
    assert (action.life_domain, action.owner_id) == ("leisure", str(command.case_lead_id))
    assert UUID(action.action_id).version == 7
    decision = (await table.item(session)).decision
    assert decision
    assert [(str(told.action_id), told.what) for told in decision.actions] == [(action.action_id, "CANARY-WHAT")]
    assert str(dissent.person_id) not in str(message)


async def test_only_the_chair_decides(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    session = await table.opened(await table.case())
    command = await table.no_action(session)
    for other in (table.coordinator, table.police, table.prevention, table.partner):
        with pytest.raises(RoleMissing):
            await other.run(record_decision, command)
    assert await table.mayor.run(record_decision, command)


async def test_the_mayor_of_another_town_finds_no_item(harness: Harness) -> None:
    table, town_b, command = await joint_session(harness)
    with pytest.raises(AgendaItemNotFound):
        await town_b.mayor.run(record_decision, command)
    with pytest.raises(AgendaItemNotFound):
        await town_b.mayor.run(record_decision, replace(command, agenda_item_id=uuid4()))
    assert await table.mayor.run(record_decision, command)


async def test_a_mayor_invited_by_another_town_does_not_decide_there(harness: Harness) -> None:
    table, town_b, command = await joint_session(harness)
    view = await table.read(table.coordinator, session_of(command))
    case_id = view.items[0].case_id
    assert case_id
    await table.tell_circle(case_id, 2, (town_b.mayor,))
    with pytest.raises(NotOfYourTown):
        await town_b.mayor.run(record_decision, command)
    assert await table.mayor.run(record_decision, command)


@pytest.mark.parametrize("parts", [(), ("frame",), ("frame", "identity", "proposal")])
async def test_invariant_04_outside_the_circle_the_chair_finds_no_item(
    harness: Harness, parts: tuple[str, ...]
) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    command = await table.no_action(await table.opened(case_id))
    await table.tell_circle(case_id, 2, parts=parts, seats=("mayor", "coordinator") if parts else ())
    with pytest.raises(AgendaItemNotFound):
        await table.mayor.run(record_decision, command)
    await table.tell_circle(case_id, 3)
    assert await table.mayor.run(record_decision, command)


async def test_decisions_are_taken_in_an_open_session_once(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    planned = await table.planned(await table.case())
    with pytest.raises(SessionStateForbids) as refused:
        await table.mayor.run(record_decision, await table.no_action(planned))
    assert refused.value.expected == "OPEN"
    session = await table.mayor.run(open_session, table.opening(planned))
    command = await table.no_action(session)
    with pytest.raises(VersionChanged):
        await table.mayor.run(record_decision, replace(command, expected_version=1))
    receipt = await table.mayor.run(record_decision, command)
    with pytest.raises(VersionChanged):
        await table.mayor.run(record_decision, command)
    with pytest.raises(ItemDecided):
        await table.mayor.run(record_decision, replace(command, expected_version=receipt.version))


async def test_of_two_at_once_one_decides(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = await table.no_action(await table.opened(await table.case()))
    delegate = await table.cell.person(Role.MAYOR_DELEGATE)
    results = await asyncio.gather(
        table.mayor.run(record_decision, command), delegate.run(record_decision, command), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Receipt", "VersionChanged"]


@pytest.mark.parametrize("state", ["ON_HOLD", "RESTRICTED", "CLOSED", "CLOSED_NO_ACTION", "ERASED"])
async def test_a_case_that_left_the_list_is_not_decided_on(harness: Harness, state: str) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    command = await table.no_action(await table.opened(case_id))
    await table.tell_state(case_id, state, 2)
    with pytest.raises(CaseNotForDecision):
        await table.mayor.run(record_decision, command)
    await table.tell_state(case_id, "DISCUSSED", 3)
    assert await table.mayor.run(record_decision, command)


async def test_invariant_03_the_seats_are_taken_while_it_is_decided(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell, clearance_ends_at=harness.clock() + timedelta(hours=2))
    command = await table.no_action(await table.opened(await table.case()))
    await table.prevention.mandate(Role.PREVENTION_OFFICER, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(SeatMissing) as refused:
        await table.mayor.run(record_decision, command)
    assert refused.value.field == "seats.prevention"
    await table.prevention.mandate(Role.PREVENTION_OFFICER, fact_version=3)
    harness.clock.advance(hours=2)
    with pytest.raises(ClearanceExpired):
        await table.mayor.run(record_decision, command)
    harness.clock.advance(hours=-1)
    assert await table.mayor.run(record_decision, command)


async def test_invariant_15_an_ended_mandate_decides_nothing(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = await table.no_action(await table.opened(await table.case()))
    await table.mayor.mandate(Role.MAYOR, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(CellNotFound):
        await table.mayor.run(record_decision, command)
    await table.mayor.mandate(Role.MAYOR, fact_version=3)
    assert await table.mayor.run(record_decision, command)


async def test_an_item_belongs_to_its_session(harness: Harness) -> None:
    """An item of a session that is still planned is not decided through one that is open."""
    table = await round_table(await harness.cell())
    case_id = await table.case()
    command = await table.no_action(await table.opened(case_id))
    elsewhere = (await table.item(await table.planned(case_id))).item.agenda_item_id
    with pytest.raises(AgendaItemNotFound):
        await table.mayor.run(record_decision, replace(command, agenda_item_id=elsewhere))
    assert await table.mayor.run(record_decision, command)


async def test_invariant_17_a_session_elsewhere_is_like_none(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    table, stranger = await round_table(cell), await round_table(neighbour)
    command = await table.no_action(await table.opened(await table.case()))
    own = await stranger.no_action(await stranger.opened(await stranger.case()))
    for bad in (command, replace(command, session_id=uuid4())):
        with pytest.raises(SessionNotFound):
            await stranger.mayor.run(record_decision, bad)
    with pytest.raises(AgendaItemNotFound):
        await stranger.mayor.run(record_decision, replace(own, agenda_item_id=command.agenda_item_id))
    with pytest.raises(CellNotFound):
        await stranger.mayor.elsewhere(cell).run(record_decision, command)
    assert await table.mayor.run(record_decision, command)
    assert await stranger.mayor.run(record_decision, own)


async def test_a_dissent_is_of_somebody_present_and_stated_once(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    absent = await table.cell.person(Role.PARTICIPANT)
    command = await table.no_action(await table.opened(await table.case("LISTED", absent)))
    present = StatedDissent(table.prevention.person_id, "Te vroeg.")
    with pytest.raises(DissentOfAbsent) as refused:
        await table.mayor.run(
            record_decision, replace(command, dissents=(present, StatedDissent(absent.person_id, "Te laat.")))
        )
    assert refused.value.field == "dissents[1].person_id"
    with pytest.raises(DissentTwice):
        await table.mayor.run(record_decision, replace(command, dissents=(present, present)))
    assert await table.mayor.run(record_decision, replace(command, dissents=(present,)))


async def test_the_same_key_decides_once(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    command = await table.no_action(await table.opened(await table.case()))
    first = await table.mayor.run(record_decision, command, idempotency_key="a")
    assert await table.mayor.run(record_decision, command, idempotency_key="a") == first
    assert [kind for kind, _ in await told(harness, cell)].count("decision.recorded") == 1
