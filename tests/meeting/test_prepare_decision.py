"""Preparing what the chair may decide on a point."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.meeting.commands.open_session import open_session
from services.meeting.commands.prepare_decision import PrepareDecision, prepare_decision
from services.meeting.commands.record_decision import RecordDecision, record_decision
from services.meeting.commands.undo_opening import UndoOpening, undo_opening
from services.meeting.errors import (
    AgendaItemNotFound,
    CaseNotForDecision,
    ItemDecided,
    NotOfYourTown,
    SessionNotFound,
    SessionStateForbids,
)
from services.meeting.model import StatedDissent
from services.meeting.prepared import PreparedView
from tests.harness import Harness, Person
from tests.meeting.round_table import RoundTable, joint_session, recorded, round_table, session_of, told


def preparing(decision: RecordDecision, version: int = 0, **changes: Any) -> PrepareDecision:
    """The same, prepared; `version` is that of what is prepared already."""
    said = {field.name: getattr(decision, field.name) for field in fields(decision)}
    return PrepareDecision(**(said | {"expected_version": version} | changes))


async def prepared(table: RoundTable, reader: Person, session: Receipt) -> PreparedView | None:
    """What somebody reads of it on the first point."""
    return (await table.read(reader, session)).items[0].prepared


async def test_what_is_prepared_is_read_by_who_decides_and_by_who_prepares(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case("SCHEDULED", table.partner)
    session = await table.opened(case_id)
    dissent = StatedDissent(table.partner.person_id, "Ik vind het te vroeg.")
    decision = await table.follow_up(session, dissents=(dissent,))
    receipt = await table.coordinator.run(prepare_decision, preparing(decision))
    assert (receipt.id, receipt.state, receipt.version) == (decision.agenda_item_id, "PREPARED", 1)
    for reader in (table.mayor, table.coordinator):
        view = await prepared(table, reader, session)
        assert view
        assert (view.outcome, view.reasons, view.dissents) == ("follow_up", decision.reasons, (dissent,))
        assert (view.actions, view.case_lead_id) == (decision.actions, decision.case_lead_id)
        assert (view.review_on, view.prepared_by, view.version) == (
            decision.review_on, table.coordinator.person_id, 1,
        )  # fmt: skip
    for reader in (table.police, table.prevention, table.partner):
        assert (await table.read(reader, session)).items[0].case_id == case_id
        assert await prepared(table, reader, session) is None
    record = next(record for record in await recorded(harness, cell) if record.action == "prepare_decision")
    assert (record.outcome, list(record.object_ids)) == ("allow", [str(case_id)])


async def test_invariant_18_what_is_told_of_it_carries_no_content(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case()
    session = await table.opened(case_id)
    dissent = StatedDissent(table.police.person_id, "CANARY-DISSENT")
    decision = await table.follow_up(session, reasons="CANARY-REASONS", dissents=(dissent,))
    await table.coordinator.run(prepare_decision, preparing(decision))
    (payload,) = [payload for kind, payload in await told(harness, cell) if kind == "decision.prepared"]
    assert b"CANARY" not in payload
    message = pb.DecisionPrepared.FromString(payload)
    assert (message.session_id, message.case_id, message.version) == (str(session.id), str(case_id), 1)
    assert str(table.police.person_id) not in str(message)
    (row,) = await harness.database.unwalled("SELECT text FROM prepared_decision WHERE tenant_id = $1", cell.cell_id)
    assert b"CANARY" not in row["text"]


async def test_a_newer_text_takes_the_place_of_the_one_that_was_seen(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    session = await table.opened(await table.case())
    first = preparing(await table.no_action(session))
    await table.coordinator.run(prepare_decision, first)
    for seen in (0, 2):
        with pytest.raises(VersionChanged):
            await table.coordinator.run(prepare_decision, replace(first, expected_version=seen))
    newer = replace(first, expected_version=1, reasons="Nog eens nagelezen.")
    assert (await table.coordinator.run(prepare_decision, newer)).version == 2
    view = await prepared(table, table.mayor, session)
    assert view
    assert (view.reasons, view.version) == ("Nog eens nagelezen.", 2)


async def test_it_may_lack_what_a_decision_needs(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    session = await table.opened(await table.case())
    whole = preparing(await table.follow_up(session))
    bare = replace(whole, actions=(), case_lead_id=None, review_on=None)
    await table.coordinator.run(prepare_decision, bare)
    view = await prepared(table, table.mayor, session)
    assert view
    assert (view.actions, view.case_lead_id, view.review_on) == ((), None, None)


async def test_once_it_is_decided_it_is_gone(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    session = await table.opened(await table.case())
    decision = await table.no_action(session)
    await table.coordinator.run(prepare_decision, preparing(decision))
    await table.mayor.run(record_decision, decision)
    assert await prepared(table, table.mayor, session) is None
    (row,) = await harness.database.unwalled("SELECT text FROM prepared_decision WHERE tenant_id = $1", cell.cell_id)
    assert row["text"] == b""
    for version in (0, 1):
        with pytest.raises((ItemDecided, VersionChanged)):
            await table.coordinator.run(prepare_decision, preparing(decision, version))


async def test_the_minute_taker_of_the_town_prepares_when_in_the_circle(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    table = await round_table(cell, "24001")
    minute_taker = await cell.person(Role.MINUTE_TAKER, nis_codes=("24001",))
    elsewhere = await cell.person(Role.MINUTE_TAKER, nis_codes=("24002",))
    outside = await cell.person(Role.MINUTE_TAKER, nis_codes=("24001",))
    session = await table.opened(await table.case("SCHEDULED", minute_taker, elsewhere))
    command = preparing(await table.no_action(session))
    with pytest.raises(NotOfYourTown):
        await elsewhere.run(prepare_decision, command)
    with pytest.raises(AgendaItemNotFound):
        await outside.run(prepare_decision, command)
    assert await minute_taker.run(prepare_decision, command)
    assert await prepared(table, minute_taker, session)
    assert await prepared(table, elsewhere, session) is None


async def test_nobody_else_prepares(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case("SCHEDULED", table.partner)
    command = preparing(await table.no_action(await table.opened(case_id)))
    for other in (table.mayor, table.police, table.prevention, table.partner):
        with pytest.raises(RoleMissing):
            await other.run(prepare_decision, command)
    await table.tell_circle(case_id, 2, parts=("frame", "identity", "proposal"))
    with pytest.raises(AgendaItemNotFound):
        await table.coordinator.run(prepare_decision, command)
    await table.tell_circle(case_id, 3)
    assert await table.coordinator.run(prepare_decision, command)


async def test_only_in_an_open_session_for_a_case_that_is_to_be_decided(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    planned = await table.planned(case_id)
    with pytest.raises(SessionStateForbids):
        await table.coordinator.run(prepare_decision, preparing(await table.no_action(planned)))
    session = await table.mayor.run(open_session, table.opening(planned))
    command = preparing(await table.no_action(session))
    await table.tell_state(case_id, "RESTRICTED", 2)
    with pytest.raises(CaseNotForDecision):
        await table.coordinator.run(prepare_decision, command)
    await table.tell_state(case_id, "SCHEDULED", 3)
    assert await table.coordinator.run(prepare_decision, command)
    await table.mayor.run(undo_opening, UndoOpening(session.id, session.version))
    assert await prepared(table, table.coordinator, session) is None, "nothing is prepared in a session that is planned"


async def test_invariant_17_a_session_elsewhere_is_like_none(harness: Harness) -> None:
    table, town_b, decision = await joint_session(harness)
    stranger = await round_table(await harness.cell())
    command = preparing(decision)
    with pytest.raises(AgendaItemNotFound):
        await town_b.coordinator.run(prepare_decision, command)
    for bad in (command, replace(command, session_id=uuid4())):
        with pytest.raises(SessionNotFound):
            await stranger.coordinator.run(prepare_decision, bad)
    with pytest.raises(CellNotFound):
        await stranger.coordinator.elsewhere(table.cell).run(prepare_decision, command)
    assert await table.coordinator.run(prepare_decision, command)
    assert await prepared(table, town_b.mayor, session_of(decision)) is None


async def test_invariant_15_an_ended_mandate_prepares_nothing(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    command = preparing(await table.no_action(await table.opened(await table.case())))
    await table.coordinator.mandate(Role.COORDINATOR, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(CellNotFound):
        await table.coordinator.run(prepare_decision, command)
    await table.coordinator.mandate(Role.COORDINATOR, ends_at=harness.clock() + timedelta(days=9), fact_version=3)
    assert await table.coordinator.run(prepare_decision, command)
