"""Who has a conflict of interest in a case: its point of the agenda is closed, and counts for no seat there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.kit.policy import Role
from services.meeting.commands.open_session import open_session
from services.meeting.commands.record_decision import record_decision
from services.meeting.errors import AgendaItemNotFound, DissentOfAbsent, PersonOutsideCircle, SeatMissing
from services.meeting.model import StatedDissent
from tests.harness import Harness
from tests.meeting.round_table import round_table


async def test_invariant_21_who_is_kept_out_takes_no_seat_at_its_decision(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case()
    other = await cell.person(Role.PREVENTION_OFFICER, nis_codes=(table.town,))
    session = await table.opened(case_id)
    command = await table.no_action(session)
    assert (await table.item(session)).seats_taken
    await table.tell_circle(case_id, 2, kept_out=(table.prevention,))
    assert not (await table.item(session)).seats_taken
    with pytest.raises(SeatMissing) as refused:
        await table.mayor.run(record_decision, command)
    assert refused.value.field == "seats.prevention"
    await table.tell_circle(case_id, 3, kept_out=(other,))
    assert (await table.item(session)).seats_taken, "somebody else, who is not even there"
    assert await table.mayor.run(record_decision, command)


async def test_invariant_21_a_mayor_who_is_kept_out_finds_no_point_to_decide_on(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    delegate = await cell.person(Role.MAYOR_DELEGATE, nis_codes=(table.town,))
    case_id, open_to_all = await table.case(), await table.case()
    planned = await table.planned(case_id, open_to_all)
    session = await table.mayor.run(open_session, table.opening(planned, delegate.person_id))
    command = await table.no_action(session)
    await table.tell_circle(case_id, 2, kept_out=(table.mayor,))
    with pytest.raises(AgendaItemNotFound):
        await table.mayor.run(record_decision, command)
    closed, other = (await table.read(table.mayor, session)).items
    assert (closed.decision, closed.may, closed.prepared) == (None, (), None)
    assert "record_decision" in other.may
    assert await delegate.run(record_decision, command)
    assert (await table.read(table.mayor, session)).items[0].decision is None
    assert (await table.read(delegate, session)).items[0].decision is not None


async def test_who_is_kept_out_has_no_dissent_and_no_part_in_the_plan(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case("SCHEDULED", table.partner)
    other = await cell.person(Role.PREVENTION_OFFICER, nis_codes=(table.town,))
    session = await table.mayor.run(open_session, table.opening(await table.planned(case_id), other.person_id))
    dissent = StatedDissent(table.prevention.person_id, "Ik zie het anders.")
    command = await table.follow_up(session)
    await table.tell_circle(case_id, 2, (table.partner,), kept_out=(table.prevention,))
    with pytest.raises(PersonOutsideCircle):
        await table.mayor.run(record_decision, command)
    owned = replace(command.actions[0], owner_id=other.person_id)
    command = replace(command, actions=(owned,), case_lead_id=other.person_id)
    with pytest.raises(DissentOfAbsent):
        await table.mayor.run(record_decision, replace(command, dissents=(dissent,)))
    assert await table.mayor.run(record_decision, command)


async def test_a_newer_circle_without_it_lets_in_again(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    session = await table.opened(case_id)
    for version, kept_out, offered in ((2, (table.mayor,), False), (3, (), True), (2, (table.mayor,), True)):
        await table.tell_circle(case_id, version, kept_out=kept_out)
        (point,) = (await table.read(table.mayor, session)).items
        assert ("record_decision" in point.may) == offered, version
