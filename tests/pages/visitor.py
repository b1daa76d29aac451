"""Somebody before a page of the portal, by mouse, touch or keyboard: what the stories of the pages are told with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from tests.browser import Contexts, Look, answer_sign_in, sign_in
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.pages.drivers import Hand, Name
from tests.pages.watched import Watched, one_line

LAST_REQUESTS = 8


class Visitor:
    """One person and one page. What is done is over when the method returns, pages it led to included."""

    def __init__(self, name: str, watched: Watched, hand: Hand, contexts: Contexts) -> None:
        self.name = name
        self.watched = watched
        self.hand = hand
        self._contexts = contexts

    @property
    def at(self) -> str:
        """The path and query of the present page, without the portal's address."""
        return self.watched.page.url.removeprefix(self._contexts.instance.portal_url)

    @property
    def email(self) -> str:
        """The address this person signs in with."""
        return self._contexts.people[self.name].email

    async def sign_in(self) -> None:
        """From `/signin`, by typing password and one-time code. Raises SignInFailed."""
        person = self._contexts.people[self.name]
        await sign_in(self.watched, self.hand, self._contexts.instance, person)

    async def answer_sign_in(self) -> None:
        """The same from the present page, which is Keycloak's."""
        person = self._contexts.people[self.name]
        await answer_sign_in(self.watched, self.hand, self._contexts.instance, person)

    @property
    def status(self) -> int:
        """The status that the present page was answered with."""
        return self.watched.document.status

    async def open(self, path: str) -> int:
        """Type an address; gives the status."""
        return (await self.watched.open(self._contexts.instance.portal_url + path)).status

    async def fill(self, label: Name, text: str, within: Name | None = None) -> None:
        """Put this text into a field."""
        async with self.watched.settled():
            await self.hand.fill(label, text, within)

    async def choose(self, label: Name, within: Name | None = None) -> None:
        """Choose a radio button, or tick a checkbox."""
        async with self.watched.settled():
            await self.hand.choose(label, within)

    async def untick(self, label: Name, within: Name | None = None) -> None:
        """Take the tick out of a checkbox."""
        async with self.watched.settled():
            await self.hand.untick(label, within)

    async def select(self, label: Name, option: Name, within: Name | None = None) -> None:
        """Choose from a list that unfolds."""
        async with self.watched.settled():
            await self.hand.select(label, option, within)

    async def press_button(self, name: Name, within: Name | None = None) -> None:
        """Press a button, and arrive where it leads."""
        async with self.watched.settled():
            await self.hand.press_button(name, within)

    async def press_until_left(self, name: Name) -> None:
        """What another service has to hear of first is refused until then, with the form as it was: form, page between,
        form. Where a draft of it is kept meanwhile, the address says so, and the page is the same.
        """
        here = self.at.partition("?")[0]

        async def left() -> bool | None:
            await self.press_button(name)
            return self.at.partition("?")[0] != here or None

        await until(f"{self.name} gets on from {here}", left)

    async def follow(self, name: Name, within: Name | None = None) -> None:
        """Follow a link, and arrive."""
        async with self.watched.settled():
            await self.hand.follow(name, within)

    async def unfold(self, name: Name) -> None:
        """Open what is folded away under this line."""
        async with self.watched.settled():
            await self.hand.unfold(name)

    async def text(self) -> str:
        """What the page says, as one line."""
        return await self.watched.text()

    async def reads(self, *texts: str) -> None:
        """The page says these, or comes to say them. Raises AssertionError that tells what it says instead."""

        async def seen() -> bool | None:
            return all([await self._sees(text) for text in texts]) or None

        await self._told(seen, texts)

    async def reads_in_time(self, *texts: str) -> None:
        """The page says these after it was loaded again often enough: what another service has to hear of first."""

        async def loaded_again() -> bool | None:
            if all([await self._sees(text) for text in texts]):
                return True
            await self.open(self.at)
            return None

        await self._told(loaded_again, texts)

    async def does_not_read(self, *texts: str) -> None:
        """Neither the page nor its source has any of these."""
        source = one_line(await self.watched.page.content())
        found = [text for text in texts if one_line(text) in source or one_line(text) in await self.text()]
        assert found == [], f"{self.name} reads {found} at {self.at}"

    async def holds(self, label: Name, text: str) -> None:
        """The field has this text; where several are called so, the first."""
        field = self.watched.page.get_by_label(label, exact=isinstance(label, str)).first
        assert await field.input_value() == text

    async def _told(self, ask: Callable[[], Awaitable[bool | None]], texts: tuple[str, ...]) -> None:
        try:
            await until(f"{self.name} reads {texts} at {self.at}", ask)
        except TimeoutError as error:
            watched = self.watched
            happened = [*watched.said, *watched.failed, *watched.requests[-LAST_REQUESTS:]]
            raise AssertionError("\n".join([f"{error}, but:", await self.text(), *happened])) from None

    async def _sees(self, text: str) -> bool | None:
        return one_line(text) in await self.text() or None


@asynccontextmanager
async def seated(
    contexts: Contexts, table: Table, by: Callable[[Watched], Hand], look: Look | None = None
) -> AsyncIterator[dict[str, Visitor]]:
    """Everybody of a table, each in a browser context of their own and not signed in yet, by the name in the story."""
    async with AsyncExitStack() as stack:
        people = {}
        for name in table.people:
            account = table.account(name)
            people[name] = await stack.enter_async_context(visiting(contexts, account, by, look, signed_in=False))
        yield people


@asynccontextmanager
async def visiting(
    contexts: Contexts, name: str, by: Callable[[Watched], Hand], look: Look | None = None, *, signed_in: bool = True
) -> AsyncIterator[Visitor]:
    """This person in a browser context of their own; signed in beforehand, or not yet."""
    context = await contexts.fresh(name if signed_in else None, look)
    try:
        watched = await Watched.new(context)
        yield Visitor(name, watched, by(watched), contexts)
    finally:
        await context.close()
