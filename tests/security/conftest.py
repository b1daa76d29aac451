"""The platform as `make run` runs it, with its traces exported to the test."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.platform import Platform
from tests.e2e.fresh import fresh_table
from tests.e2e.table import Table
from tests.instances import running_platform
from tests.security.collector import Collector, collecting


@pytest.fixture(scope="session")
async def collector() -> AsyncIterator[Collector]:
    """Where all spans of the run arrive."""
    async with collecting() as collector:
        yield collector


@pytest.fixture(scope="session")
async def platform(collector: Collector) -> AsyncIterator[Platform]:
    """The whole platform, traced."""
    async with running_platform({"RONDETAFEL_OTLP_ENDPOINT": collector.endpoint}) as platform:
        yield platform


@pytest.fixture
async def table(platform: Platform) -> AsyncIterator[Table]:
    """The people of the story, in a cell nobody else uses."""
    async with fresh_table(platform) as table:
        yield table
