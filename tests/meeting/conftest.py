"""The meeting service's handlers on its real database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from deploy.local.servers import Servers
from services.kit.database import Database
from services.meeting.policy import POLICY
from tests.databases import migrated
from tests.harness import Harness


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Database]:
    """The migrated database, through the app role."""
    database = await migrated(servers, "meeting")
    yield database
    await database.close()


@pytest.fixture
def harness(database: Database) -> Harness:
    """An executor with a clock of its own."""
    return Harness("meeting", database, POLICY)
