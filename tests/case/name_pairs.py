"""Pairs of names as Belgian towns know them, and what is to be said of each (name_pairs.txt)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.case.person import EstimatedAge, PersonConcerned
from services.kit.partial_dates import PartialDay

FILE = Path(__file__).with_name("name_pairs.txt")
TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class NamePair:
    """`said`: found, not or missed."""

    said: str
    one: PersonConcerned
    other: PersonConcerned


def person_told(text: str) -> PersonConcerned:
    """As a line tells of somebody."""
    given, family, birth = (part.strip() for part in text.split(";"))
    aged = re.fullmatch(r"about (\d+)", birth)
    return PersonConcerned(
        given, family, PartialDay.from_text(birth) if birth and not aged else None, "",
        EstimatedAge(int(aged[1]), TODAY) if aged else None,
    )  # fmt: skip


def name_pairs() -> list[NamePair]:
    """All of them."""
    lines = (line.split("|") for line in FILE.read_text().splitlines() if line and not line.startswith("#"))
    return [NamePair(said.strip(), person_told(left), person_told(right)) for said, left, right in lines]
