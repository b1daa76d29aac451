"""A fresh cell on the storm: every test of this part looks at the traced platform, which may be killed."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.platform import Platform
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.table import Table
from tests.instances import running_platform
from tests.security.collector import Collector, collecting


@pytest.fixture(scope="session")
async def collector() -> AsyncIterator[Collector]:
    """Where all spans of the storm arrive."""
    async with collecting() as collector:
        yield collector


@pytest.fixture(scope="session")
async def storm(collector: Collector) -> AsyncIterator[Platform]:
    """That of this part, traced."""
    async with running_platform({"RONDETAFEL_OTLP_ENDPOINT": collector.endpoint}) as platform:
        yield platform


@pytest.fixture(scope="session")
def platform(storm: Platform) -> Platform:
    """The traced one."""
    return storm


@pytest.fixture
async def table(platform: Platform) -> AsyncIterator[Table]:
    """The people of the story, in a cell nobody else uses."""
    async with table_of_the_pool(platform) as table:
        yield table
