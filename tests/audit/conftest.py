"""The audit service's handlers on its real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from deploy.local.servers import Servers
from services.audit.consumers import Watch
from services.audit.policy import POLICY
from services.case.policy import POLICY as CASE_POLICY
from services.kit.database import Database
from tests.audit.flow import Flow, producing
from tests.databases import migrated
from tests.harness import Cell, Harness


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Database]:
    """The migrated database, through the app role."""
    database = await migrated(servers, "audit")
    yield database
    await database.close()


@pytest.fixture
def harness(database: Database) -> Harness:
    """An executor with a clock of its own."""
    return Harness("audit", database, POLICY)


@pytest.fixture(scope="module")
async def case_database(servers: Servers) -> AsyncIterator[Database]:
    """The producer's database."""
    database = await migrated(servers, "case")
    yield database
    await database.close()


@pytest.fixture
async def flow(servers: Servers, case_database: Database, harness: Harness) -> AsyncIterator[Flow]:
    """Everything connected; the test starts the intake itself."""
    async with AsyncExitStack() as stack:
        case = await stack.enter_async_context(producing(servers, Harness("case", case_database, CASE_POLICY)))
        audit = await stack.enter_async_context(producing(servers, harness))
        case_cell = await case.harness.cell()
        audit_cell = Cell(harness, case_cell.cell_id, case_cell.nis_codes)
        yield Flow(servers, case, audit, Watch(harness.executor), case_cell, audit_cell)
