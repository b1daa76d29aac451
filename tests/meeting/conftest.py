"""The meeting service's handlers on its real database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from deploy.local.servers import Servers
from services.meeting.policy import POLICY
from tests.databases import Migrated, migrated
from tests.harness import Harness


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Migrated]:
    """The migrated database, through its roles."""
    database = await migrated(servers, "meeting")
    yield database
    await database.close()


@pytest.fixture
def harness(database: Migrated) -> Harness:
    """An executor with a clock of its own."""
    return Harness("meeting", database, POLICY)
