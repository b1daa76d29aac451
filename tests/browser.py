"""A real Chromium and its contexts: who is signed in, how wide, by touch or not, which scheme, language, scripts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.async_api import Browser, BrowserContext, StorageState, async_playwright

from deploy.local.chromium import chromium
from deploy.local.code_flow import SignInFailed
from deploy.local.instance import Instance
from deploy.local.people import People, Person
from tests.pages.drivers import Hand, Mouse
from tests.pages.watched import Watched
from tests.patience import HANGS_AFTER

Scheme = Literal["light", "dark"]

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MAX_FORMS = 8
ASKED = """(() => {
    const form = [...document.forms].find((one) => one.querySelector('[name=username], [name=password], [name=otp]'))
    if (!form) return null
    const words = (one) => (one.value || one.innerText).trim()
    const named = [...form.querySelectorAll('[name=username], [name=password], [name=otp]')]
    const fields = named.filter((one) => !one.hidden)
    return {
        fields: fields.map((one) => [one.name, one.labels[0].innerText.trim()]),
        button: words(form.querySelector('[type=submit], button:not([type])')),
    }
})()"""


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody's browser is. `width` in CSS pixels; `touch` makes it a phone."""

    width: int = 1280
    touch: bool = False
    scheme: Scheme = "light"
    locale: str = "nl-BE"
    javascript: bool = True

    @property
    def height(self) -> int:
        """A common height for that width, in CSS pixels."""
        return 900 if self.width > 600 else 844


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Chromium without a window. Raises StartFailed when there is none to be had."""
    program = await asyncio.to_thread(chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            args=list(FLAGS),
            chromium_sandbox=os.geteuid() != 0,  # Chromium refuses its sandbox to root
        )
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Contexts:
    """The contexts of one platform's people. A person signs in once, by typing; every context starts signed in."""

    browser: Browser
    instance: Instance
    _states: dict[str, StorageState] = field(default_factory=dict)
    _signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)
    _kept: dict[tuple[str | None, Look], BrowserContext] = field(default_factory=dict)
    _pages: dict[tuple[str | None, Look], Watched] = field(default_factory=dict)

    @property
    def people(self) -> People:
        """Who can sign in."""
        return People(self.instance)

    async def context_for(self, person: str | None, look: Look | None = None) -> BrowserContext:
        """This person's context with this look, made the first time and kept; nobody's when None."""
        look = look or Look()
        if (person, look) not in self._kept:
            self._kept[person, look] = await self.fresh(person, look)
        return self._kept[person, look]

    async def page_for(self, person: str | None, look: Look | None = None) -> Watched:
        """A page in that context, kept like it."""
        key = person, look or Look()
        if key not in self._pages:
            self._pages[key] = await Watched.new(await self.context_for(*key))
        return self._pages[key]

    async def fresh(self, person: str | None, look: Look | None = None) -> BrowserContext:
        """A context with an empty cache; whoever asks closes it."""
        state = await self._signed_in(person) if person is not None else None
        return await self._made(look or Look(), state)

    async def close(self) -> None:
        """Close the kept ones."""
        for context in self._kept.values():
            await context.close()
        self._kept.clear()
        self._pages.clear()

    async def _signed_in(self, person: str) -> StorageState:
        async with self._signing_in:
            if person not in self._states:
                context = await self._made(Look(), None)
                try:
                    watched = await Watched.new(context)
                    await sign_in(watched, Mouse(watched), self.instance, self.people[person])
                    self._states[person] = await context.storage_state()
                finally:
                    await context.close()
            return self._states[person]

    async def _made(self, look: Look, state: StorageState | None) -> BrowserContext:
        context = await self.browser.new_context(
            viewport={"width": look.width, "height": look.height},
            has_touch=look.touch,
            is_mobile=look.touch,
            color_scheme=look.scheme,
            locale=look.locale,
            timezone_id="Europe/Brussels",
            java_script_enabled=look.javascript,
            reduced_motion="reduce",
            storage_state=state,
        )
        context.set_default_timeout(HANGS_AFTER * 1000)
        return context


async def sign_in(page: Watched, hand: Hand, instance: Instance, person: Person) -> None:
    """From the portal's `/signin` through Keycloak's pages back to the portal. Raises SignInFailed."""
    await page.open(f"{instance.portal_url}/signin")
    await answer_sign_in(page, hand, instance, person)


async def answer_sign_in(page: Watched, hand: Hand, instance: Instance, person: Person) -> None:
    """Fill in Keycloak's pages, beginning with the present one, each field found by its label.

    Raises SignInFailed when they do not lead back to the portal.
    """
    for _ in range(MAX_FORMS):
        asked = await page.evaluate(ASKED) if page.page.url.startswith(instance.issuer) else None
        if asked is None:
            break
        await _fill_in(page, hand, asked, instance, person)
    if not page.page.url.startswith(instance.portal_url):
        raise SignInFailed(f"Keycloak did not sign {person.name} in: {(await page.text())[:300]}")


async def _fill_in(page: Watched, hand: Hand, asked: dict[str, Any], instance: Instance, person: Person) -> None:
    answers = {"username": person.email, "password": person.password}
    for name, label in asked["fields"]:
        answer = answers[name] if name in answers else await People(instance).take_code(person.name)
        await hand.fill(label, answer)
    async with page.settled():
        await hand.press_button(asked["button"])
