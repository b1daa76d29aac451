"""How somebody works on a page: one interface, by mouse or by touch; by keyboard alone in keyboard.py.

Things are found as people find them: a field by its label, a button or a link by its name. A name given as text is the
whole name; a pattern is searched for. `within` is the name of the fieldset, region, form or article it stands in.
"""

from __future__ import annotations

import re
from typing import Protocol

from playwright.async_api import Locator, Page

from tests.pages.watched import Watched, one_line

Name = str | re.Pattern[str]

ENCLOSING = ("group", "radiogroup", "region", "form", "article")


class Hand(Protocol):
    """What a person can do on a page. Each raises when there is not exactly one such thing to be used."""

    async def fill(self, label: Name, text: str, within: Name | None = None) -> None:
        """Put this text into a field, in place of what stands there."""

    async def choose(self, label: Name, within: Name | None = None) -> None:
        """Choose a radio button, or tick a checkbox."""

    async def untick(self, label: Name, within: Name | None = None) -> None:
        """Take the tick out of a checkbox."""

    async def select(self, label: Name, option: Name, within: Name | None = None) -> None:
        """Choose from a list that unfolds."""

    async def press_button(self, name: Name, within: Name | None = None) -> None:
        """Press a button."""

    async def follow(self, name: Name, within: Name | None = None) -> None:
        """Follow a link."""

    async def unfold(self, name: Name) -> None:
        """Open what is folded away under this line."""


class Mouse:
    """Points and clicks."""

    def __init__(self, watched: Watched) -> None:
        self._page = watched.page

    async def fill(self, label: Name, text: str, within: Name | None = None) -> None:
        """Click into the field, then put the text."""
        field = self._field(label, within, "input, textarea")
        await self._point(field)
        await field.fill(text)

    async def choose(self, label: Name, within: Name | None = None) -> None:
        """Click unless it is chosen."""
        await self._bring(self._field(label, within, "[type=radio], [type=checkbox]"), True)

    async def untick(self, label: Name, within: Name | None = None) -> None:
        """Click if it is ticked."""
        await self._bring(self._field(label, within, "[type=checkbox]"), False)

    async def select(self, label: Name, option: Name, within: Name | None = None) -> None:
        """Choose by what is shown."""
        field = self._field(label, within, "select")
        shown = await field.locator("option").all_inner_texts()
        (chosen,) = [number for number, text in enumerate(shown) if fits(option, text)]
        await field.select_option(index=chosen)

    async def press_button(self, name: Name, within: Name | None = None) -> None:
        """Click the button."""
        await self._point(_scope(self._page, within).get_by_role("button", name=name, exact=isinstance(name, str)))

    async def follow(self, name: Name, within: Name | None = None) -> None:
        """Click the link."""
        await self._point(_scope(self._page, within).get_by_role("link", name=name, exact=isinstance(name, str)))

    async def unfold(self, name: Name) -> None:
        """Click the line, unless it is open."""
        line = self._page.locator("details:not([open]) > summary").filter(has_text=name)
        if await line.count():
            await self._point(line)

    async def _point(self, at: Locator) -> None:
        await at.click()

    async def _bring(self, box: Locator, wanted: bool) -> None:
        if await box.is_checked() != wanted:
            await self._point(box)
        assert await box.is_checked() == wanted

    def _field(self, label: Name, within: Name | None, kind: str) -> Locator:
        scope = _scope(self._page, within)
        return scope.get_by_label(label, exact=isinstance(label, str)).and_(self._page.locator(kind))


class Touch(Mouse):
    """Taps; for a context with touch."""

    async def _point(self, at: Locator) -> None:
        await at.tap()


def fits(name: Name, told: str) -> bool:
    """Whether what is told is the name, or has the pattern."""
    return bool(name.search(told)) if isinstance(name, re.Pattern) else one_line(name) == one_line(told)


def _scope(page: Page, within: Name | None) -> Page | Locator:
    if within is None:
        return page
    first, *others = (page.get_by_role(role, name=within, exact=isinstance(within, str)) for role in ENCLOSING)  # type: ignore[arg-type]
    for other in others:
        first = first.or_(other)
    return first
