"""Signals that may be about one person, for tests that need some."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.case.commands.enter_signal import enter_signal
from services.case.person import PersonConcerned
from services.case.queries.list_possible_matches import ListPossibleMatches, PossibleMatches, list_possible_matches
from services.kit.partial_dates import PartialDay
from tests.case.rows import Administrator
from tests.case.story import SIGNAL, Story
from tests.harness import Person

YOUSSEF = PersonConcerned("Youssef", "El Amrani", PartialDay(2008, 10, 3), "Kerkstraat 1")
YUSUF = PersonConcerned("Amrani", "Yusuf", PartialDay(2008), "")
"""The same, as somebody else may tell of them."""
YOUNES = PersonConcerned("Younes", "El Amrani", PartialDay(2008, 10, 3), "Kerkstraat 1")
"""Somebody else, of the same house."""


async def told(our: Story, person: PersonConcerned) -> UUID:
    """A signal about this person."""
    return (await our.enter(person=person, minor=None if person.birth_date else False)).id


async def told_by(teller: Person, town: str, person: PersonConcerned) -> UUID:
    """The same, by somebody."""
    signal = replace(SIGNAL, nis_code=town, person=person, minor=None if person.birth_date else False)
    return (await teller.run(enter_signal, signal)).id


async def matches(reader: Person, signal_id: UUID) -> PossibleMatches:
    """What the reader is told of the others."""
    return await reader.run(list_possible_matches, ListPossibleMatches(signal_id))


async def found(reader: Person, signal_id: UUID) -> set[UUID]:
    """Which others are found."""
    return {match.signal_id for match in (await matches(reader, signal_id)).matches}


async def marks(administrator: Administrator, signal_id: UUID) -> set[UUID]:
    """The marks of a signal, as they lie in the table."""
    rows = await administrator.fetch("SELECT mark FROM signal_mark WHERE signal_id = $1", signal_id)
    return {row["mark"] for row in rows}
