"""Migrations of one service, run by its migrator role as the owner role. Expand, then contract; locks are bounded."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

LOCK_TIMEOUT = "5s"


def config_of(service: str) -> Config:
    """The alembic configuration of a service, from its folder's name alone."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / service / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["service"] = service
    return config


def migrate(service: str, url: str) -> None:
    """Bring the service's database to its newest version, signed in as its migrator. May be repeated."""
    config = config_of(service)
    config.attributes["url"] = url
    command.upgrade(config, "head")


def run_migrations() -> None:
    """Called by every service's migrations/env.py."""
    asyncio.run(_run(context.config.attributes["service"], context.config.attributes["url"]))


async def _run(service: str, url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(f"SET ROLE {service}_owner"))
        await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        await connection.run_sync(_upgrade)
    await engine.dispose()


def _upgrade(connection: Connection) -> None:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
