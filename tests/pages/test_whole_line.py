"""The whole line with seven people in seven browser contexts: in both languages, and with each way to use a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deploy.local.platform import Platform
from tests.browser import Contexts, Look
from tests.e2e.fresh import fresh_table
from tests.pages.drivers import Hand, Mouse, Touch
from tests.pages.keyboard import keyboard
from tests.pages.line import Line, Words
from tests.pages.visitor import seated
from tests.pages.watched import Watched

WAYS: dict[str, tuple[Callable[[Watched], Hand], Look]] = {
    "in Dutch": (Mouse, Look()),
    "in French": (Mouse, Look(locale="fr-BE")),
    "without scripts": (Mouse, Look(javascript=False)),
    "by keyboard alone": (keyboard, Look()),
    "by touch on a phone": (Touch, Look(width=390, touch=True)),
}


@pytest.mark.parametrize("way", WAYS)
async def test_from_signal_to_decision(platform: Platform, contexts: Contexts, way: str) -> None:
    by, look = WAYS[way]
    async with fresh_table(platform) as table, seated(contexts, table, by, look) as people:
        await Line(table, people, Words(look.locale[:2]), live=look.javascript).play()
