"""Somebody who works by keyboard alone: can press keys and type, and hears what has the focus. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.pages.drivers import ENCLOSING, Name, fits
from tests.pages.watched import Watched, one_line

MAX_STOPS = 300
FIELDS = ("textbox", "searchbox", "spinbutton")
LISTS = ("combobox", "listbox", "MenuListPopup")
RADIOS_HERE = """(() => {
    const now = document.activeElement
    if (now.type !== 'radio') return []
    const all = [...document.getElementsByName(now.name)].filter((one) => one.form === now.form && !one.disabled)
    return all.map((one) => (one.ariaLabel || [...one.labels].map((label) => label.innerText).join(' ')))
})()"""


@dataclass(frozen=True, slots=True)
class Keys:
    """All a keyboard can do."""

    press: Callable[[str], Awaitable[None]]
    type: Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Focus:
    """What has the focus, as a screen reader says it; `groups` is what it stands in, from inside out."""

    node: int
    role: str
    name: str
    value: str = ""
    on: bool = False
    groups: tuple[str, ...] = ()
    radios: tuple[str, ...] = ()


class Keyboard:
    """A hand that only has keys."""

    def __init__(self, keys: Keys, focus: Callable[[], Awaitable[Focus]]) -> None:
        self._keys = keys
        self._focus = focus

    async def fill(self, label: Name, text: str, within: Name | None = None) -> None:
        """Tab there, mark what stands there, type over it."""
        await self._tab_to("field", label, within, FIELDS)
        await self._keys.press("Control+A")
        await (self._keys.type(text) if text else self._keys.press("Delete"))

    async def choose(self, label: Name, within: Name | None = None) -> None:
        """Tab to the checkbox, or to the group of the radio button and on by arrow; space."""
        focus = await self._tab_to("choice", label, within, ("checkbox", "radio"))
        for _ in focus.radios:
            if fits(label, focus.name):
                break
            await self._keys.press("ArrowDown")
            focus = await self._focus()
        await self._bring(focus, True)

    async def untick(self, label: Name, within: Name | None = None) -> None:
        """Tab there; space."""
        await self._bring(await self._tab_to("checkbox", label, within, ("checkbox",)), False)

    async def select(self, label: Name, option: Name, within: Name | None = None) -> None:
        """Tab there, and down from the top until it is shown."""
        focus = await self._tab_to("list", label, within, LISTS)
        await self._keys.press("Home")
        passed: list[str] = []
        while not fits(option, (focus := await self._focus()).value):
            assert focus.value not in passed, f"the list {label} has no {option}, but {passed}"
            passed.append(focus.value)
            await self._keys.press("ArrowDown")

    async def press_button(self, name: Name, within: Name | None = None) -> None:
        """Tab there; space."""
        await self._tab_to("button", name, within, ("button",))
        await self._keys.press("Space")

    async def follow(self, name: Name, within: Name | None = None) -> None:
        """Tab there; enter."""
        await self._tab_to("link", name, within, ("link",))
        await self._keys.press("Enter")

    async def unfold(self, name: Name) -> None:
        """Tab there; enter, unless it is open."""
        if not (await self._tab_to("line", name, None, ("DisclosureTriangle",))).on:
            await self._keys.press("Enter")

    async def _bring(self, focus: Focus, wanted: bool) -> None:
        if focus.on != wanted:
            await self._keys.press("Space")
        assert (await self._focus()).on == wanted, f"{focus.name} does not answer to the space bar"

    async def _tab_to(self, what: str, name: Name, within: Name | None, roles: tuple[str, ...]) -> Focus:
        """From stop to stop until it is there. Raises AssertionError that names the stops passed in a whole round."""
        passed: dict[int, str] = {}
        for _ in range(MAX_STOPS):
            focus = await self._focus()
            inside = within is None or any(fits(within, group) for group in focus.groups)
            if inside and focus.role in roles and any(fits(name, fault) for fault in (focus.name, *focus.radios)):
                return focus
            if focus.node in passed and focus.role != "RootWebArea":
                break
            passed[focus.node] = f"{focus.role} {focus.name!r}"
            await self._keys.press("Tab")
        where = f" within {_shown(within)}" if within else ""
        raise AssertionError(f"no tab stop is the {what} {_shown(name)}{where}; passed: {', '.join(passed.values())}")


def keyboard(watched: Watched) -> Keyboard:
    """The keyboard before this page."""
    keys = watched.page.keyboard
    return Keyboard(Keys(keys.press, keys.type), lambda: focused(watched))


async def focused(watched: Watched) -> Focus:
    """What has the focus now, from the accessibility tree."""
    nodes = await watched.ancestry("document.activeElement")
    own, *outer = nodes
    states = {value["name"]: value["value"].get("value") for value in own.get("properties", ())}
    return Focus(
        node=own.get("backendDOMNodeId", 0),
        role=_value(own, "role"),
        name=one_line(_value(own, "name")),
        value=one_line(_value(own, "value")),
        on=states.get("checked") in ("true", True) or states.get("expanded") is True,
        groups=tuple(one_line(_value(node, "name")) for node in outer if _value(node, "role") in ENCLOSING),
        radios=tuple(await watched.evaluate(RADIOS_HERE)) if _value(own, "role") == "radio" else (),
    )


def _value(node: dict[str, Any], field: str) -> str:
    return str(node.get(field, {}).get("value", ""))


def _shown(name: Name) -> str:
    return repr(name.pattern if isinstance(name, re.Pattern) else name)
