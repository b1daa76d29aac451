"""A stolen password of one of a service's database roles: what the catalogue lets it do, and what was really tried.

Each attack is first done by the role that may, with the very same statement.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.ports import SERVICES
from deploy.local.postgres import database_name
from deploy.local.servers import Servers
from services.case.policy import POLICY
from services.kit.principal import PLATFORM
from tests.case.story import Story, story
from tests.databases import migrated
from tests.harness import Harness
from tests.security.rights import CATALOGUE, KEY_MATERIAL, RIGHTS, ROLES, declared, held
from tests.security.tables import Administrator

WORKING = ("app", "hearing", "erasing")
NAMES_A_PROCESS = "rondetafel.system"
"""The setting that walls trusted once. Whoever holds a role's password sets it too."""


@pytest.fixture(scope="module", params=SERVICES)
async def service(request: pytest.FixtureRequest, servers: Servers) -> str:
    """Each service, migrated."""
    await (await migrated(servers, request.param)).close()
    return str(request.param)


@pytest.fixture
async def administrator(service: str, servers: Servers) -> AsyncIterator[Administrator]:
    """The database's superuser."""
    connection = await servers.postgres.connect(database_name(service))
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def cases(servers: Servers) -> AsyncIterator[Harness]:
    """The case service on its real database."""
    database = await migrated(servers, "case")
    yield Harness("case", database, POLICY)
    await database.close()


@asynccontextmanager
async def stolen(
    servers: Servers, service: str, role: str, *, cell: UUID = PLATFORM, actor: UUID = PLATFORM, now: str = "now"
) -> AsyncIterator[Administrator]:
    """A transaction with a role's own password, in which it says of itself whatever it likes; kept at the end."""
    connection = await asyncpg.connect(servers.postgres.database_url(service, role).replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            said = {"tenant": cell, "actor": actor, "now": now, "about": "", "system": f"{service}.consumer"}
            for name, value in said.items():
                await connection.execute("SELECT set_config($1, $2, true)", f"rondetafel.{name}", str(value))
            yield connection
    finally:
        await connection.close()


async def test_every_role_holds_what_is_declared_and_no_more(service: str, administrator: Administrator) -> None:
    rows = [dict(row) for row in await administrator.fetch(CATALOGUE, service, list(ROLES))]
    assert {str(row["name"]) for row in rows} == set(RIGHTS[service])
    assert held(rows) == declared(service)


async def test_no_wall_trusts_a_setting_that_names_a_process(service: str, administrator: Administrator) -> None:
    written = await administrator.fetch(
        "SELECT policyname::text AS name, concat(qual, with_check) AS said FROM pg_policies"
        " UNION ALL SELECT viewname::text, definition FROM pg_views WHERE schemaname = 'public'"
        " UNION ALL SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    assert any("rondetafel.tenant" in row["said"] for row in written)
    assert [row["name"] for row in written if NAMES_A_PROCESS in row["said"]] == []


async def test_policies_name_their_roles(service: str, administrator: Administrator) -> None:
    known = {f"{service}_{role}" for role in ROLES}
    for row in await administrator.fetch("SELECT tablename, policyname, roles::text[] AS roles FROM pg_policies"):
        assert set(row["roles"]) <= known, (row["tablename"], row["policyname"])


async def test_who_erases_reads_no_key_and_no_body(service: str, administrator: Administrator) -> None:
    """What is sealed and what seals it are bytes: erasing reads no column of bytes at all, and app deletes nothing."""
    rows = await administrator.fetch(
        "SELECT attrelid::regclass::text AS name, attname::text AS column,"
        " has_column_privilege($1 || '_app', attrelid, attnum, 'SELECT') AS app,"
        " has_column_privilege($1 || '_erasing', attrelid, attnum, 'SELECT') AS erasing"
        " FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND atttypid = 'bytea'::regtype AND attnum > 0"
        # A keyed name, by which the log finds what an erased object was called.
        " AND attname <> 'pseudonym'",
        service,
    )
    assert {row["column"] for row in rows} >= KEY_MATERIAL
    assert any(row["app"] for row in rows)
    assert [f"{row['name']}.{row['column']}" for row in rows if row["erasing"]] == []
    deleted = {table for table, role, verb, _ in declared(service) if (role, verb) == ("app", "DELETE")}
    # Which of the sign-in service's events stand in the log: no key and no body.
    assert deleted <= {"seen_event"}


async def test_a_stolen_app_role_writes_nothing_that_others_tell(servers: Servers, service: str) -> None:
    told = {table for table, role, verb, _ in declared(service) if role == "hearing" and verb == "INSERT"}
    told -= {table for table, role, verb, _ in declared(service) if role == "app" and verb == "INSERT"}
    assert {"fact_seen", "inbox"} <= told
    for table in told:
        columns = await columns_of(servers, service, table)
        names = ", ".join(columns)
        # No row is added: rights are asked before.
        empty = f"SELECT {names} FROM jsonb_populate_record(NULL::{table}, '{{}}') WHERE false"
        adding = f"INSERT INTO {table} ({names}) {empty}"
        assert await refusal(servers, service, "hearing", adding) == "", f"hearing is told {table}"
        changing = f"UPDATE {table} SET {columns[0]} = DEFAULT WHERE false"
        for hostile in (adding, changing, f"DELETE FROM {table} WHERE false"):
            assert await refusal(servers, service, "app", hostile) == "42501", hostile


async def columns_of(servers: Servers, service: str, table: str) -> list[str]:
    """The columns of a table, but those the database fills itself."""
    administrator = await servers.postgres.connect(database_name(service))
    try:
        query = (
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
        )
        return [row[0] for row in await administrator.fetch(query, table)]
    finally:
        await administrator.close()


async def refusal(servers: Servers, service: str, role: str, statement: str) -> str:
    """The SQLSTATE of a statement with a role's password, whatever it says of itself; empty when it is done."""
    try:
        async with stolen(servers, service, role) as connection:
            await connection.execute(statement)
            raise _Undone
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    except _Undone:
        return ""


class _Undone(Exception):
    """Takes back what was done."""


A_MANDATE = """
INSERT INTO mandate (tenant_id, mandate_id, person_id, organisation_id, organisation_kind, role, nis_codes, starts_at,
    ends_at, legal_basis, undertaken_until, fact_version)
VALUES ($1, gen_random_uuid(), $2, $2, 'local_police', 'mayor', '{24001}', '2020-01-01', '2099-01-01',
    'law-2018-07-30', '2099-01-01', 1)"""


async def test_a_stolen_app_role_gives_itself_no_mandate(servers: Servers, cases: Harness) -> None:
    """One INSERT as case_app opened four cases."""
    our = await story(cases)
    await our.list()
    mallory, now = uuid4(), cases.clock().isoformat()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stolen(servers, "case", "app", cell=our.cell.cell_id, actor=mallory, now=now) as connection:
            await connection.execute(A_MANDATE, our.cell.cell_id, mallory)
    async with stolen(servers, "case", "app", cell=our.cell.cell_id, actor=mallory, now=now) as connection:
        assert await connection.fetch("SELECT 1 FROM case_identity") == []
    async with stolen(servers, "case", "hearing", cell=our.cell.cell_id, actor=mallory, now=now) as connection:
        await connection.execute(A_MANDATE, our.cell.cell_id, mallory)
    async with stolen(servers, "case", "app", cell=our.cell.cell_id, actor=mallory, now=now) as connection:
        assert len(await connection.fetch("SELECT 1 FROM case_identity")) == 1


async def test_a_stolen_app_role_destroys_no_key(servers: Servers, cases: Harness) -> None:
    our = await story(cases)
    await our.list()
    keys, cell = "SELECT object_id FROM object_key", our.cell.cell_id
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stolen(servers, "case", "app", cell=cell) as connection:
            assert len(await connection.fetch(keys)) == 2
            await connection.execute("DELETE FROM object_key")
    with pytest.raises(_Undone):
        async with stolen(servers, "case", "erasing", cell=cell) as connection:
            assert await connection.execute("DELETE FROM object_key") == "DELETE 2"
            raise _Undone
    assert (await our.read(our.mayor)).person is not None


@pytest.mark.parametrize(
    "reading",
    [
        "SELECT wrapped FROM object_key", "SELECT wrapped FROM cell_key", "SELECT text FROM contribution",
        "SELECT person FROM case_identity", "DELETE FROM contribution RETURNING text",
        "DELETE FROM object_key RETURNING wrapped",
        "DELETE FROM contribution WHERE substr(text, 1, 1) = 'x'",
    ],
)  # fmt: skip
async def test_a_stolen_erasing_role_reads_nothing(servers: Servers, cases: Harness, reading: str) -> None:
    our = await story(cases)
    await our.list()
    await our.write(our.police)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stolen(servers, "case", "erasing", cell=our.cell.cell_id) as connection:
            await connection.execute(reading)
    if reading.startswith("SELECT"):
        async with as_police(servers, our) as connection:
            assert await connection.fetch(reading), "the app reads it, sealed"


async def test_a_stolen_app_role_replaces_nothing_that_was_shared(servers: Servers, cases: Harness) -> None:
    our = await story(cases)
    await our.list()
    shared, draft = await our.share(our.police), await our.write(our.police)
    replace = "UPDATE contribution SET text = 'x' WHERE contribution_id = $1"
    for receipt, refused in ((draft, False), (shared, True)):
        try:
            async with as_police(servers, our) as connection:
                assert await connection.execute(replace, receipt.id) == "UPDATE 1"
                raise _Undone
        except asyncpg.InsufficientPrivilegeError:
            assert refused
        except _Undone:
            assert not refused
    assert len((await our.read(our.mayor)).contributions) == 1


@asynccontextmanager
async def as_police(servers: Servers, our: Story) -> AsyncIterator[Administrator]:
    """The stolen app role in the name of the police."""
    person, now = our.police.person_id, our.now.isoformat()
    async with stolen(servers, "case", "app", cell=our.cell.cell_id, actor=person, now=now) as connection:
        yield connection


async def test_what_an_act_leaves_is_read_by_the_relay_alone(servers: Servers, cases: Harness) -> None:
    our = await story(cases)
    await our.list()
    query = "SELECT payload FROM outbox"
    for role in WORKING:
        assert await refusal(servers, "case", role, query) == "42501", role
    assert await cases.database.unwalled(f"{query} WHERE tenant_id = $1", our.cell.cell_id)
    assert await refusal(servers, "case", "relay", query) == ""
