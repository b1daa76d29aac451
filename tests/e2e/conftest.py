"""A fresh cell with everybody in it, for each test."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.platform import Platform
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.table import Table


@pytest.fixture
async def table(platform: Platform) -> AsyncIterator[Table]:
    """The people of the story, in a cell nobody else uses."""
    async with table_of_the_pool(platform) as table:
        yield table
