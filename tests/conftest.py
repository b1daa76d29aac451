"""What every part may use: the real servers, or the whole platform, started once for the whole run."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from deploy.local.instance import Instance
from deploy.local.platform import Platform
from deploy.local.servers import Servers
from tests.instances import new_instance, running_platform

# No wall-clock deadline on an example: the real servers answer as fast as the machine lets them. CI draws the same
# examples each time, a developer's machine new ones.
settings.register_profile(
    "house", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def instance() -> Iterator[Instance]:
    """A new instance with free ports, removed at the end of the run."""
    with new_instance() as instance:
        yield instance


@pytest.fixture(scope="session")
def servers(instance: Instance) -> Iterator[Servers]:
    """PostgreSQL and NATS with their roles, databases and streams; any event loop may use them."""
    servers = Servers(instance)
    asyncio.run(servers.start())
    try:
        yield servers
    finally:
        asyncio.run(servers.stop())


@pytest.fixture(scope="session")
async def platform() -> AsyncIterator[Platform]:
    """The whole platform on an instance of its own: what `make run` runs, without the demo."""
    async with running_platform() as platform:
        yield platform
