"""What the tests of the kit share."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.servers import Servers
from tests.databases import Migrated, migrated
from tests.kit.issuer import Issuer


@pytest.fixture
def issuer() -> Issuer:
    """An issuer with a clock, keys and a verifier of its own."""
    return Issuer()


@pytest.fixture(scope="module")
async def database(servers: Servers) -> AsyncIterator[Migrated]:
    """The case service's database stands for any."""
    database = await migrated(servers, "case")
    yield database
    await database.close()


@pytest.fixture
async def administrator(servers: Servers) -> AsyncIterator[asyncpg.Connection]:
    """Sees all rows of that database."""
    connection = await servers.postgres.connect("rondetafel_case")
    yield connection
    await connection.close()
