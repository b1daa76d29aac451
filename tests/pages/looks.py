"""Which looks at a page state a run takes: one per language, and a drawn sixth of the others; or all of them.

What is drawn hangs on the seed of the run (tests/seed.py) and on the state alone, not on the order of tests.
"""

from __future__ import annotations

import os
import random
from itertools import product

from tests.browser import Look, Scheme
from tests.pages.routes import PageState
from tests.seed import seed

FIRST, LONGEST = "nl", "fr"
LOCALES = {"nl": "nl-BE", "fr": "fr-BE"}
WIDTHS = (1280, 390, 320)
NARROWEST = min(WIDTHS)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SHARE = 6
"""One in so many of the further looks is taken in a usual run."""


def is_full() -> bool:
    """Whether this run takes every look: `make test pages=full`."""
    return os.environ.get("RONDETAFEL_PAGES") == "full"


def base(language: str) -> Look:
    """The look that every run takes at every state."""
    return Look(locale=LOCALES[language])


def further(language: str) -> list[Look]:
    """All other looks of this language."""
    looks = [Look(width=width, scheme=scheme, locale=LOCALES[language]) for scheme, width in product(SCHEMES, WIDTHS)]
    return [look for look in looks if look != base(language)]


def taken(page: PageState, language: str) -> list[Look]:
    """The further looks that this run takes at this state in this language."""
    return further(language) if is_full() else [look for look in drawn(page) if look.locale == LOCALES[language]]


def drawn(page: PageState, by: str | None = None) -> list[Look]:
    """A sixth of the further looks of all languages, at least one: the same ones for the same seed."""
    everything = [look for language in LOCALES for look in further(language)]
    # Not for secrets: the draw has to come out the same again.
    chance = random.Random(f"{by or seed()} {page}")
    whole, rest = divmod(len(everything), SHARE)
    return chance.sample(everything, max(1, whole + (chance.randrange(SHARE) < rest)))
