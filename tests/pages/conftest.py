"""One Chromium for the whole part, a site for sample pages, and the demo town of the platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, expect

from deploy.local.demo import seed
from deploy.local.platform import Platform
from tests.browser import Contexts, running_browser
from tests.pages.places import Places, furnished
from tests.pages.site import Site, serving
from tests.patience import HANGS_AFTER

expect.set_options(timeout=1000 * HANGS_AFTER)


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
