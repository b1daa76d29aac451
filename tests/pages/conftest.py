"""One Chromium for the whole part, a site for sample pages, and the platform with its demo town.

RONDETAFEL_PAGES_AT, the directory of a platform with its demo that runs already, spares its start: for whoever works
on pages.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser

from deploy.local.accounts import running_instance
from deploy.local.demo import seed
from deploy.local.platform import Platform
from tests.browser import Contexts, running_browser
from tests.e2e.fresh import next_nis_code
from tests.instances import running_platform
from tests.pages.places import Places, furnished
from tests.pages.site import Site, serving


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
        with towns_without_a_cell(Path(running)):
            yield Platform(running_instance(Path(running)))
        return
    async with running_platform() as platform:
        yield platform


@contextmanager
def towns_without_a_cell(root: Path) -> Iterator[None]:
    """Earlier runs took the first towns for their cells: each run goes on where the last one ended."""
    noted = root / "pages.town"
    if noted.exists():
        while next_nis_code() != noted.read_text():
            pass
    yield
    noted.write_text(next_nis_code())


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
