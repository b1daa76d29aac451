"""The colours of tokens.css, read from the file: text 5.4:1 on every ground, control borders 4:1, in both schemes."""

from __future__ import annotations

import re

import pytest

from services.portal.web.ui.styles import STATIC
from services.portal.web.ui.theme import DARK_GROUNDS, LIGHT_GROUNDS, contrast

SOURCE = (STATIC / "css" / "tokens.css").read_text()
PAIR = re.compile(r"--rt-([\w-]+): light-dark\((#\w+), (#\w+)\);")
PLAIN = re.compile(r"--rt-([\w-]+): (#\w+);")
GROUNDS = ("paper", "surface", "sunken")
TEXT = 5.4
BORDER = 4.0
THEME = 5.2
"""What a municipality's colour is moved to."""

TEXTS = {
    **dict.fromkeys(("ink", "ink-soft"), (*GROUNDS, "accent-tint")),
    **dict.fromkeys(("carry", "weigh", "heed", "wrong"), ("paper", "surface")),
    "accent-deep": (*GROUNDS, "accent-tint"),
}
MARKED = (("weigh", "weigh-tint"), ("heed", "heed-tint"), ("ink", "heed-tint"), ("ink", "carry-tint"))


def tokens(dark: bool) -> dict[str, str]:
    """Role to colour in one scheme."""
    return {name: pair[dark] for name, *pair in PAIR.findall(SOURCE)}


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> dict[str, str]:
    return tokens(request.param)


def lacking(scheme: dict[str, str], pairs: list[tuple[str, str]], wanted: float) -> dict[tuple[str, str], float]:
    found = {(pair, other): round(contrast(scheme[pair], scheme[other]), 2) for pair, other in pairs}
    return {pair: ratio for pair, ratio in found.items() if ratio < wanted}


def test_text_reads_on_every_ground(scheme: dict[str, str]) -> None:
    pairs = [(text, ground) for text, grounds in TEXTS.items() for ground in grounds]
    assert lacking(scheme, [*pairs, *MARKED], TEXT) == {}


def test_the_accent_reads_as_text_and_under_text(scheme: dict[str, str]) -> None:
    pairs = [("accent", ground) for ground in (*GROUNDS, "accent-tint")]
    assert lacking(scheme, [*pairs, ("accent-ink", "accent"), ("accent-ink", "accent-deep")], THEME) == {}


def test_borders_of_controls_and_of_outlined_bars_are_seen(scheme: dict[str, str]) -> None:
    pairs = [("line-strong", "surface"), ("line-strong", "paper"), ("weigh", "paper"), ("carry", "paper")]
    assert lacking(scheme, pairs, BORDER) == {}


def test_focus_is_seen_by_its_ink_or_by_its_colour(scheme: dict[str, str]) -> None:
    plain = dict(PLAIN.findall(SOURCE))
    assert contrast(plain["focus"], plain["focus-ink"]) >= TEXT
    assert all(max(contrast(plain[mark], scheme[ground]) for mark in ("focus", "focus-ink")) >= 3 for ground in GROUNDS)


def test_browsers_without_schemes_get_the_light_one() -> None:
    fallback = dict(PLAIN.findall(SOURCE.partition("@supports not")[2]))
    assert fallback == tokens(dark=False)


def test_themes_are_reckoned_for_the_grounds_of_this_file() -> None:
    light, dark = tokens(dark=False), tokens(dark=True)
    assert [contrast(light[name], ground) for name, ground in zip(GROUNDS, LIGHT_GROUNDS, strict=True)] == [1, 1, 1]
    assert tuple(dark[name] for name in GROUNDS) == DARK_GROUNDS


def test_the_search_reports() -> None:
    assert lacking({"a": "#777777", "b": "#888888"}, [("a", "b")], TEXT) != {}
