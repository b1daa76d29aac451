"""The open page of a session keeps itself up to date, in whatever order its scripts come; what somebody types stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Route

from deploy.local.platform import Platform
from tests.browser import Contexts
from tests.e2e.bodies import Pen
from tests.e2e.table import demo_table
from tests.pages.drivers import Mouse
from tests.pages.pages import LIVE
from tests.pages.places import Places
from tests.pages.visitor import Visitor, visiting

ANSWER_SECONDS = 20


@pytest.fixture
async def lieve(contexts: Contexts, town: Places) -> AsyncIterator[Visitor]:
    """The chair, not on the page yet."""
    async with visiting(contexts, "lieve", Mouse) as lieve:
        yield lieve


async def test_it_listens_although_its_second_script_comes_late(
    platform: Platform, lieve: Visitor, town: Places
) -> None:
    begun = asyncio.Event()
    lieve.watched.page.on("request", lambda request: begun.set() if request.url.endswith("/events") else None)

    async def late(route: Route) -> None:
        # Long enough for the first script to begin without the second.
        await asyncio.sleep(1)
        await route.continue_()

    await lieve.watched.page.route("**/hx-sse.min.js", late)
    await lieve.open(LIVE.format_map(town.found))
    async with asyncio.timeout(ANSWER_SECONDS):
        await begun.wait()


async def test_what_is_typed_stays_while_the_page_renews_itself(
    platform: Platform, lieve: Visitor, town: Places
) -> None:
    page, renewed = lieve.watched.page, asyncio.Event()
    page.on("requestfinished", lambda request: renewed.set() if request.url.endswith("part=reading") else None)
    async with page.expect_response("**/events"):
        await lieve.open(LIVE.format_map(town.found))
    field = page.locator("#form textarea").first
    await field.click()
    await field.press_sequentially("Half a sen")
    async with demo_table(platform.instance.root) as table:
        await table["nele"].post(table.path("signals"), Pen().signal(table.nis_code))
    async with asyncio.timeout(ANSWER_SECONDS):
        await renewed.wait()
    await field.press_sequentially("tence")
    assert await field.input_value() == "Half a sentence"
