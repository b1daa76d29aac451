"""No content stays on a screen after the moment of sign-out: left alone, by the button back, without script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from deploy.local.platform import Platform
from tests.browser import Contexts, Look
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.table import Table
from tests.pages.drivers import Mouse
from tests.pages.test_kept import go_home
from tests.pages.visitor import Visitor, visiting

HALF_AN_HOUR = "31:00"
TOLD = "Je bent afgemeld"


@pytest.fixture
async def table(platform: Platform) -> AsyncIterator[Table]:
    """One to be signed in for."""
    async with table_of_the_pool(platform) as table:
        yield table


@asynccontextmanager
async def before_a_form(contexts: Contexts, table: Table, look: Look | None = None) -> AsyncIterator[Visitor]:
    """By a sign-in of one's own, which may be ended."""
    async with visiting(contexts, table.account("nele"), Mouse, look, signed_in=False) as nele:
        await nele.sign_in()
        await nele.open(table.path("signals/new"))
        yield nele


async def sign_out_unheard(page: Page) -> None:
    """The sign-in ends, and no page of this browser hears of it: as when its time is over."""
    portal = page.url.partition("/cells/")[0]
    token = await page.locator("form.out [name=csrf_token]").get_attribute("value")
    answer = await page.request.post(f"{portal}/signout", form={"csrf_token": str(token)})
    assert answer.ok


async def test_a_page_left_alone_covers_itself_when_the_sign_in_is_over(contexts: Contexts, table: Table) -> None:
    async with before_a_form(contexts, table) as nele:
        page = nele.watched.page
        await page.clock.install()
        await page.reload()
        await page.clock.run_for(60_000)
        await expect(page.locator("#observed")).to_be_visible()
        # Still signed in, by another page perhaps: the moment moves along.
        await page.clock.fast_forward(HALF_AN_HOUR)
        await expect(page.locator("#observed")).to_be_visible()
        await page.locator("#observed").fill("Nog niet bewaard.")
        await sign_out_unheard(page)
        await page.clock.fast_forward(HALF_AN_HOUR)
        await expect(page.get_by_text("Wat je schreef, is bewaard")).to_be_visible()
        assert "/cells/" not in page.url.partition("?")[0]


async def test_while_nobody_answers_it_stays_covered(contexts: Contexts, table: Table) -> None:
    async with before_a_form(contexts, table) as nele:
        page = nele.watched.page
        await page.clock.install()
        await page.reload()
        await expect(page.locator("#observed")).to_be_visible()
        await page.route("**/signin/left", lambda route: route.abort())
        await page.clock.fast_forward(HALF_AN_HOUR)
        await expect(page.locator("body")).to_be_hidden()
        await page.unroute("**/signin/left")
        await page.clock.run_for(20_000)
        await expect(page.locator("#observed")).to_be_visible()


async def test_the_button_back_brings_nothing_back(contexts: Contexts, table: Table) -> None:
    async with before_a_form(contexts, table) as nele:
        page = nele.watched.page
        await go_home(nele)
        await page.go_back()
        await expect(page.locator("#observed")).to_be_visible()
        await nele.press_button("Meld je af")
        await expect(page.get_by_text(TOLD)).to_be_visible()
        await page.go_back()
        await expect(page.get_by_role("button", name="Verder naar aanmelden")).to_be_visible()
        await expect(page.locator("#observed")).to_have_count(0)


async def test_another_tab_covers_itself_at_once(contexts: Contexts, table: Table) -> None:
    async with before_a_form(contexts, table) as nele:
        other = await nele.watched.page.context.new_page()
        await other.goto(nele.watched.page.url)
        await expect(other.locator("#observed")).to_be_visible()
        await nele.press_button("Meld je af")
        await expect(other.get_by_text(TOLD)).to_be_visible()
        await expect(other.locator("#observed")).to_have_count(0)


async def test_without_script_the_page_goes_to_where_it_says_so(contexts: Contexts, table: Table) -> None:
    """The moment itself is half an hour away: it is moved near, as the browser gets the page."""
    async with before_a_form(contexts, table, Look(javascript=False)) as nele:
        page = nele.watched.page
        near, found = re.subn(
            r'content="1[78]\d\d;url=/signin/over', 'content="1;url=/signin/over', await page.content()
        )
        assert found == 1
        await sign_out_unheard(page)
        await page.route(page.url, lambda route: route.fulfill(body=near, content_type="text/html"))
        await page.goto(page.url)
        await expect(page.get_by_text(TOLD)).to_be_visible()
