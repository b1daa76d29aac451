"""What every part may use: the real servers, or the whole platform, started once for the whole run."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from deploy.local.instance import REPOSITORY, Instance
from deploy.local.platform import Platform
from deploy.local.servers import Servers
from tests.instances import CALM, handed_over, new_instance, running_platform
from tests.running.quick import LEAVE_OUT

# No wall-clock deadline on an example: the real servers answer as fast as the machine lets them. CI draws the same
# examples each time, a developer's machine new ones.
settings.register_profile(
    "house", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
NEEDS_LONG = {"platform", "storm", "keycloak"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`make quick` leaves out what needs a platform or Keycloak, unless its file was changed itself."""
    if LEAVE_OUT in os.environ:
        own = {REPOSITORY / name for name in os.environ[LEAVE_OUT].split()}
        left = [item for item in items if item.path not in own and NEEDS_LONG.intersection(fixtures_of(item))]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In which a file may have nothing left."""
    if LEAVE_OUT in os.environ and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def fixtures_of(item: pytest.Item) -> list[str]:
    """The names of all fixtures that a test needs, by others too."""
    return list(getattr(item, "fixturenames", ()))


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
async def storm() -> AsyncIterator[Platform]:
    """A platform of our own, of which parts may be killed, stopped, changed; `security` has it traced."""
    async with running_platform() as platform:
        yield platform


@pytest.fixture(scope="session")
def platform(request: pytest.FixtureRequest) -> Platform:
    """A platform to be used and left as it is: the one handed over, which others use meanwhile, else our own."""
    if root := os.environ.get(CALM):
        return Platform(handed_over(Path(root)))
    own: Platform = request.getfixturevalue("storm")
    return own
