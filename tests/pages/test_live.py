"""The open page of a session keeps itself up to date, in all tabs by one stream; what somebody types stays."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import BrowserContext, Page, Request

from deploy.local.platform import Platform
from tests.browser import Contexts
from tests.e2e.bodies import Pen
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.story import Story
from tests.e2e.table import demo_table
from tests.e2e.waiting import until
from tests.pages.drivers import Mouse
from tests.pages.pages import DECIDING, LIVE
from tests.pages.places import Places
from tests.pages.scene import PLANNED, played
from tests.pages.visitor import Visitor, visiting

ANSWER_SECONDS = 20
TABS = 8
"""A browser gives a host six connections over HTTP/1.1."""
NEWS = "Zij zet zich weer in voor de jeugdploeg."
NEVER_ASKING = "setInterval = () => 0"
"""Tabs ask their leader now and then; this one must be told."""
WITHOUT_LOCKS = "delete Navigator.prototype.locks"
DEAF = "BroadcastChannel.prototype.postMessage = () => {}"
SEEN = "state => { Object.defineProperty(document, 'hidden', {get: () => state === 'hidden', configurable: true}); \
document.dispatchEvent(new Event('visibilitychange')) }"


class Streams:
    """The streams that a browser holds open now, by its pages."""

    def __init__(self, context: BrowserContext) -> None:
        self.begun = 0
        self._open: dict[Request, Page] = {}
        context.on("request", self._begin)
        context.on("requestfinished", self._end)
        context.on("requestfailed", self._end)

    @property
    def pages(self) -> list[Page]:
        """Whose they are."""
        return [page for page in self._open.values() if not page.is_closed()]

    async def settle(self, pages: Iterable[Page]) -> None:
        """Wait until they are of these pages."""
        wanted = list(pages)

        async def settled() -> bool | None:
            return sorted(map(id, self.pages)) == sorted(map(id, wanted)) or None

        await until(f"{len(wanted)} streams of those pages, not {self.pages}", settled)

    def _begin(self, request: Request) -> None:
        if "/events?" in request.url:
            self.begun += 1
            self._open[request] = request.frame.page

    def _end(self, request: Request) -> None:
        self._open.pop(request, None)


@pytest.fixture
async def lieve(contexts: Contexts, town: Places) -> AsyncIterator[Visitor]:
    """The chair, not on the page yet."""
    async with visiting(contexts, "lieve", Mouse) as lieve:
        yield lieve


@asynccontextmanager
async def tabs(contexts: Contexts, person: str, number: int, first: str = "") -> AsyncIterator[list[Page]]:
    """Tabs of one browser; `first` is run in each before anything else."""
    context = await contexts.fresh(person)
    if first:
        await context.add_init_script(first)
    try:
        pages = [await context.new_page() for _ in range(number)]
        yield pages
    finally:
        await context.close()


async def all_read(pages: Iterable[Page], text: str) -> None:
    """Every page comes to say this, by itself."""
    for page in pages:
        await page.get_by_text(text).first.wait_for(timeout=ANSWER_SECONDS * 1_000)


async def test_invariant_15_eight_tabs_share_one_stream_whoever_leads_and_all_lose_what_is_lost(
    platform: Platform, contexts: Contexts
) -> None:
    async with table_of_the_pool(platform) as table:
        story = await played(table, *PLANNED, Story.lieve_opens_it)
        address = f"{contexts.instance.portal_url}{table.path(f'sessions/{story.session}/cases/{story.case}')}"
        async with tabs(contexts, table.account("nele"), TABS, NEVER_ASKING) as pages:
            streams = Streams(pages[0].context)
            for page in pages:
                await page.goto(address)
            ordinary = await pages[0].context.new_page()
            await ordinary.goto(f"{contexts.instance.portal_url}/me")
            await streams.settle(pages[:1])
            assert streams.begun == 1, "who comes later listens through the first"

            await story.contribute("sofie", "leisure", NEWS)
            await all_read(pages, NEWS)
            await pages[0].close()
            await story.lieve_decides()
            await all_read(pages[1:], Pen().follow_up("", "", "")["reasons"])
            assert len(streams.pages) == 1

            mandates = (await table["an"].get(table.path("mandates"), page_size=50)).body["mandates"]
            mine = next(mandate for mandate in mandates if mandate["given_name"] == "Nele")
            end = table.path(f"mandates/{mine['mandate_id']}/end")
            await table["an"].post(end, {"reason": "left"}, if_match=f'"{mine["version"]}"')
            for page in pages[1:]:
                await page.locator("[data-stream]").wait_for(state="detached", timeout=ANSWER_SECONDS * 1_000)
                assert NEWS not in await page.content()
            await streams.settle([])


async def test_invariant_15_whoever_is_taken_out_of_the_circle_loses_the_open_page(
    platform: Platform, contexts: Contexts
) -> None:
    async with table_of_the_pool(platform) as table:
        story = await played(table, *PLANNED, Story.lieve_opens_it)
        address = f"{contexts.instance.portal_url}{table.path(f'sessions/{story.session}/cases/{story.case}')}"
        async with tabs(contexts, table.account("nele"), 1) as (page,):
            await page.goto(address)
            await story.contribute("sofie", "leisure", NEWS)
            await all_read([page], NEWS)
            an, case = table["an"], table.path(f"cases/{story.case}")
            found = await an.get(case)
            entry = next(entry for entry in found.body["circle"] if entry["person_id"] == story.ids["nele"])
            end = f"{case}/circle/{entry['entry_id']}/end"
            await an.post(end, {"reason": "conflict_of_interest"}, if_match=found.etag)
            await page.get_by_text(NEWS).first.wait_for(state="detached", timeout=ANSWER_SECONDS * 1_000)
            assert NEWS not in await page.content()


async def test_a_tab_that_sleeps_or_does_not_answer_gives_the_stream_to_one_in_view(
    contexts: Contexts, town: Places
) -> None:
    address = contexts.instance.portal_url + LIVE.format_map(town.found)
    async with tabs(contexts, "lieve", 2) as (first, second):
        streams = Streams(first.context)
        for page in (first, second):
            await page.goto(address)
        await streams.settle([first])
        # The browser tells it so before it lets the page sleep.
        await first.evaluate("document.dispatchEvent(new Event('freeze'))")
        await streams.settle([second])
        await first.evaluate("document.dispatchEvent(new Event('resume'))")
        await second.evaluate(DEAF)
        await first.evaluate(SEEN, "visible")
        await streams.settle([first])


async def test_where_tabs_cannot_share_each_listens_while_it_is_in_view(contexts: Contexts, town: Places) -> None:
    address = contexts.instance.portal_url + LIVE.format_map(town.found)
    async with tabs(contexts, "lieve", 2, WITHOUT_LOCKS) as (first, second):
        streams = Streams(first.context)
        for page in (first, second):
            await page.goto(address)
        await streams.settle([first, second])
        await first.evaluate(SEEN, "hidden")
        await streams.settle([second])
        await first.evaluate(SEEN, "visible")
        await streams.settle([first, second])


async def test_what_is_typed_stays_while_the_page_renews_itself(
    platform: Platform, lieve: Visitor, town: Places
) -> None:
    page, renewed = lieve.watched.page, asyncio.Event()
    page.on("requestfinished", lambda request: renewed.set() if "part=reading" in request.url else None)
    async with page.expect_response(re.compile(r"/events\?")):
        await lieve.open(DECIDING.format_map(town.found))
    field = page.locator("#form textarea").first
    await field.click()
    await field.press_sequentially("Half a sen")
    async with demo_table(platform.instance.root) as table:
        await table["nele"].post(table.path("signals"), Pen().signal(table.nis_code))
    async with asyncio.timeout(ANSWER_SECONDS):
        await renewed.wait()
    await field.press_sequentially("tence")
    assert await field.input_value() == "Half a sentence"
