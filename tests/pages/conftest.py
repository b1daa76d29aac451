"""One Chromium for the whole part, a site for sample pages, and the platform with its demo town.

RONDETAFEL_PAGES_AT, the directory of a platform with its demo that runs already, spares its start: for whoever works
on pages.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser

from deploy.local.demo import running_instance, seed
from deploy.local.instance import Instance
from tests.browser import Contexts, running_browser
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
async def demo() -> AsyncIterator[Instance]:
    """A platform with its demo town."""
    async with AsyncExitStack() as stack:
        if running := os.environ.get("RONDETAFEL_PAGES_AT"):
            yield running_instance(Path(running))
            return
        platform = await stack.enter_async_context(running_platform())
        await seed(platform)
        yield platform.instance


@pytest.fixture(scope="session")
async def contexts(browser: Browser, demo: Instance) -> AsyncIterator[Contexts]:
    """Browser contexts of its people, who sign in once."""
    contexts = Contexts(browser, demo)
    yield contexts
    await contexts.close()


@pytest.fixture(scope="session")
async def town(contexts: Contexts) -> Places:
    """What there is in the demo town, with the scenes played and guests at its edge."""
    return await furnished(contexts)
