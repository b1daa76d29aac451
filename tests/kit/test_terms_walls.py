"""Who reaches which term: acts those of their cell, the clock those of all, and the clock nothing else."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from tests.databases import Migrated
from tests.harness import Person
from tests.kit.bells import SetBell, Tower, set_bell, tower


@pytest.fixture
async def our(database: Migrated) -> Tower:
    return await tower(database)


@pytest.fixture
async def nele(our: Tower) -> Person:
    return await our.cell.person(Role.COORDINATOR)


async def test_invariant_17_the_same_object_in_another_cell_is_another_term(our: Tower, nele: Person) -> None:
    bell, elsewhere = uuid4(), await our.harness.cell()
    stranger = await elsewhere.person(Role.COORDINATOR)
    await nele.run(set_bell, SetBell(bell, our.kind, 60))
    await stranger.run(set_bell, SetBell(bell, our.kind, None))
    await stranger.run(set_bell, SetBell(bell, our.kind, 3600))
    our.harness.clock.advance(seconds=60)
    await our.ring()
    assert await our.rung() == [bell]
    assert await Tower(our.harness, elsewhere, our.kind).rung() == []


async def said(servers: Servers, role: str, cell: UUID, statement: str) -> str:
    """What a role's own password brings about, in that cell: the command's tag, or the SQLSTATE."""
    connection = await asyncpg.connect(servers.postgres.database_url("case", role).replace("+asyncpg", ""))
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("SELECT begin_act($1, $1, now(), NULL, false)", cell)
        return str(await connection.execute(statement))
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    finally:
        await connection.close()


async def test_invariant_17_a_stolen_role_reaches_no_term_of_another_cell(our: Tower, servers: Servers) -> None:
    (bell,) = await our.add(1)
    other = (await our.harness.cell()).cell_id
    row = f"object_id = '{bell}'"
    add = f"INSERT INTO term (tenant_id, kind, object_id, due_at, next_at) VALUES ('{our.cell.cell_id}', 'x', '{bell}', now(), now())"  # noqa: E501
    for role in ("app", "hearing", "erasing"):
        for statement, ours, others in (
            (f"SELECT 1 FROM term WHERE {row}", "SELECT 1", "SELECT 0"),
            (f"UPDATE term SET due_at = now() WHERE {row}", "UPDATE 1", "UPDATE 0"),
            (add, "INSERT 0 1", "42501"),
            (f"DELETE FROM term WHERE {row}", "42501", "42501"),
        ):
            assert await said(servers, role, our.cell.cell_id, statement) == ours, (role, statement)
            assert await said(servers, role, other, statement) == others, (role, statement)


async def test_the_clock_s_role_sees_terms_alone(our: Tower, nele: Person, servers: Servers) -> None:
    (bell,) = await our.add(1)
    assert await said(servers, "clock", PLATFORM, f"SELECT 1 FROM term WHERE object_id = '{bell}'") == "SELECT 1"
    assert await said(servers, "app", our.cell.cell_id, "SELECT 1 FROM mandate") == "SELECT 1"
    assert await said(servers, "clock", our.cell.cell_id, "SELECT 1 FROM mandate") == "SELECT 0"
    for table in ("contribution", "object_key", "outbox", "circle_entry"):
        assert await said(servers, "clock", our.cell.cell_id, f"SELECT 1 FROM {table}") == "42501"
    assert await said(servers, "clock", PLATFORM, "UPDATE term SET due_at = now()") == "42501"
    add = "INSERT INTO term SELECT * FROM term WHERE false"
    assert await said(servers, "clock", PLATFORM, add) == "42501"
