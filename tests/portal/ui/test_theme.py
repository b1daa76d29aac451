"""One brand colour in, five roles out: readable in both schemes whatever the colour, always the same."""

from __future__ import annotations

import random

import pytest
from coloraide import Color
from hypothesis import example, given
from hypothesis import strategies as st

from services.portal.web.ui import theme
from services.portal.web.ui.theme import CONTRAST, DARK_GROUNDS, LIGHT_GROUNDS, Accents, accents, contrast

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
SCHEMES = (("#1f2b2a", "#56605d", LIGHT_GROUNDS), ("#e9ebe6", "#aab6b2", DARK_GROUNDS))


def unreadable(roles: Accents, ink: str, soft: str, grounds: tuple[str, ...]) -> list[str]:
    """What cannot be read well enough in one scheme."""
    pairs = [(role, ground) for role in (roles.accent, roles.deep) for ground in (*grounds, roles.tint)]
    pairs += [(roles.ink, roles.accent), (roles.ink, roles.deep), (ink, roles.tint), (soft, roles.tint)]
    return [f"{pair} on {other}" for pair, other in pairs if contrast(pair, other) < CONTRAST]


def faults(colour: str) -> list[str]:
    both = zip(accents(colour), SCHEMES, strict=True)
    return [fault for roles, scheme in both for fault in unreadable(roles, *scheme)]


def test_two_thousand_colours_are_readable_in_both_schemes() -> None:
    chance = random.Random(2026)
    drawn = [f"#{chance.randrange(0x1000000):06x}" for _ in range(2000)]
    assert {colour: found for colour in drawn if (found := faults(colour))} == {}


@given(colours)
@example("#ffffff")
@example("#000000")
@example("#ffff00")
@example("#0000ff")
def test_any_colour_is_readable_and_calm(colour: str) -> None:
    assert faults(colour) == []
    for roles in accents(colour):
        assert Color(roles.accent).convert("oklch")["chroma"] <= theme.MAX_CHROMA + 0.005


def test_the_brand_of_the_product_is_its_own_theme() -> None:
    light, dark = accents(theme.BRAND)
    assert (light.accent, dark.accent) == ("#1b6c68", "#83cec8")


def test_a_theme_holds_for_its_class_and_no_other() -> None:
    css = theme.theme_css("#7A1F2B")
    assert css.startswith(".cell-7a1f2b{--rt-accent:light-dark(")
    assert css.count("{--rt-accent") == css.count(".cell-7a1f2b") == 2
    assert theme.theme_class("#7a1f2b") == "cell-7a1f2b"


def test_the_address_says_what_is_behind_it() -> None:
    assert theme.theme_address("#7a1f2b") == theme.theme_address("#7A1F2B")
    assert theme.theme_address("#7a1f2b") != theme.theme_address("#7a1f2c")
    assert theme.theme_address("#7a1f2b").startswith("/assets/theme/7a1f2b.")


@pytest.mark.parametrize("colour", ["", "#fff", "red", "#12345g", "#1b6c68;}body{display:none}"])
def test_what_is_no_colour_gives_the_theme_of_the_product(colour: str) -> None:
    assert theme.theme_css(colour) == theme.theme_css(theme.BRAND)
    assert theme.theme_address(colour) == theme.theme_address(theme.BRAND)
