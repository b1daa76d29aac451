"""One Chromium for the whole part, a site for sample pages, and the platform with its demo town.

RONDETAFEL_PAGES_AT, the directory of a platform with its demo that runs already, spares its start: for whoever works
on pages.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from deploy.local.demo import running_instance, seed
from deploy.local.platform import Platform
from tests.browser import Contexts, running_browser
from tests.e2e.fresh import next_nis_code
from tests.instances import running_platform
from tests.pages.places import Places, furnished
from tests.pages.site import Site, serving

TOWNS_OF_A_RUN = 4


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    async with running_browser() as browser:
        yield browser


@pytest.fixture
def site() -> Iterator[Site]:
    """A site of the test's own, with nothing on it."""
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
async def platform() -> AsyncIterator[Platform]:
    """The whole platform: one of its own, or the one that runs already."""
    if running := os.environ.get("RONDETAFEL_PAGES_AT"):
        pass_towns_with_a_cell(Path(running))
        yield Platform(running_instance(Path(running)))
        return
    async with running_platform() as platform:
        yield platform


def pass_towns_with_a_cell(root: Path) -> None:
    """Earlier runs took the first towns for their cells: each run begins where the last one cannot have come to."""
    noted = root / "pages.runs"
    runs = int(noted.read_text()) if noted.exists() else 0
    noted.write_text(str(runs + 1))
    for _ in range(runs * TOWNS_OF_A_RUN):
        next_nis_code()


@pytest.fixture(scope="session")
async def contexts(browser: Browser, platform: Platform) -> AsyncIterator[Contexts]:
    """Browser contexts of the demo town's people, who sign in once."""
    await seed(platform)
    contexts = Contexts(browser, platform.instance)
    yield contexts
    await contexts.close()


@pytest.fixture(scope="session")
async def town(platform: Platform, contexts: Contexts) -> Places:
    """What there is in the demo town, with the scenes played and guests at its edge."""
    return await furnished(platform, contexts)
