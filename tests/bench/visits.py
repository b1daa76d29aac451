"""Real visits: from nothing through the sign-in service's pages to the first page, and a first visit by Chromium."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from deploy.local.browser import Browser
from deploy.local.code_flow import CodeFlow
from deploy.local.platform import Platform
from tests.browser import Contexts, running_browser
from tests.e2e.table import Table
from tests.pages.watched import Watched


@dataclass(frozen=True, slots=True)
class SignIn:
    """How long it took, in seconds, and the cookie header the browser sends to the portal since."""

    seconds: float
    cookie: str


async def sign_in(platform: Platform, own: Table, name: str) -> SignIn:
    """As somebody's browser does: from the portal's /signin, password and one-time code, to the start page's last byte.

    Raises SignInFailed. The time holds a wait of up to 30 seconds for whoever has used three codes just before.
    """
    url = platform.instance.portal_url
    flow = CodeFlow(platform.instance)
    async with Browser() as browser:
        started = time.perf_counter()
        page = await flow.sign_in_at_portal(browser, url, own.account(name))
        seconds = time.perf_counter() - started
        if page.status_code != 200 or str(page.url) != f"{url}/":
            raise AssertionError(f"the sign-in of {name} ends at {page.url} with {page.status_code}")
        asked = httpx.Request("GET", url)
        browser.cookies.set_cookie_header(asked)
        return SignIn(seconds, asked.headers["cookie"])


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes on the wire, packed, headers included: the HTML, and with it all that an empty cache lacks."""

    html: int
    first_visit: int


async def weigh(platform: Platform, own: Table, visits: Mapping[str, tuple[str, str]]) -> dict[str, Weight]:
    """By name of the page; `visits` says who opens it and at which address."""
    found = {}
    async with running_browser() as browser:
        contexts = Contexts(browser, platform.instance)
        for name, (reader, address) in visits.items():
            context = await contexts.fresh(own.account(reader))
            watched = await Watched.new(context)
            await watched.open(platform.instance.portal_url + address)
            sizes = watched.transferred
            html = sum(size for width, size in sizes.items() if watched.kinds[width] == "Document")
            found[name] = Weight(html, sum(sizes.values()))
            await context.close()
    return found
