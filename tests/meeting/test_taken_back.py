"""A session that is cancelled before it is opened, and an opening that is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.policy import Role
from services.meeting.commands.cancel_session import CancelSession, cancel_session
from services.meeting.commands.open_session import open_session
from services.meeting.commands.plan_session import plan_session
from services.meeting.commands.record_decision import record_decision
from services.meeting.commands.undo_opening import UndoOpening, undo_opening
from services.meeting.errors import (
    DecisionsTaken,
    NotOfYourTown,
    OpenedByAnother,
    SessionNotFound,
    SessionStateForbids,
)
from services.meeting.queries.list_sessions import ListSessions, list_sessions
from tests.harness import Harness
from tests.meeting.round_table import recorded, round_table, told_as


async def test_the_coordinator_cancels_a_session_that_was_not_opened(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    cases = [await table.case(), await table.case()]
    session = await table.planned(*cases)
    receipt = await table.coordinator.run(cancel_session, CancelSession(session.id, session.version))
    assert (receipt.state, receipt.version) == ("CANCELLED", 2)
    view = await table.read(table.partner, session)
    assert (view.stage, view.session.cancelled_by, view.session.cancelled_at) == (
        "cancelled", table.coordinator.person_id, harness.clock(),
    )  # fmt: skip
    (payload,) = await told_as(harness, cell, "session.cancelled")
    message = pb.SessionCancelled.FromString(payload)
    assert (message.session_id, message.version) == (str(session.id), 2)
    assert set(message.case_ids) == set(map(str, cases))
    record = next(record for record in await recorded(harness, cell) if record.action == "cancel_session")
    assert set(record.object_ids) >= set(map(str, cases))


async def test_who_else_cancels_nothing(harness: Harness) -> None:
    cell, neighbour = await harness.cell("24001", "24002"), await harness.cell()
    table, town_b = await round_table(cell, "24001"), await round_table(cell, "24002")
    stranger = await round_table(neighbour)
    both = await cell.person(Role.COORDINATOR)
    session = await both.run(plan_session, table.planning(await table.case(), await town_b.case()))
    command = CancelSession(session.id, session.version)
    for other in (table.mayor, table.police, table.prevention, table.partner):
        with pytest.raises(RoleMissing):
            await other.run(cancel_session, command)
    for one_town in (table.coordinator, town_b.coordinator):
        with pytest.raises(NotOfYourTown):
            await one_town.run(cancel_session, command)
    for bad in (command, replace(command, session_id=uuid4())):
        with pytest.raises(SessionNotFound):
            await stranger.coordinator.run(cancel_session, bad)
    with pytest.raises(CellNotFound):
        await stranger.coordinator.elsewhere(cell).run(cancel_session, command)
    with pytest.raises(VersionChanged):
        await both.run(cancel_session, replace(command, expected_version=9))
    assert await both.run(cancel_session, command)


async def test_what_was_opened_or_cancelled_is_not_cancelled(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    opened, planned = await table.opened(case_id), await table.planned(case_id)
    with pytest.raises(SessionStateForbids):
        await table.coordinator.run(cancel_session, CancelSession(opened.id, opened.version))
    gone = await table.coordinator.run(cancel_session, CancelSession(planned.id, planned.version))
    with pytest.raises(SessionStateForbids):
        await table.coordinator.run(cancel_session, CancelSession(gone.id, gone.version))
    with pytest.raises(SessionStateForbids):
        await table.mayor.run(open_session, table.opening(gone))


async def test_an_opening_is_undone_by_who_opened_it(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case()
    session = await table.opened(case_id)
    before = await table.read(table.partner, session)
    assert (before.session.opened_by, before.session.opened_at) == (table.mayor.person_id, harness.clock())
    assert before.attendance
    assert (await table.read(table.mayor, session)).may == ("undo_opening",)
    receipt = await table.mayor.run(undo_opening, UndoOpening(session.id, session.version))
    assert (receipt.state, receipt.version) == ("PLANNED", 3)
    view = await table.read(table.mayor, session)
    assert (view.stage, view.attendance, view.session.opened_by, view.session.opened_at) == ("coming", (), None, None)
    actions = [record.action for record in await recorded(harness, cell)]
    assert actions.index("open_session") < actions.index("undo_opening")
    (payload,) = await told_as(harness, cell, "session.opening_reverted")
    assert pb.OpeningReverted.FromString(payload) == pb.OpeningReverted(session_id=str(session.id), version=3)
    again = await table.mayor.run(open_session, table.opening(receipt))
    assert (again.state, again.version) == ("OPEN", 4)
    listed = await table.mayor.run(list_sessions, ListSessions(5, None))
    assert [line.stage for line in listed.sessions] == ["going_on"]


async def test_who_else_undoes_nothing(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    table, stranger = await round_table(cell), await round_table(neighbour)
    session = await table.opened(await table.case())
    command = UndoOpening(session.id, session.version)
    with pytest.raises(OpenedByAnother):
        await table.coordinator.run(undo_opening, command)
    for other in (table.police, table.prevention, table.partner):
        with pytest.raises(RoleMissing):
            await other.run(undo_opening, command)
    for bad in (command, replace(command, session_id=uuid4())):
        with pytest.raises(SessionNotFound):
            await stranger.mayor.run(undo_opening, bad)
    with pytest.raises(CellNotFound):
        await stranger.mayor.elsewhere(cell).run(undo_opening, command)
    with pytest.raises(VersionChanged):
        await table.mayor.run(undo_opening, replace(command, expected_version=9))
    assert await table.mayor.run(undo_opening, command)


async def test_nothing_is_undone_once_something_was_decided_or_it_is_over(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    first, second = await table.opened(await table.case()), await table.opened(await table.case())
    decided = await table.mayor.run(record_decision, await table.no_action(first))
    with pytest.raises(DecisionsTaken):
        await table.mayor.run(undo_opening, UndoOpening(decided.id, decided.version))
    assert (await table.read(table.mayor, decided)).may == ()
    view = await table.read(table.mayor, second)
    harness.clock.now = view.session.ends_at
    with pytest.raises(SessionStateForbids):
        await table.mayor.run(undo_opening, UndoOpening(second.id, second.version))
    harness.clock.now = view.session.ends_at - timedelta(seconds=1)
    assert await table.mayor.run(undo_opening, UndoOpening(second.id, second.version))


async def test_a_session_that_is_planned_has_no_opening_to_undo(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    session = await table.planned(await table.case())
    with pytest.raises(SessionStateForbids):
        await table.mayor.run(undo_opening, UndoOpening(session.id, session.version))
