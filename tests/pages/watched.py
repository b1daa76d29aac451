"""A page with somebody watching: what it says, asks for and fetches, and when it has come to rest."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, CDPSession, ConsoleMessage, Error, Page, Request, Response

from tests.patience import HANGS_AFTER

NAVIGATING = ("Page.frameRequestedNavigation", "Page.frameScheduledNavigation", "Page.frameStartedNavigating")
FETCHES = ("Fetch", "XHR")


class Watched:
    """One page and what was seen of it since it was opened last.

    `transferred` is bytes on the wire by address; `foreign_to` tells which requests went elsewhere.
    """

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self.page = page
        self.cdp = cdp
        self.said: list[str] = []
        self.failed: list[str] = []
        self.requests: list[str] = []
        self.answers: list[Response] = []
        self.transferred: dict[str, int] = {}
        self.kinds: dict[str, str] = {}
        self._frame = ""
        self._worlds: dict[str, int] = {}
        self._brought: set[str] = set()
        self._addresses: dict[str, str] = {}
        self._loading = False
        self._fetching: dict[str, str] = {}
        self._rest = asyncio.Event()

    @classmethod
    async def new(cls, context: BrowserContext) -> Watched:
        """A new page of this context, watched from its first request."""
        page = await context.new_page()
        watched = cls(page, await context.new_cdp_session(page))
        await watched._watch()
        return watched

    async def open(self, url: str) -> Response:
        """Go there; what was seen before is forgotten."""
        self.forget()
        async with self.settled():
            answer = await self.page.goto(url)
        assert answer is not None, f"{url} answered nothing"
        return answer

    @property
    def document(self) -> Response:
        """The answer that the present page is."""
        return next(answer for answer in reversed(self.answers) if answer.request.resource_type == "document")

    def forget(self) -> None:
        """Begin to watch anew."""
        for seen in (self.said, self.failed, self.requests, self.answers, self.transferred):
            seen.clear()

    @asynccontextmanager
    async def settled(self) -> AsyncIterator[None]:
        """What is done inside is over at the end of it, with the navigation and the requests that it began.

        The browser reports the beginning of both before it answers the next question, so one question is enough to
        know whether there is anything to wait for. Streams of events are not waited for.
        """
        yield
        for _ in range(2):
            await self._ask()
            try:
                async with asyncio.timeout(HANGS_AFTER):
                    await self._rest.wait()
            except TimeoutError:
                raise TimeoutError(f"{self.page.url} does not come to rest within {HANGS_AFTER:.0f} s") from None

    async def evaluate(self, expression: str, world: str = "tests") -> Any:
        """The value of an expression in a world beside the page's own scripts, also where scripts are off.

        Sent through the debugger: the page's policy does not stop it, and the page does not notice.
        """
        context = await self._world(world)
        answer = await self.cdp.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": context, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            raise AssertionError(f"{self.page.url}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def bring(self, script: str, world: str) -> None:
        """Run a script in that world of every document from now on, before anything else; once is enough."""
        if world not in self._brought:
            self._brought.add(world)
            wanted = {"source": script, "worldName": world}
            await self.cdp.send("Page.addScriptToEvaluateOnNewDocument", wanted)

    async def keep_nothing(self, wanted: bool) -> None:
        """Whether every address is fetched anew, as at a first visit."""
        await self.cdp.send("Network.setCacheDisabled", {"cacheDisabled": wanted})

    async def ancestry(self, expression: str) -> list[dict[str, Any]]:
        """The accessibility nodes of the element that this expression is, and of all around it, from inside out."""
        context = await self._world("tests")
        found = await self.cdp.send("Runtime.evaluate", {"expression": expression, "contextId": context})
        told = {"objectId": found["result"]["objectId"]}
        nodes: list[dict[str, Any]] = (await self.cdp.send("Accessibility.getAXNodeAndAncestors", told))["nodes"]
        return nodes

    async def text(self) -> str:
        """What a person reads on the page, each run of white space as one space."""
        return one_line(await self.evaluate("document.body.innerText"))

    def foreign_to(self, *origins: str) -> list[str]:
        """Addresses asked for that are of none of these origins."""
        return [url for url in self.requests if origin(url) not in origins and urlsplit(url).scheme != "data"]

    async def _watch(self) -> None:
        page = self.page
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda answer: self.answers.append(answer))
        page.on("requestfailed", self._note_failure)
        for name in NAVIGATING:
            self.cdp.on(name, self._begin)
        self.cdp.on("Page.frameNavigated", self._left)
        self.cdp.on("Page.loadEventFired", self._loaded)
        self.cdp.on("Page.navigatedWithinDocument", self._loaded)
        self.cdp.on("Network.requestWillBeSent", self._sent)
        self.cdp.on("Network.responseReceived", self._answered)
        self.cdp.on("Network.loadingFinished", self._finished)
        self.cdp.on("Network.loadingFailed", self._finished)
        for domain in ("Page", "Network", "DOM", "Accessibility"):
            await self.cdp.send(f"{domain}.enable")
        self._frame = (await self.cdp.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        self._recount()

    async def _world(self, name: str) -> int:
        if name not in self._worlds:
            made = await self.cdp.send("Page.createIsolatedWorld", {"frameId": self._frame, "worldName": name})
            self._worlds[name] = made["executionContextId"]
        return self._worlds[name]

    async def _ask(self) -> None:
        with contextlib.suppress(Error):  # the page may just be leaving, which is an answer too
            await self.cdp.send("Runtime.evaluate", {"expression": "0"})

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser reports the status of the document itself; a page that is a refusal has no other.
        own = message.location.get("url") == self.page.url and message.text.startswith("Failed to load resource")
        if not own:
            self.said.append(f"{message.type}: {message.text}")

    def _note_failure(self, request: Request) -> None:
        # A stream ends when its page is left.
        left = request.failure == "net::ERR_ABORTED" and request.resource_type in ("eventsource", "fetch")
        if not left:
            self.failed.append(f"{request.url}: {request.failure}")

    def _begin(self, event: dict[str, Any]) -> None:
        # A page without scripts goes away by itself when its sign-in is over: that begins nothing now.
        in_time = event.get("delay", 0) > HANGS_AFTER
        if (
            event.get("frameId") == self._frame
            and event.get("disposition", "currentTab") == "currentTab"
            and not in_time
        ):
            self._loading = True
            self._recount()

    def _left(self, event: dict[str, Any]) -> None:
        if event["frame"]["id"] == self._frame:
            self._worlds.clear()
            # What a page left behind asks for is not always told to be over.
            here = event["frame"]["loaderId"]
            self._fetching = {asked: by for asked, by in self._fetching.items() if by == here}
            self._recount()

    def _loaded(self, event: dict[str, Any]) -> None:
        self._loading = False
        self._recount()

    def _sent(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]
        self.kinds[event["request"]["url"]] = event.get("type", "Other")
        if event.get("type") in FETCHES:
            self._fetching[event["requestId"]] = event["loaderId"]
        self._recount()

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"]["mimeType"] == "text/event-stream":
            self._fetching.pop(event["requestId"], None)
            self._recount()

    def _finished(self, event: dict[str, Any]) -> None:
        address = self._addresses.pop(event["requestId"], "")
        if address and "encodedDataLength" in event:
            self.transferred[address] = self.transferred.get(address, 0) + int(event["encodedDataLength"])
        self._fetching.pop(event["requestId"], None)
        self._recount()

    def _recount(self) -> None:
        if self._loading or self._fetching:
            self._rest.clear()
        else:
            self._rest.set()


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def one_line(text: str) -> str:
    """The text with each run of white space, also the no-break ones, as one space."""
    return " ".join(text.split())
