"""Days, times and births as people type them, in any of our languages. What can be read in two ways is not read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from babel import Locale

from services.kit.fields import EARLIEST, LATEST
from services.kit.partial_dates import OLDEST, PartialDay
from services.kit.texts import without_accents
from services.portal.model import LANGUAGES

MILLENNIUM = 1000
"""No year before it is meant: its first digit was forgotten."""
LONGEST = 60
"""Characters; nothing longer is a day, a time or an age."""

_HOUR = r"(?P<hour>[01]?[0-9]|2[0-3])"
_MINUTE = r"(?P<minute>[0-5][0-9])"
_TIMES = (
    re.compile(
        rf"{_HOUR} ?(?:[:.,]|(?:h|u|uur|uhr|heures?|hours?)\.?) ?{_MINUTE}(?: ?(?:h|u|uur|uhr|min|minuten|minutes)\.?)?"
    ),
    re.compile(rf"{_HOUR}(?: ?(?:h|u|uur|uhr|heures?|hours?|o'clock)\.?)?"),
    re.compile(rf"(?=[0-9]{{4}}){_HOUR}{_MINUTE}"),
)
_SEPARATED = r"(?: ?[/.-] ?| )"
_DAYS = (
    re.compile(rf"(?P<day>[0-9]{{1,2}}){_SEPARATED}(?P<month>[0-9]{{1,2}}){_SEPARATED}(?P<year>[0-9]{{4}})"),
    re.compile(rf"(?P<year>[0-9]{{4}}){_SEPARATED}(?P<month>[0-9]{{1,2}}){_SEPARATED}(?P<day>[0-9]{{1,2}})"),
)
_IN_PART = (
    re.compile(rf"(?P<month>[0-9]{{1,2}}){_SEPARATED}(?P<year>[0-9]{{4}})"),
    re.compile(rf"(?P<year>[0-9]{{4}})(?:{_SEPARATED}(?P<month>[0-9]{{1,2}}))?"),
)
_SAID_AFTER = r"ongeveer|circa|ca\.?|environ|env\.?|a peu pres|about|etwa|ungefahr"
_ABOUT = rf"(?:{_SAID_AFTER}|rond(?: de)?|een jaar of|vers(?: les)?|around|gegen|±|\+ ?/ ?-|\+-|~)"
_IN_YEARS = r"(?:jaar(?: oud)?|j\.?|ans?|years?(?: old)?|jahre?(?: alt)?)"
_AGE = re.compile(rf"(?:{_ABOUT} ?)?(?P<years>0|[1-9][0-9]{{0,2}})(?: ?{_IN_YEARS})?(?: (?:{_SAID_AFTER}))?")
_ORDINAL = re.compile(r"^([0-9]{1,2})(?:er|e|ste|de|st|nd|rd|th|\.)? (?=[a-z])")


@dataclass(frozen=True, slots=True)
class About:
    """An age somebody estimates."""

    years: int


def time_of(text: str) -> time | None:
    """A time of the day: 14.30, 14:30, 14,30, 14h30, 14u30, 14 uur 30, 1430, 14 h. None for anything else.

    Minutes have two digits: "14.3" may be three past or half past.
    """
    plain = _plain(text)
    found = next((found for form in _TIMES if (found := form.fullmatch(plain))), None)
    return time(int(found["hour"]), int(found.groupdict().get("minute") or 0)) if found else None


def day_of(text: str) -> date | None:
    """A day: 24/11/2026, 24-11-2026, 24.11.2026, 24 11 2026, 24 november 2026, 2026-11-24. None for anything else.

    The day comes before the month, as everywhere in Belgium; a year has four digits and is never left out.
    """
    found = _found(_DAYS, text)
    return found.first if found else None


def birth_of(text: str) -> PartialDay | About | None:
    """A birth, as far as it is known: a day, 03/2009, March 2009, 2009, 16, about 16. None for anything else."""
    if known := _found((*_DAYS, *_IN_PART), text):
        return known
    aged = _AGE.fullmatch(_plain(text))
    return About(int(aged["years"])) if aged and int(aged["years"]) <= OLDEST else None


def too_long_ago(text: str) -> bool:
    """Whether what was typed is a birth or an age, but of nobody who lives: over 120 years, or born before 1900."""
    aged = _AGE.fullmatch(_plain(text))
    if aged:
        return int(aged["years"]) > OLDEST
    day = _written((*_DAYS, *_IN_PART), text)
    return day is not None and MILLENNIUM <= day.year < EARLIEST.year


def _found(forms: tuple[re.Pattern[str], ...], text: str) -> PartialDay | None:
    day = _written(forms, text)
    return day if day and EARLIEST <= day.first < LATEST else None


def _written(forms: tuple[re.Pattern[str], ...], text: str) -> PartialDay | None:
    """As it stands there, whenever that is."""
    plain = _numbered(_plain(text))
    for form in forms:
        if found := form.fullmatch(plain):
            parts = {name: int(digits) for name, digits in found.groupdict().items() if digits}
            try:
                return PartialDay(**parts)
            except ValueError:
                return None
    return None


def _plain(text: str) -> str:
    """In lower case, without accents, with single spaces; what is too long becomes nothing."""
    return " ".join(without_accents(text if len(text) <= LONGEST else "").lower().split())


def _numbered(plain: str) -> str:
    """With the number of a month in place of its name: "24 11 2026" for "24 november 2026"."""
    bare = _ORDINAL.sub(r"\1 ", plain)
    return re.sub(r"[a-z]+\.?", lambda word: str(months().get(word[0].rstrip("."), word[0])), bare)


@cache
def months() -> Mapping[str, int]:
    """The names of the months in our languages, long and short, without accents and dots."""
    found: dict[str, int] = {}
    for code in LANGUAGES:
        names = Locale(code).months["format"]
        for width in ("wide", "abbreviated"):
            found |= {_plain(name).rstrip("."): number for number, name in names[width].items()}
    return found
