"""The language of the pages: catalogues, whose language counts, and dates and times as people say them.

A message is an English sentence in the code. `nl` and `fr` are complete, a test says so; `de` and `en` fall back to it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from markupsafe import Markup

from services.kit.clock import BRUSSELS, local_date
from services.kit.negotiation import in_order
from services.kit.partial_dates import PartialDay
from services.portal.model import LANGUAGES

CATALOGUES = Path(__file__).parents[1] / "locale"
COMPLETE = ("nl", "fr")
NAMES: Mapping[str, str] = {"nl": "Nederlands", "fr": "Français", "de": "Deutsch", "en": "English"}
"""Each in itself."""

DAYS_KEPT = 5_000
"""A page names dozens of days, and most pages the same ones."""
_NBSP = "\u00a0"
_DAYS: Mapping[str, str] = {"nl": "EEEE d MMMM", "fr": "EEEE d MMMM", "de": "EEEE, d. MMMM", "en": "EEEE d MMMM"}
_TIMES: Mapping[str, tuple[str, str]] = {
    "nl": ("{hour}.{minute:02} uur", "{hour} uur"),
    "fr": ("{hour} h {minute:02}", "{hour} h"),
    "de": ("{hour}.{minute:02} Uhr", "{hour} Uhr"),
    "en": ("{hour}:{minute:02}", "{hour}:{minute:02}"),
}
"""With minutes, and on the hour."""


def message(text: str) -> str:
    """Marks a sentence that is translated where it is shown."""
    return text


_MOMENT = message("%(day)s at %(time)s")


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the pages."""

    code: str
    locale: Locale
    translations: Translations

    def text(self, sentence: str, **values: object) -> str:
        """The sentence in this language, with its values."""
        found = self.translations.gettext(sentence) if sentence else ""
        return found % values if values else found

    def within_markup(self, sentence: str, /, **values: object) -> Markup:
        """The same in a template: its values are escaped, and `%%` is a per cent sign."""
        return Markup(self.translations.gettext(sentence)) % values  # noqa: S704

    def plural(self, single: str, many: str, number: int, **values: object) -> str:
        """The sentence that fits the number; `num` stands for it."""
        return self.translations.ngettext(single, many, number) % {"num": number, **values}

    def day(self, day: date | datetime, *, weekday: bool = True, today: date | None = None) -> str:
        """A day in words, such as "donderdag 26 november"; with the year when `today` lies in another."""
        day = local_date(day) if isinstance(day, datetime) else day
        pattern = _DAYS[self.code] if weekday else _DAYS[self.code].removeprefix("EEEE").lstrip(", ")
        if today is None or today.year != day.year:
            pattern += " y"
        # Babel gives the bare number; in French the first day of a month has a name of its own.
        if self.code == "fr" and day.day == 1:
            pattern = pattern.replace("d MMMM", "d'er' MMMM")
        return _in_words(day, pattern, self.locale)

    def part_of(self, day: PartialDay) -> str:
        """A day as far as it is known: "12 maart 2009", "maart 2009", "2009"."""
        if day.month is None:
            return str(day.year)
        return self.day(day.first, weekday=False) if day.day else format_date(day.first, "MMMM y", self.locale)

    def time(self, moment: datetime) -> str:
        """A time of the day in Brussels, such as "14.20 uur"."""
        local = moment.astimezone(BRUSSELS)
        form = _TIMES[self.code][0 if local.minute else 1]
        return form.format(hour=local.hour, minute=local.minute).replace(" ", _NBSP)

    def moment(self, moment: datetime, *, today: date | None = None) -> str:
        """Day and time, such as "donderdag 26 november om 14 uur"."""
        return self.text(_MOMENT, day=self.day(moment, today=today), time=self.time(moment))

    def number(self, number: int) -> str:
        """With its thousands apart."""
        return format_decimal(number, locale=self.locale)

    def month(self, day: date) -> str:
        """The short name of its month."""
        return format_date(day, "MMM", self.locale)

    def of(self, names: Mapping[str, str]) -> str:
        """The text of this language among several; that of the first complete one when it is missing."""
        return names.get(self.code) or next((names[code] for code in COMPLETE if names.get(code)), "")


class Languages:
    """All of them, read once at start."""

    def __init__(self) -> None:
        self._known = {code: Language(code, Locale(code), _translations(code)) for code in LANGUAGES}

    def __iter__(self) -> Iterator[Language]:
        return iter(self._known.values())

    def __getitem__(self, code: str) -> Language:
        return self._known[code]

    def choose(self, chosen: Iterable[str], accepted: str, region: str = "") -> Language:
        """That of the person, of the browser (its Accept-Language), of the cell, in this order; else Dutch, and what is
        refused only when nothing else is left."""
        complete = COMPLETE[::-1] if region == "wallonia" else COMPLETE
        wished = [*chosen, *in_order(accepted, list(dict.fromkeys((*complete, *self._known))))]
        return next(self._known[code] for code in wished if code in self._known)


def catalogue(code: str) -> Catalog:
    """All messages of a language: one file per area of the pages."""
    whole = Catalog(Locale(code))
    for file in sorted((CATALOGUES / code).glob("*.po")):
        with file.open("rb") as opened:
            for entry in read_po(opened, Locale(code)):
                if entry.id:
                    whole.add(entry.id, _all_forms(entry.string, whole.num_plurals), context=entry.context)
    return whole


def _all_forms(said: Any, forms: int) -> Any:
    """French counts a third form, for millions: it is said like the plural."""
    if isinstance(said, str):
        return said
    known = [form for form in said if form]
    return tuple((known + known[-1:] * forms)[:forms])


@cache
def _translations(code: str) -> Translations:
    """Read once in a process: it costs a quarter of a second for the four."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(DAYS_KEPT)
def _in_words(day: date, pattern: str, locale: Locale) -> str:
    return _tight(format_date(day, pattern, locale))


def _tight(text: str) -> str:
    """Day number and month stay on one line."""
    words = text.split(" ")
    out = words[0]
    for before, word in pairwise(words):
        out += (_NBSP if before.rstrip(".").isdigit() else " ") + word
    return out
