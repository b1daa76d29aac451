"""Two tabs of one browser that sign in at the same time, and the way back into a sign-in that is done."""

from __future__ import annotations

from playwright.async_api import expect

from deploy.local.platform import Platform
from tests.browser import Contexts, answer_sign_in
from tests.pages.drivers import Mouse
from tests.pages.watched import Watched

ARRIVAL = 30_000
"""Milliseconds; a page of Keycloak looks every two seconds whether another tab has signed in."""


async def test_each_tab_goes_where_it_wanted(platform: Platform, contexts: Contexts) -> None:
    """The second is left at the sign-in page while the first signs in; nobody types anything there again."""
    portal, nele = platform.instance.portal_url, contexts.people["nele"]
    context = await contexts.fresh(None)
    try:
        first, second = [await Watched.new(context) for _ in range(2)]
        for tab, to in ((first, "/help"), (second, "/me")):
            await tab.open(f"{portal}/signin?to={to}")
        await answer_sign_in(first, Mouse(first), platform.instance, nele)
        await expect(first.page).to_have_url(f"{portal}/help", timeout=ARRIVAL)
        await expect(second.page).to_have_url(f"{portal}/me", timeout=ARRIVAL)
        await first.page.go_back()
        await expect(first.page).to_have_url(f"{portal}/help", timeout=ARRIVAL)
        for tab in (first, second):
            await tab.page.reload()
            await expect(tab.page.locator(".signout, form[action='/signout']").first).to_be_attached()
    finally:
        await context.close()
