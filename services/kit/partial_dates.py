"""Dates that are known in part: a year, a year and a month, or a day; and how old somebody is by them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from services.kit.fields import EARLIEST, LATEST, DateOutOfRange, FieldMalformed

OLDEST = 120
"""Years; nobody who is spoken of is older."""
_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day of which month and day, or the day alone, may be unknown. Its text is an ISO date cut short: "2009-03".

    Raises ValueError for a day without its month, and for what no calendar has.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day without its month")
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def of(cls, day: date) -> PartialDay:
        """A day that is known whole."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def from_text(cls, text: str) -> PartialDay:
        """The reverse of its text. Raises ValueError for another form."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError("no year, month or day")
        return cls(*(int(part) for part in found.groups() if part))

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    @property
    def first(self) -> date:
        """The earliest day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])


def parse_partial_day(value: str, field: str) -> PartialDay:
    """An ISO date from 1900 on, or the beginning of one."""
    try:
        day = PartialDay.from_text(value)
    except ValueError:
        raise FieldMalformed(field=field, expected="a year, month or day such as 2009, 2009-03 or 2009-03-12") from None
    if not EARLIEST <= day.first < LATEST:
        raise DateOutOfRange(field=field, expected="a date from 1900 on")
    return day


def parse_age(years: int, field: str) -> int:
    """An age in whole years."""
    if not 0 <= years <= OLDEST:
        raise FieldMalformed(field=field, expected=f"whole years, 0 to {OLDEST}")
    return years


def age_on(day: date, born: date) -> int:
    """Whole years; who was born on a 29 February has the birthday on 1 March where the year has no such day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def last_born(day: date, years: int) -> date:
    """The latest day of birth of somebody who is so old on a day; the day after that one makes a year less."""
    year = day.year - years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
