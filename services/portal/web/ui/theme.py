"""A municipality's theme: one brand colour in, five accent roles out, light and dark, readable whatever the colour.

Hue stays; chroma is bounded, for calm; lightness moves until text reads on every ground it stands on. Paper, ink and
the colours that mean something (what protects, what is a risk, a date, a fault) never change.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from coloraide import Color

BRAND = "#1b6c68"
"""The product's own, for who has none."""

MAX_CHROMA = 0.13
CONTRAST = 5.2
STEP = 0.005
LIGHT_GROUNDS = ("#faf8f4", "#ffffff", "#f2efe8")
DARK_GROUNDS = ("#141b1b", "#1d2626", "#0f1515")
"""Paper, surface and sunken of tokens.css; a test compares them."""

_FORM = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Accents:
    """The five roles in one scheme, as #rrggbb."""

    accent: str
    ink: str
    tint: str
    line: str
    deep: str


def theme_class(colour: str) -> str:
    """The class that puts a page, or one card on it, in this colour."""
    return f"cell-{_known(colour)[1:]}"


@lru_cache(maxsize=1024)
def theme_address(colour: str) -> str:
    """Where the theme is served, by its content."""
    digest = hashlib.sha256(theme_css(colour).encode()).hexdigest()[:16]
    return f"/assets/theme/{_known(colour)[1:]}.{digest}.css"


@lru_cache(maxsize=1024)
def theme_css(colour: str) -> str:
    """The theme of a brand colour "#rrggbb" as a stylesheet; another text gives that of the product."""
    light, dark = accents(colour)
    names = {"accent": "", "ink": "-ink", "tint": "-tint", "line": "-line", "deep": "-deep"}
    both = "".join(
        f"--rt-accent{suffix}:light-dark({getattr(light, role)},{getattr(dark, role)});"
        for role, suffix in names.items()
    )
    plain = "".join(f"--rt-accent{suffix}:{getattr(light, role)};" for role, suffix in names.items())
    scope = f".{theme_class(colour)}"
    return f"{scope}{{{both}}}\n@supports not (color:light-dark(#000,#fff)){{{scope}{{{plain}}}}}\n"


@lru_cache(maxsize=1024)
def accents(colour: str) -> tuple[Accents, Accents]:
    """The roles of a brand colour, light and dark."""
    lightness, chroma, hue = Color(_known(colour)).convert("oklch").coords(nans=False)
    chroma = min(chroma, MAX_CHROMA)
    return _light(min(lightness, 0.56), chroma, hue), _dark(max(lightness, 0.8), chroma, hue)


def _light(lightness: float, chroma: float, hue: float) -> Accents:
    tint = _hex(0.955, chroma * 0.3, hue)
    accent, lightness = _readable(lightness, chroma, hue, (*LIGHT_GROUNDS, tint), -STEP)
    deep = _hex(max(lightness - 0.1, 0.2), chroma * 0.85, hue)
    return Accents(accent, "#ffffff", tint, _hex(0.84, chroma * 0.6, hue), deep)


def _dark(lightness: float, chroma: float, hue: float) -> Accents:
    tint = _hex(0.3, chroma * 0.5, hue)
    accent, lightness = _readable(lightness, chroma, hue, (*DARK_GROUNDS, tint), STEP)
    deep = _hex(min(lightness + 0.06, 0.97), chroma * 0.92, hue)
    return Accents(accent, _hex(0.2, chroma * 0.4, hue), tint, _hex(0.45, chroma * 0.8, hue), deep)


def _readable(lightness: float, chroma: float, hue: float, grounds: Iterable[str], step: float) -> tuple[str, float]:
    """The colour nearest to the lightness asked for that reads on all grounds, and its lightness."""
    found = _hex(lightness, chroma, hue)
    while any(contrast(found, ground) < CONTRAST for ground in grounds):
        lightness += step
        found = _hex(lightness, chroma, hue)
    return found, lightness


def contrast(colour: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 reckons it, 1 to 21."""
    return Color(colour).contrast(other, method="wcag21")


def _hex(lightness: float, chroma: float, hue: float) -> str:
    return (
        Color("oklch", [lightness, chroma, hue])
        .convert("srgb")
        .fit(method="oklch-chroma")
        .to_string(hex=True, comma=False)
    )


def _known(colour: str) -> str:
    lowered = colour.lower()
    return lowered if _FORM.fullmatch(lowered) else BRAND
