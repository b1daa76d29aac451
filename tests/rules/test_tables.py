"""Every table stands in one of three lists, behind its wall; roles hold no more than they need (rule 6)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.postgres import SIGNING_IN
from deploy.local.servers import Servers
from services.kit.schema import SPINE_PLATFORM_TABLES, SPINE_TENANT_TABLES
from tests.databases import migrated
from tests.rules.sources import SERVICES, module_of

CIRCLE_TABLES = frozenset({"circle_entry"})


@pytest.fixture(scope="module", params=SERVICES)
async def service(request: pytest.FixtureRequest, servers: Servers) -> str:
    """Each service, migrated."""
    database = await migrated(servers, request.param)
    await database.close()
    return str(request.param)


@pytest.fixture
async def administrator(service: str, servers: Servers) -> AsyncIterator[asyncpg.Connection]:
    """The database's superuser."""
    connection = await servers.postgres.connect(f"rondetafel_{service}")
    yield connection
    await connection.close()


def lists(service: str) -> tuple[set[str], set[str], set[str]]:
    """The three lists of a service: tenant, person, platform."""
    model = module_of(service, "model")
    tenant = set(model.TENANT_TABLES) | SPINE_TENANT_TABLES
    return tenant, set(model.PERSON_TABLES), set(model.PLATFORM_TABLES) | SPINE_PLATFORM_TABLES


async def names(connection: asyncpg.Connection, query: str) -> set[str]:
    return {row[0] for row in await connection.fetch(query)}


async def test_every_table_is_in_one_list(service: str, administrator: asyncpg.Connection) -> None:
    tables = await names(administrator, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tenant, person, platform = lists(service)
    assert not tenant & person | tenant & platform | person & platform
    assert tables == tenant | person | platform


async def test_walled_tables_force_row_security(service: str, administrator: asyncpg.Connection) -> None:
    tenant, person, _ = lists(service)
    forced = await names(
        administrator,
        "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = 'public' AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity",
    )
    assert tenant | person <= forced


async def test_keys_of_tenant_tables_begin_with_the_tenant(service: str, administrator: asyncpg.Connection) -> None:
    """A unique key without the tenant is an oracle of existence."""
    tenant, _, _ = lists(service)
    rows = await administrator.fetch(
        "SELECT indrelid::regclass::text AS name, attname FROM pg_index"
        " JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] WHERE indisunique"
    )
    assert {row["name"] for row in rows if row["name"] in tenant and row["attname"] != "tenant_id"} == set()
    foreign = await administrator.fetch(
        "SELECT conrelid::regclass::text AS name, attname FROM pg_constraint"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'"
    )
    assert {row["name"] for row in foreign if row["name"] in tenant and row["attname"] != "tenant_id"} == set()


async def test_roles_hold_no_more_than_they_need(service: str, administrator: asyncpg.Connection) -> None:
    roles = {
        row["rolname"]: row
        for row in await administrator.fetch(
            "SELECT rolname, rolcanlogin, rolbypassrls, rolsuper, rolcreaterole FROM pg_roles WHERE rolname LIKE $1",
            f"{service}\\_%",
        )
    }
    assert set(roles) == {f"{service}_{kind}" for kind in ("owner", *SIGNING_IN)}
    assert not any(row["rolbypassrls"] or row["rolsuper"] or row["rolcreaterole"] for row in roles.values())
    assert not roles[f"{service}_owner"]["rolcanlogin"]
    relay = await names(
        administrator,
        f"SELECT DISTINCT table_name FROM information_schema.role_table_grants WHERE grantee = '{service}_relay'",
    )
    assert relay == {"outbox"}
    assert not await administrator.fetch(
        "SELECT 1 FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' AND table_schema = 'public'"
    )


async def test_no_function_runs_as_its_owner_and_views_as_their_reader(
    service: str, administrator: asyncpg.Connection
) -> None:
    assert not await administrator.fetch(
        "SELECT proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace"
        " WHERE nspname = 'public' AND (prosecdef OR proleakproof)"
    )
    views = await administrator.fetch(
        "SELECT relname, reloptions FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = 'public' AND relkind = 'v'"
    )
    assert {row["relname"] for row in views if "security_invoker=true" not in (row["reloptions"] or [])} == set()
