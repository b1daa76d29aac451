"""Nothing typed is lost: reload, link and back, back after an error, signed out elsewhere, two devices, asleep."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Request, expect

from deploy.local.platform import Platform
from tests.browser import Contexts, Look
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.table import Table
from tests.pages.drivers import Mouse, Touch
from tests.pages.visitor import Visitor, visiting
from tests.patience import HANGS_AFTER

OBSERVED = "#observed"
KEPT = "#kept"
ASLEEP = """() => { Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})
document.dispatchEvent(new Event('visibilitychange')) }"""

NOTHING_KEPT = """() => Promise.all([...document.querySelectorAll("form[action='/drafts/drop']")].map(
    (form) => fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })))"""


@pytest.fixture
async def table(platform: Platform) -> AsyncIterator[Table]:
    """One whose people typed nothing yet that anybody else looks at."""
    async with table_of_the_pool(platform) as table:
        yield table


@pytest.fixture
async def nele(contexts: Contexts, table: Table) -> AsyncIterator[Visitor]:
    """Before an empty form of a signal, with nothing kept from before."""
    async with visiting(contexts, table.account("nele"), Mouse) as nele:
        await nele.open("/")
        await nele.watched.page.evaluate(NOTHING_KEPT)
        await nele.open(table.path("signals/new"))
        yield nele


async def typed(page: Page, text: str) -> None:
    """Key by key, as a person does."""
    await page.locator(OBSERVED).press_sequentially(text)


async def holds(page: Page, text: str) -> None:
    """The field comes to have this."""
    await expect(page.locator(OBSERVED)).to_have_value(text)


async def go_home(nele: Visitor) -> None:
    """By the menu."""
    async with nele.watched.settled():
        await nele.watched.page.locator(".nav a[href='/']").click()


class Keeping:
    """What the page sent to be kept."""

    def __init__(self, page: Page) -> None:
        self.sent: list[Request] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.method == "POST" and request.resource_type == "fetch":
            self.sent.append(request)


async def test_a_reload_gives_it_back_kept_or_not(nele: Visitor) -> None:
    page = nele.watched.page
    await typed(page, "Hij komt niet meer.")
    await expect(page.locator(KEPT)).to_be_visible()
    await page.reload()
    await holds(page, "Hij komt niet meer.")
    await page.locator(OBSERVED).press("End")
    await typed(page, " Al twee weken.")
    await page.reload()
    await holds(page, "Hij komt niet meer. Al twee weken.")


async def test_a_link_and_back_gives_it_back(nele: Visitor) -> None:
    page = nele.watched.page
    await typed(page, "Zij praat met niemand.")
    await go_home(nele)
    await nele.reads("Werk je signaal af")
    await page.go_back()
    await holds(page, "Zij praat met niemand.")
    await nele.does_not_read("Je schreef ook dit")


async def test_back_after_an_error_gives_it_back(nele: Visitor) -> None:
    page = nele.watched.page
    await typed(page, "Te weinig om te versturen.")
    await nele.press_button("Verstuur het signaal")
    assert nele.status == 422
    await page.go_back()
    await holds(page, "Te weinig om te versturen.")


async def test_signed_out_in_another_tab_it_is_kept_and_leaves_the_screen(contexts: Contexts, table: Table) -> None:
    # With a sign-in of its own: that of the others must last.
    async with visiting(contexts, table.account("nele"), Mouse, signed_in=False) as nele:
        await nele.sign_in()
        await nele.open(table.path("signals/new"))
        await _left_by_the_other_tab(nele)


async def _left_by_the_other_tab(nele: Visitor) -> None:
    page = nele.watched.page
    await typed(page, "Eerst dit.")
    await expect(page.locator(KEPT)).to_be_visible()
    other = await page.context.new_page()
    await other.goto(page.url.partition("/cells/")[0] + "/me")
    await page.locator(OBSERVED).press_sequentially(" Dan dat.")
    await other.get_by_role("button", name="Meld je af").click()
    await expect(other).to_have_url(page.url.partition("/cells/")[0] + "/?out=1")
    await expect(page.get_by_text("Wat je schreef, is bewaard")).to_be_visible()
    await page.get_by_role("button", name="Verder naar aanmelden").click()
    await nele.answer_sign_in()
    await holds(page, "Eerst dit. Dan dat.")


async def test_two_devices_write_beside_each_other_and_neither_is_lost(
    contexts: Contexts, table: Table, nele: Visitor
) -> None:
    page = nele.watched.page
    await typed(page, "Samen begonnen.")
    await expect(page.locator(KEPT)).to_be_visible()
    async with visiting(contexts, table.account("nele"), Touch, Look(width=390, touch=True)) as phone:
        await phone.open(nele.at)
        await holds(phone.watched.page, "Samen begonnen.")
        await phone.watched.page.locator(OBSERVED).fill("Op de gsm.")
        await expect(phone.watched.page.locator(KEPT)).to_be_visible()
        await page.locator(OBSERVED).fill("Op de laptop.")
        await page.wait_for_event("response", lambda answer: answer.request.method == "POST")
        await phone.open(table.path("signals/new"))
        await holds(phone.watched.page, "Op de laptop.")
        await phone.reads("Je schreef ook dit", "Op de gsm.")


async def test_a_phone_that_goes_to_sleep_keeps_what_was_typed(contexts: Contexts, table: Table) -> None:
    account, look = table.account("nele"), Look(width=390, touch=True)
    async with visiting(contexts, account, Touch, look) as phone:
        await phone.open(table.path("signals/new"))
        page = phone.watched.page
        await page.locator(OBSERVED).fill("In de tram getypt.")
        async with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            await page.evaluate(ASLEEP)
        assert (await answered.value).status == 200
    async with visiting(contexts, account, Touch, look) as again:
        await again.open(table.path("signals/new"))
        await holds(again.watched.page, "In de tram getypt.")


async def test_it_asks_little_and_nothing_is_kept_in_the_browser(nele: Visitor, contexts: Contexts) -> None:
    page = nele.watched.page
    keeping = Keeping(page)
    await typed(page, "Een zin die in stukjes wordt getypt.")
    await expect(page.locator(KEPT)).to_be_visible()
    assert len(keeping.sent) == 1, "one for a pause, however many keys"
    await page.locator(OBSERVED).press("End")
    await page.evaluate("document.querySelector('#observed').dispatchEvent(new Event('input', {bubbles: true}))")
    await page.locator(OBSERVED).press_sequentially("x")
    await page.locator(OBSERVED).press("Backspace")
    await go_home(nele)
    assert len(keeping.sent) == 1, "nothing changed"
    stored = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
    assert stored == "[{},{},null]"
    assert "Een zin" not in page.url


async def test_what_is_kept_can_be_thrown_away(nele: Visitor) -> None:
    page = nele.watched.page
    await typed(page, "Toch maar niet.")
    await expect(page.locator(KEPT)).to_be_visible()
    await nele.unfold("Gooi weg wat ik typte")
    await nele.press_button("Ja, gooi dit weg")
    await holds(page, "")
    await nele.open("/")
    await nele.does_not_read("Wat je begon")


async def test_the_form_that_is_sent_leaves_no_draft(nele: Visitor, table: Table) -> None:
    page = nele.watched.page
    for name in ("observed", "tried", "reason"):
        await page.locator(f"#{name}").press_sequentially("Iets.")
    await page.locator("[id='person.given_name']").fill("Robin")
    await page.locator("[id='person.birth_date']").fill("2001")
    await nele.press_button("Verstuur het signaal")
    assert nele.at.endswith("/thanks")
    await nele.open("/")
    await nele.does_not_read("Werk je signaal af")


async def test_while_nobody_answers_it_says_so_and_tries_again(nele: Visitor) -> None:
    page = nele.watched.page
    await page.route("**/signals/new*", lambda route: route.abort())
    await typed(page, "Zonder verbinding.")
    await expect(page.get_by_text("nog niet bewaard")).to_be_visible()
    await page.unroute("**/signals/new*")
    await expect(page.get_by_text("is zeven dagen bewaard")).to_be_visible(timeout=HANGS_AFTER * 1_000)
