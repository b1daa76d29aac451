"""What is there when an installation is brought up to date gets its terms: nothing waits for its end without one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from alembic import command

from deploy.local.servers import Servers
from services.kit.migrate import config_of, migrate
from tests.security.tables import Administrator, add, tables_of

DAY = timedelta(days=1)


@asynccontextmanager
async def brought_up_to_date(servers: Servers, service: str, before: str) -> AsyncIterator[tuple[Administrator, str]]:
    """A database of its own as the migrations left it at that time, and the address by which to go on."""
    name = f"rondetafel_{service}_terms"
    administrator = await servers.postgres.connect("postgres")
    await administrator.execute(f"CREATE DATABASE {name}")
    try:
        connection = await servers.postgres.connect(name)
        await connection.execute(f"ALTER SCHEMA public OWNER TO {service}_owner")
        await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {service}_migrator")
        url = servers.postgres.database_url(service, "migrator").replace(f"/rondetafel_{service}", f"/{name}")
        config = config_of(service)
        config.attributes["url"] = url
        await asyncio.to_thread(command.upgrade, config, before)
        await connection.execute("SET session_replication_role = replica")
        yield connection, url
        await connection.close()
    finally:
        await administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await administrator.close()


PLAIN = {
    "bigint": 1, "smallint": 7, "bytea": b"x", "text": "x", "text[]": ["24001"], "date": date(2026, 11, 24),
    "timestamp with time zone": datetime(2026, 11, 24, tzinfo=UTC),
}  # fmt: skip


async def rows_of(connection: Administrator, service: str, table: str, column: str, *moments: datetime) -> None:
    """A row of a cell of its own for each moment."""
    (described,) = [each for each in await tables_of(connection, service) if each.name == table]
    for moment in moments:
        kinds = {name: described.columns[name] for name in described.required}
        row = {name: uuid4() if kind == "uuid" else PLAIN[kind] for name, kind in kinds.items()}
        row |= {"starts_at": moment - DAY} if "starts_at" in row else {}
        await add(connection, table, row | {column: moment})


async def test_mandates_that_run_and_recoveries_that_name_somebody_get_their_terms(servers: Servers) -> None:
    now = datetime.now(UTC)
    async with brought_up_to_date(servers, "partner_directory", "0012") as (connection, url):
        await rows_of(connection, "partner_directory", "mandate", "ends_at", now - DAY, now + DAY, now + 400 * DAY)
        await rows_of(connection, "partner_directory", "recovery", "proposed_at", now - 30 * DAY, now - DAY)
        await connection.execute("UPDATE recovery SET email = 'x' WHERE proposed_at < $1", now - 2 * DAY)
        await asyncio.to_thread(migrate, "partner_directory", url)
        found = await connection.fetch(
            "SELECT kind, due_at, next_at, term.state, term.tenant_id = coalesce(mandate.tenant_id, recovery.tenant_id)"
            " FROM term LEFT JOIN mandate ON mandate_id = object_id LEFT JOIN recovery ON recovery_id = object_id"
            " WHERE kind IN ('mandate', 'recovery') ORDER BY due_at"
        )
        due = [("recovery", now - 16 * DAY), ("mandate", now + DAY), ("mandate", now + 400 * DAY)]
        assert [tuple(row) for row in found] == [(kind, at, at, "waiting", True) for kind, at in due]
        assert await forced(connection, "mandate", "recovery", "term")


async def test_drafts_get_their_terms_by_their_own_days(servers: Servers) -> None:
    now = datetime.now(UTC)
    async with brought_up_to_date(servers, "portal", "0010") as (connection, url):
        await rows_of(connection, "portal", "draft", "saved_at", now - 30 * DAY, now)
        await connection.execute("UPDATE draft SET days = 14 WHERE saved_at < $1", now - DAY)
        await asyncio.to_thread(migrate, "portal", url)
        query = "SELECT kind, due_at, object_id = draft_id FROM term JOIN draft USING (tenant_id) ORDER BY due_at"
        found = [tuple(row) for row in await connection.fetch(query)]
        assert found == [("draft", now - 16 * DAY, True), ("draft", now + 7 * DAY, True)]
        assert await forced(connection, "draft", "term")


async def forced(connection: Administrator, *tables: str) -> bool:
    """Whether their walls stand again for whoever owns them."""
    query = "SELECT bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class WHERE relname = ANY ($1)"
    return bool(await connection.fetchval(query, list(tables)))
