"""Whether two signals are perhaps about the same person, by what is told of both: found or not, never how likely.

What tells is the names and the birth. An age that somebody estimated tells nothing here (decision 80).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.case.folding import Name, name_of, read_name, words_of
from services.case.person import PersonConcerned
from services.kit.partial_dates import PartialDay

Pair = tuple[Name, Name]


def perhaps_same(one: PersonConcerned, other: PersonConcerned) -> bool:
    """Both names agree, in whatever order, and the births do not speak against it.

    Of whom one name alone is known: that it is one of the other's names, and both births are whole and agree.
    """
    if not births_agree(one.birth_date, other.birth_date):
        return False
    pairs, others = pairs_of(one), pairs_of(other)
    if pairs and others:
        return any(_pairs_agree(pair, another) for pair in pairs for another in others)
    if whole_day(one.birth_date) is None or whole_day(other.birth_date) is None:
        return False
    return any(name.agrees(another) for name in names_of(one) for another in names_of(other))


def births_agree(one: PartialDay | None, other: PartialDay | None) -> bool:
    """Nothing both say differs; of two whole days month and day may stand the other way round."""
    if one is None or other is None:
        return True
    if one.year != other.year:
        return False
    if whole_day(one) and whole_day(other):
        return {one.month, one.day} == {other.month, other.day}
    return one.month is None or other.month is None or one.month == other.month


def whole_day(birth: PartialDay | None) -> date | None:
    """The day of birth where it is known whole."""
    return birth.first if birth and birth.day else None


def names_of(person: PersonConcerned) -> tuple[Name, ...]:
    """The names known of a person, each for itself."""
    told = tuple(name for name in (read_name(person.given_name), read_name(person.family_name)) if name)
    halves = () if len(told) > 1 else tuple(name for pair in pairs_of(person) for name in pair)
    return tuple(dict.fromkeys((*told, *halves)))


def pairs_of(person: PersonConcerned) -> tuple[Pair, ...]:
    """Given and family name; where all stands in one field, the ways to read it as two. None of one name alone."""
    given, family = read_name(person.given_name), read_name(person.family_name)
    if given and family:
        return ((given, family),)
    told = person.given_name if given else person.family_name
    return tuple(dict.fromkeys(_read_as_two(words_of(told)))) if given or family else ()


def _read_as_two(words: tuple[str, ...]) -> Iterator[Pair]:
    for cut in dict.fromkeys((1, len(words) - 1)):
        first, last = name_of(words[:cut]), name_of(words[cut:])
        if first.tells and last.tells:
            yield first, last


def _pairs_agree(one: Pair, other: Pair) -> bool:
    (first, last), (there_first, there_last) = one, other
    straight = first.agrees(there_first) and last.agrees(there_last)
    return straight or (first.agrees(there_last) and last.agrees(there_first))
