"""A fresh cell on the storm: every test of this part looks at the traced platform, which may be killed."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.platform import Platform
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.table import Table


@pytest.fixture(scope="session")
def platform(storm: Platform) -> Platform:
    """The traced one."""
    return storm


@pytest.fixture
async def table(platform: Platform) -> AsyncIterator[Table]:
    """The people of the story, in a cell nobody else uses."""
    async with table_of_the_pool(platform) as table:
        yield table
