"""The audit service's handlers on its real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from deploy.local.servers import Servers
from services.audit.consumers import Watch
from services.audit.policy import POLICY
from services.case.policy import POLICY as CASE_POLICY
from tests.audit.flow import Flow, producing
from tests.databases import Migrated, migrated
from tests.harness import Cell, Harness


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Migrated]:
    """The migrated database, through its roles."""
    database = await migrated(servers, "audit")
    yield database
    await database.close()


@pytest.fixture
def harness(database: Migrated) -> Harness:
    """An executor with a clock of its own."""
    return Harness("audit", database, POLICY)


@pytest.fixture(scope="module")
async def case_database(servers: Servers) -> AsyncIterator[Migrated]:
    """The producer's database."""
    database = await migrated(servers, "case")
    yield database
    await database.close()


@pytest.fixture
async def flow(servers: Servers, case_database: Migrated, harness: Harness) -> AsyncIterator[Flow]:
    """Everything connected; the test starts the intake itself."""
    async with AsyncExitStack() as stack:
        case = await stack.enter_async_context(producing(servers, Harness("case", case_database, CASE_POLICY)))
        audit = await stack.enter_async_context(producing(servers, harness))
        case_cell = await case.harness.cell()
        audit_cell = Cell(harness, case_cell.cell_id, case_cell.nis_codes)
        yield Flow(servers, case, audit, Watch(harness.executor), case_cell, audit_cell)
