"""All that somebody can come to from the start by following links: pages, their parts, the streams they listen to."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import httpx

from deploy.local.browser import Browser
from deploy.local.code_flow import CodeFlow
from deploy.local.platform import Platform
from services.portal.api.guards import COOKIE
from tests.patience import HANGS_AFTER

MOST_PAGES = 1_000
FOLLOWED = ("href", "src", "hx-get", "data-read", "data-stream")
ELSEWHERE = ("/assets/", "/signin")
STREAM = "/events?"


class Crawl:
    """What one person found: texts by address, and the addresses of streams, which have no end."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.streams: set[str] = set()

    def reads(self, text: str) -> list[str]:
        """Addresses whose answer holds this text."""
        return [address for address, whole in self.texts.items() if text in whole]


async def crawled(platform: Platform, account: str) -> Crawl:
    """Sign in and follow every link of the portal from the start. Raises AssertionError when there is no end to it."""
    portal, found = platform.instance.portal_url, Crawl()
    async with Browser() as browser:
        await CodeFlow(platform.instance).sign_in_at_portal(browser, portal, account)
        waiting, seen = deque([f"{portal}/"]), {f"{portal}/"}
        while waiting:
            address = waiting.popleft()
            answer = await browser.open(address)
            found.texts[address.removeprefix(portal)] = answer.text
            for link in _links(str(answer.url), answer.text):
                path = link.removeprefix(portal)
                if link in seen or path == link or path.startswith(ELSEWHERE):
                    continue
                seen.add(link)
                if path.startswith(STREAM):
                    found.streams.add(path)
                else:
                    waiting.append(link)
            assert len(seen) < MOST_PAGES, f"{account} finds no end of pages, last {address}"
    return found


async def opened(platform: Platform, account: str, addresses: Iterable[str]) -> dict[str, str]:
    """What these addresses, found by somebody else, answer to this person."""
    portal = platform.instance.portal_url
    async with Browser() as browser:
        await CodeFlow(platform.instance).sign_in_at_portal(browser, portal, account)
        return {address: (await browser.open(portal + address)).text for address in addresses}


@asynccontextmanager
async def listening(platform: Platform, account: str, address: str) -> AsyncIterator[httpx.Response]:
    """This person's browser, listening to a stream."""
    portal = platform.instance.portal_url
    async with Browser() as browser, httpx.AsyncClient(trust_env=False, timeout=HANGS_AFTER) as http:
        await CodeFlow(platform.instance).sign_in_at_portal(browser, portal, account)
        cookie = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
        async with http.stream("GET", portal + address, headers=cookie) as stream:
            yield stream


def _links(base: str, page: str) -> list[str]:
    reader = _LinkReader()
    reader.feed(page)
    return [urldefrag(urljoin(base, link)).url for link in reader.links]


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name in FOLLOWED and value]
