"""Pages of lists: which part is asked for, where a page ended, and how much goes into one answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from services.kit.fields import FieldMalformed

MOST_BYTES = 1024 * 1024
"""Sealed texts in one answer: half of what a message may have, the rest is for what stands around them."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"([01])\.(-?[0-9]{1,17})\.([0-9a-f]{32})")

Row = TypeVar("Row")


class Time(StrEnum):
    """Which part of a list is asked for: what counts or comes, or what is over."""

    CURRENT = "current"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended in a list by moments; `rank` (0 or 1) goes before the moment. Its text is the cursor."""

    at: datetime
    entry: UUID
    rank: int = 0

    def __str__(self) -> str:
        return f"{self.rank}.{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.entry.hex}"


def parse_position(value: str, field: str = "cursor") -> Position:
    """The reverse of a position's text."""
    found = _FORM.fullmatch(value)
    try:
        if found:
            return Position(_EPOCH + timedelta(microseconds=int(found[2])), UUID(found[3]), int(found[1]))
    except OverflowError:
        pass
    raise FieldMalformed(field=field, expected="the next_cursor of the page before")


def page_of(rows: Sequence[Row], size: int, weigh: Callable[[Row], int] = lambda _: 0) -> tuple[Sequence[Row], bool]:
    """The rows of this page, and whether there are more; `rows` are one more than a page, if there are so many.

    A page whose rows weigh more than an answer carries (`weigh`: bytes) ends before: at least one row goes.
    """
    weight = 0
    for place, row in enumerate(rows[:size]):
        weight += weigh(row)
        if place and weight > MOST_BYTES:
            return rows[:place], True
    return rows[:size], len(rows) > size
