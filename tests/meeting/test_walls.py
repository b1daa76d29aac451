"""The walls in the database itself, beside every handler: what the app role may read whatever it asks."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.errors import NotFound
from services.kit.outbox import Receipt
from services.kit.policy import DatabaseRole, Role
from services.kit.principal import Principal, PrincipalKind
from services.meeting.commands.open_session import OpenSession, open_session
from services.meeting.commands.prepare_decision import prepare_decision
from services.meeting.commands.record_decision import record_decision
from services.meeting.commands.undo_opening import UndoOpening, undo_opening
from services.meeting.model import TENANT_TABLES, StatedDissent
from services.meeting.queries.read_session import ReadSession, read_session
from tests.harness import Cell, Harness, Person
from tests.meeting.round_table import RoundTable, joint_session, round_table
from tests.meeting.test_prepare_decision import preparing
from tests.security.statements import statements

READ_BY = {"circle_version": DatabaseRole.HEARING}
"""What only hearing looks at."""
UNTIL_DECIDED = "prepared_decision"
"""What is empty once its point is decided."""
CASE_TABLES = ("agenda_case", "known_case", "decision", "dissent", "agreed_action", UNTIL_DECIDED)


async def count(harness: Harness, cell: Cell, person: Person, table: str) -> int:
    """How many rows of a table a person gets in a cell, without any condition."""
    principal = Principal(PrincipalKind.PERSON, person.person_id, cell.cell_id, acr=2)
    role = READ_BY.get(table, DatabaseRole.APP)
    async with harness.database.transaction(principal, harness.clock(), role=role) as session:
        return int(await session.raw.fetchval(f"SELECT count(*) FROM {table}"))


async def filled(table: RoundTable, name: str = "") -> Receipt:
    """A row in every table of this cell; in the one of what is prepared, when that is meant, before the decision."""
    session = await table.opened(await table.case())
    dissent = StatedDissent(table.prevention.person_id, "Te vroeg.")
    if name == UNTIL_DECIDED:
        return await table.coordinator.run(prepare_decision, preparing(await table.follow_up(session)))
    return await table.mayor.run(record_decision, await table.follow_up(session, dissents=(dissent,)))


@pytest.mark.parametrize("name", sorted(TENANT_TABLES))
async def test_invariant_17_no_statement_reaches_another_cell(harness: Harness, name: str) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    table, stranger = await round_table(cell), await round_table(neighbour)
    await filled(table, name)
    assert await count(harness, cell, table.mayor, name) > 0
    assert await count(harness, neighbour, stranger.mayor, name) == 0


@pytest.mark.parametrize("name", sorted(TENANT_TABLES))
async def test_an_unset_cell_is_an_error(harness: Harness, servers: Servers, name: str) -> None:
    await filled(await round_table(await harness.cell()), name)
    role = READ_BY.get(name, DatabaseRole.APP)
    url = servers.postgres.database_url("meeting", role).replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        with pytest.raises(asyncpg.UndefinedObjectError):
            await connection.fetch(f"SELECT * FROM {name}")
    finally:
        await connection.close()


@pytest.mark.parametrize("name", CASE_TABLES)
async def test_invariant_04_outside_the_circle_there_are_no_rows(harness: Harness, name: str) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    await filled(table, name)
    assert await count(harness, cell, table.police, name) == 1
    assert await count(harness, cell, table.partner, name) == 0


@pytest.mark.parametrize("name", ["decision", "dissent", "agreed_action"])
async def test_frame_roles_outside_the_circle_read_the_frame_alone(harness: Harness, name: str) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    session = await filled(table)
    case_id = (await table.item(session)).case_id
    assert case_id
    assert await count(harness, cell, table.coordinator, name) == 1
    await table.tell_circle(case_id, 2, seats=("mayor",))
    assert await count(harness, cell, table.coordinator, name) == 0
    assert await count(harness, cell, table.coordinator, "agenda_case") == 1


@pytest.mark.parametrize("name", CASE_TABLES)
async def test_invariant_15_an_ended_mandate_with_a_live_seat_reads_nothing(harness: Harness, name: str) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    await filled(table, name)
    assert await count(harness, cell, table.mayor, name) == 1
    await table.mayor.mandate(Role.MAYOR, ends_at=harness.clock(), fact_version=2)
    assert await count(harness, cell, table.mayor, name) == 0


async def test_the_mayor_of_another_town_gets_no_row_of_this_one(harness: Harness) -> None:
    table, town_b, command = await joint_session(harness)
    cell = table.cell
    await table.mayor.run(record_decision, command)
    for name, mine in (("agenda_case", 1), ("known_case", 1), ("decision", 0)):
        assert await count(harness, cell, table.mayor, name) == 1
        assert await count(harness, cell, town_b.mayor, name) == mine


async def test_a_decision_is_not_written_outside_its_circle(harness: Harness) -> None:
    """The wall refuses the row itself, should a handler ever forget to ask."""
    cell = await harness.cell()
    table = await round_table(cell)
    await filled(table)
    insert = (
        "INSERT INTO decision SELECT tenant_id, gen_random_uuid(), session_id, agenda_item_id, $1, 'no_action', '', $2,"
        " starts_at FROM agenda_item"
    )
    principal = Principal(PrincipalKind.PERSON, table.partner.person_id, cell.cell_id, acr=2)
    case_id = await table.case()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with harness.database.transaction(principal, harness.clock()) as session:
            await session.raw.execute(insert, case_id, table.partner.person_id)


@pytest.mark.parametrize("name", ["decision", "dissent", "agreed_action", "agenda_item", "agenda_case", "attendance"])
async def test_what_is_decided_is_not_changed_or_removed(harness: Harness, name: str) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    await filled(table)
    principal = Principal(PrincipalKind.PERSON, table.mayor.person_id, cell.cell_id, acr=2)
    for statement in (f"DELETE FROM {name}", f"UPDATE {name} SET tenant_id = tenant_id"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with harness.database.transaction(principal, harness.clock()) as session:
                await session.raw.execute(statement)


async def test_who_was_present_at_an_opening_that_was_undone_is_in_no_answer(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    undone = await table.opened(await table.case())
    assert (await table.read(table.mayor, undone)).attendance
    back = await table.mayor.run(undo_opening, UndoOpening(undone.id, undone.version))
    assert (await table.read(table.mayor, undone)).attendance == ()
    present = (table.mayor.person_id, table.police.person_id, table.prevention.person_id)
    again = await table.mayor.run(open_session, OpenSession(back.id, back.version, present, True))
    assert {row.person_id for row in (await table.read(table.mayor, again)).attendance} == set(present)


async def test_texts_are_sealed_in_the_database(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    await filled(table)
    principal = Principal(PrincipalKind.PERSON, table.mayor.person_id, cell.cell_id, acr=2)
    async with harness.database.transaction(principal, harness.clock()) as session:
        rows = await session.raw.fetch(
            "SELECT reasons AS sealed FROM decision UNION ALL SELECT text AS sealed FROM dissent"
            " UNION ALL SELECT what AS sealed FROM agreed_action"
        )
    assert len(rows) == 3
    assert not any(text in row["sealed"] for row in rows for text in (b"jeugdwerking", b"vroeg", b"atelier"))


async def test_invariant_17_absent_and_forbidden_ask_the_same_of_the_database(harness: Harness) -> None:
    _, town_b, command = await joint_session(harness)
    stranger = await round_table(await harness.cell())
    pairs = [
        (stranger.mayor, read_session, ReadSession(command.session_id), ReadSession(uuid4())),
        (stranger.mayor, record_decision, command, replace(command, session_id=uuid4())),
        (town_b.mayor, record_decision, command, replace(command, agenda_item_id=uuid4())),
    ]
    for person, handler, forbidden, absent in pairs:
        answers = []
        for asked in (forbidden, absent):
            async with statements(harness) as heard:
                with pytest.raises(NotFound) as refused:
                    await person.run(handler, asked)  # type: ignore[arg-type]
            answers.append((refused.value.code, heard))
        assert answers[0] == answers[1]
        assert any("FROM session" in statement for statement in answers[0][1])
