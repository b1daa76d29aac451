"""Where things stand in the pictures that the templates draw as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, cos, pi, sin

MOST_LABELS = 6
"""Names of months that fit above a factor picture, on a phone too."""

LETTER = 6.7
"""Width of a letter of the ring's texts, in units of the picture."""


def ring_positions(seats: int, radius: float, centre: float = 0) -> list[tuple[float, float]]:
    """The middles of so many seats round a table: the first on top, then clockwise."""
    turns = [2 * pi * place / seats for place in range(seats)]
    return [(round(centre + radius * sin(turn), 1), round(centre - radius * cos(turn), 1)) for turn in turns]


def seat_radius(seats: int, radius: float, largest: float) -> float:
    """How large seats may be without touching each other."""
    return round(min(largest, radius * sin(pi / seats) * 0.93), 1) if seats > 1 else largest


def shorten(text: str, radius: float) -> str:
    """What fits in a seat: the text, its first word, or its beginning, up to a consonant, with a point."""
    room = max(int(2 * radius * 0.92 / LETTER), 1)
    if len(text) <= room:
        return text
    first = text.split()[0]
    if len(first) <= room:
        return first
    if room <= 3:
        return first[:room]
    cut = first[: room - 1]
    return (cut.rstrip("aeiouyéè") or cut) + "."


def heights(counts: Sequence[int], tallest: float) -> list[float]:
    """The heights of bars, the largest count being the tallest; what is not nothing stays visible."""
    most = max(counts, default=0) or 1
    return [round(max(count / most * tallest, 2 if count else 0), 1) for count in counts]


@dataclass(frozen=True, slots=True)
class MonthAxis:
    """The time a factor picture shows: whole months, from the first to the last."""

    first: date
    end: date

    @classmethod
    def over(cls, days: Sequence[date], today: date) -> MonthAxis:
        """From the month of the earliest day to that of today or the latest."""
        last = max([*days, today])
        return cls(min([*days, today]).replace(day=1), _month_after(last))

    @property
    def months(self) -> list[date]:
        """The first day of each month."""
        found = [self.first]
        while (following := _month_after(found[-1])) < self.end:
            found.append(following)
        return found

    @property
    def labelled(self) -> list[date]:
        """The months that are named: all of them, or every second, third ... of a long time."""
        return self.months[:: ceil(len(self.months) / MOST_LABELS)]

    def place(self, day: date) -> float:
        """Where a day stands, 0 to 100."""
        share = (day - self.first).days / (self.end - self.first).days * 100
        return round(min(max(share, 0), 100), 2)

    def width(self, start: date, until: date) -> float:
        """How wide a bar is that lasts from one day to the end of another; a single day stays visible."""
        begins = self.place(start)
        return round(min(max(self.place(until + timedelta(days=1)) - begins, 1), 100 - begins), 2)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
