"""How old the person concerned is, and whether a minor: as far as what is known of the birth tells (decision 42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.case.errors import BirthInFuture, BirthTooLongAgo, MinorContradicted
from services.case.person import EstimatedAge, PersonConcerned
from services.kit.fields import FieldMissing
from services.kit.partial_dates import OLDEST, age_on, last_born

ADULT_AT = 18
MARGIN = 2
"""Years by which an estimate may be wrong, either way."""
PLAUSIBLE = f"today or before, and not more than {OLDEST} years ago"


class Minority(StrEnum):
    """Whether somebody is younger than 18, as far as is known."""

    MINOR = "minor"
    POSSIBLY = "possibly_minor"
    OF_AGE = "of_age"


@dataclass(frozen=True, slots=True)
class Age:
    """In whole years; as many at least as at most when the day of birth is known."""

    least: int
    most: int

    @property
    def minor(self) -> Minority:
        """Whether this is a minor (invariant 10)."""
        if self.most < ADULT_AT:
            return Minority.MINOR
        return Minority.OF_AGE if self.least >= ADULT_AT else Minority.POSSIBLY


def age_of(person: PersonConcerned, today: date) -> Age | None:
    """How old the person is on this day in Brussels; None when nothing is known of the birth."""
    born = born_between(person)
    if born is None:
        return None
    earliest, latest = born
    # What was sealed before a birth in the future was refused may hold one.
    return Age(age_on(today, min(latest, today)), age_on(today, min(earliest, today)))


def born_between(person: PersonConcerned) -> tuple[date, date] | None:
    """The first and last day on which the person can have been born; None when nothing is known of it."""
    if person.birth_date:
        return person.birth_date.first, person.birth_date.last
    return _estimated(person.estimated_age) if person.estimated_age else None


def _estimated(age: EstimatedAge) -> tuple[date, date]:
    oldest, youngest = age.years + MARGIN, max(age.years - MARGIN, 0)
    return last_born(age.as_of, oldest + 1) + timedelta(days=1), last_born(age.as_of, youngest)


def check_birth(person: PersonConcerned, today: date) -> None:
    """Nobody is born, or looked at, in the future, nor older than people get."""
    field = "person.birth_date" if person.birth_date else "person.estimated_age.as_of"
    day = person.birth_date.first if person.birth_date else person.estimated_age and person.estimated_age.as_of
    if day and day > today:
        raise BirthInFuture(field=field, expected=PLAUSIBLE)
    age = age_of(person, today)
    if age and age.least > OLDEST:
        raise BirthTooLongAgo(field=field, expected=PLAUSIBLE)


def may_be_minor(person: PersonConcerned, today: date) -> bool:
    """Whether the birth, if known, tells or leaves open that this is a minor (invariant 10)."""
    age = age_of(person, today)
    return age is not None and age.minor is not Minority.OF_AGE


def decide_minor(person: PersonConcerned, stated: bool | None, today: date) -> bool:
    """Whether somebody is treated as a minor: as the birth tells; as `stated` where nothing is known of it.

    Where the birth leaves it open, always (invariant 10). Raises MinorContradicted for a statement against what the
    birth tells for certain, FieldMissing for none where it is needed.
    """
    age = age_of(person, today)
    if age is None and stated is None:
        raise FieldMissing(field="minor", expected="true or false, because nothing is known of the birth")
    if age is None or age.minor is Minority.POSSIBLY:
        return age is not None or bool(stated)
    minor = age.minor is Minority.MINOR
    if stated not in (None, minor):
        told = "younger than" if minor else "of at least"
        raise MinorContradicted(field="minor", expected=f"{str(minor).lower()} or absent: a person {told} {ADULT_AT}")
    return minor
