"""An installation that knows ended sign-ins by their `sid` keeps them when it is brought up to date."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from alembic import command

from deploy.local.ports import SERVICES
from deploy.local.servers import Servers
from services.kit.identities import sign_in_id
from services.kit.migrate import config_of, migrate
from tests.harness import START

BEFORE = {"partner_directory": "0004", "case": "0004", "meeting": "0003", "audit": "0002", "portal": "0004"}


@pytest.mark.parametrize("service", SERVICES)
async def test_what_was_ended_before_stays_ended(servers: Servers, service: str) -> None:
    """In a database of its own, made by the migrations of that time."""
    name = f"rondetafel_{service}_before"
    administrator = await servers.postgres.connect("postgres")
    await administrator.execute(f"CREATE DATABASE {name}")
    try:
        before = await servers.postgres.connect(name)
        await before.execute(f"ALTER SCHEMA public OWNER TO {service}_owner")
        await before.execute(f"GRANT CONNECT ON DATABASE {name} TO {service}_migrator")
        url = servers.postgres.database_url(service, "migrator").replace(f"/rondetafel_{service}", f"/{name}")
        config = config_of(service)
        config.attributes["url"] = url
        await asyncio.to_thread(command.upgrade, config, BEFORE[service])
        ended = {f"session-{number}": START - timedelta(minutes=number) for number in range(3)}
        await before.executemany("INSERT INTO revocation VALUES ($1, $2)", list(ended.items()))
        await asyncio.to_thread(migrate, service, url)
        rows = await before.fetch("SELECT identity_id, kind, revoked_at, refuses_all FROM revoked")
        assert {tuple(row) for row in rows} == {
            (sign_in_id(session_id), "session", moment, True) for session_id, moment in ended.items()
        }
        begun = await before.fetch(
            "SELECT count(*) FROM begin_act($1, $1, now(), NULL, false, $2, now())",
            sign_in_id("x"),
            [sign_in_id("y")],
        )
        assert begun[0][0] == 0
        await before.close()
    finally:
        await administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await administrator.close()
