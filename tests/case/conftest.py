"""The case service's handlers on its real database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from deploy.local.servers import Servers
from services.case.policy import POLICY
from tests.case.rows import Administrator
from tests.databases import Migrated, migrated
from tests.harness import Harness


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Migrated]:
    """The migrated database, through its roles."""
    database = await migrated(servers, "case")
    yield database
    await database.close()


@pytest.fixture
async def administrator(servers: Servers, database: Migrated) -> AsyncIterator[Administrator]:
    """The superuser's connection to the migrated database."""
    connection = await servers.postgres.connect("rondetafel_case")
    yield connection
    await connection.close()


@pytest.fixture
def harness(database: Migrated) -> Harness:
    """An executor with a clock of its own."""
    return Harness("case", database, POLICY)
