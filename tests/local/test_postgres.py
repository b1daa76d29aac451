"""The database server: who gets in where, what survives, what the log must not say."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from deploy.local.ports import LOOPBACK, SERVICES
from deploy.local.postgres import LONGEST_SOCKET_PATH, SIGNING_IN, _socket_directory, database_name
from deploy.local.servers import Servers
from services.kit.patience import Lines, Queries

TRANSACTION = 300
"""Seconds that Keycloak gives a transaction by default; a statement that is cut off has to be noticed within."""


def address(servers: Servers, service: str, role: str) -> str:
    return servers.postgres.database_url(service, role).replace("+asyncpg", "")


@pytest.mark.parametrize("service", SERVICES)
async def test_the_roles_of_a_service_enter_its_own_database_only(servers: Servers, service: str) -> None:
    for role in SIGNING_IN:
        own = address(servers, service, role)
        connection = await asyncpg.connect(own)
        assert await connection.fetchval("SELECT current_database()") == database_name(service)
        await connection.close()
        for database in ("postgres", "keycloak", *(database_name(other) for other in SERVICES if other != service)):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(own.replace(f"/{database_name(service)}?", f"/{database}?"))


async def test_keycloaks_connections_end_by_themselves_when_one_side_is_silent(servers: Servers) -> None:
    """Its driver reads them from the address; what is for the server, the server takes."""
    url, user, password = servers.postgres.keycloak_jdbc
    said = parse_qs(urlsplit(url.removeprefix("jdbc:")).query)
    assert said["tcpKeepAlive"] == ["true"]
    assert 0 < int(said["connectTimeout"][0]) <= Queries().connect_seconds
    assert Queries().unattended_seconds < int(said["socketTimeout"][0]) < TRANSACTION
    told = dict(part.split("=") for part in said["options"][0].split() if part != "-c")
    address = url.removeprefix("jdbc:").partition("?")[0]
    connection = await asyncpg.connect(address, user=user, password=password, server_settings=told)
    try:
        found = {name: await connection.fetchval("SELECT current_setting($1)", name) for name in told}
    finally:
        await connection.close()
    lines = Lines()
    assert found == {
        "tcp_keepalives_idle": str(lines.idle_seconds), "tcp_keepalives_interval": str(lines.probe_seconds),
        "tcp_keepalives_count": str(lines.probes),
    }  # fmt: skip


async def test_no_role_at_work_can_create_anything(servers: Servers) -> None:
    for role in set(SIGNING_IN) - {"migrator"}:
        connection = await asyncpg.connect(address(servers, "case", role))
        for statement in ("CREATE TABLE mine (id int)", "CREATE TEMP TABLE mine (id int)", "SET ROLE case_owner"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        await connection.close()


async def test_the_migrator_owns_nothing_until_it_says_so(servers: Servers) -> None:
    connection = await asyncpg.connect(address(servers, "meeting", "migrator"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE TABLE public.mine (id int)")
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("SET ROLE meeting_owner")
    await connection.execute("CREATE TABLE public.ours (id int)")
    owner = await connection.fetchval("SELECT tableowner FROM pg_tables WHERE tablename = 'ours'")
    assert owner == "meeting_owner"
    await transaction.rollback()
    await connection.close()


async def test_no_role_of_a_service_escapes_row_security(servers: Servers) -> None:
    connection = await servers.postgres.connect("postgres")
    roles = await connection.fetch("SELECT * FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' AND rolname <> 'postgres'")
    await connection.close()
    assert len(roles) == (1 + len(SIGNING_IN)) * len(SERVICES) + 1
    for role in roles:
        assert not any(role[power] for power in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb"))
        assert role["rolcanlogin"] != role["rolname"].endswith("_owner")


@pytest.mark.parametrize("door", ["socket", "TCP"])
async def test_every_door_asks_for_the_password(servers: Servers, door: str) -> None:
    host = str(servers.postgres.socket_directory) if door == "socket" else LOOPBACK
    known = {"host": host, "port": servers.postgres.port, "user": "case_app", "database": "rondetafel_case"}
    password = servers.instance.secrets.password("postgres.case_app")
    await (await asyncpg.connect(**known, password=password, ssl=False)).close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(**known, password="guessed", ssl=False)


async def test_provisioning_again_changes_nothing(servers: Servers) -> None:
    await servers.postgres.provision()
    await (await asyncpg.connect(address(servers, "audit", "app"))).close()


async def test_what_was_committed_survives_a_crash(servers: Servers) -> None:
    connection = await servers.postgres.connect("postgres")
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS it")
    servers.postgres.kill()
    await servers.postgres.start()
    again = await servers.postgres.connect("postgres")
    assert await again.fetchval("SELECT it FROM kept") == 1
    await again.execute("DROP TABLE kept")
    await again.close()


async def test_the_log_does_not_repeat_what_was_written(servers: Servers) -> None:
    connection = await servers.postgres.connect("postgres")
    await connection.execute("CREATE TEMP TABLE words (word text CHECK (length(word) < 3))")
    with pytest.raises(asyncpg.CheckViolationError, match="words"):
        await connection.execute("INSERT INTO words VALUES ($1)", "canary-in-a-parameter")
    with pytest.raises(asyncpg.CheckViolationError, match="words"):
        await connection.execute("INSERT INTO words VALUES ('canary-in-a-statement')")
    await connection.close()
    log = servers.postgres.process.log.read_text()
    assert "words_word_check" in log
    assert "canary" not in log


def test_a_path_too_long_for_a_socket_is_replaced_by_a_short_one(tmp_path: Path) -> None:
    assert _socket_directory(tmp_path, 5432).is_relative_to(tmp_path)
    short = _socket_directory(tmp_path / ("deep" * 30), 5432)
    assert len(f"{short}/.s.PGSQL.5432") <= LONGEST_SOCKET_PATH
    assert short != _socket_directory(tmp_path / ("else" * 30), 5432)
