"""Never decided from what is older than a second: what is asked while NATS hangs, and how often (invariant 15)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.kit.errors import Unauthenticated, Unavailable
from services.kit.freshness import Freshness, ToldRevocations
from services.kit.identities import Revocation, Revoked
from services.kit.identity import Revocations
from services.kit.mandates import MandateFact
from tests.databases import Migrated
from tests.harness import START, Harness
from tests.kit.signed_in import POLICY, signed_in


@pytest.fixture
def harness(database: Migrated) -> Harness:
    return Harness("case", database, POLICY)


@dataclass
class Directory:
    """Answers as the directory would, or is away; counts the questions."""

    told: list[Revocation] = field(default_factory=list)
    newest: int = 0
    away: bool = False
    asked: list[int] = field(default_factory=list)
    page: int = 100
    now: float = 100.0

    async def revocations(self, after: int) -> ToldRevocations:
        self.asked.append(after)
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable
        found = sorted((event for event in self.told if event.fact_version > after), key=lambda one: one.fact_version)
        some = tuple(found[: self.page])
        more = len(some) < len(found)
        return ToldRevocations(some, some[-1].fact_version if more else max(self.newest, after), more)

    async def mandates(self, person_id: UUID, cell_id: UUID) -> tuple[MandateFact, ...]:
        if self.away:
            raise Unavailable
        return ()

    def monotonic(self) -> float:
        return self.now

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.now)


def fresh_of(harness: Harness, directory: Directory, *, keeps_mandates: bool = True) -> Freshness:
    mandates = directory.mandates if keeps_mandates else None
    memory = Revocations(clock=harness.clock)
    fresh = Freshness(
        "case", mandates, directory.revocations, memory, monotonic=directory.monotonic, clock=directory.clock
    )
    fresh.executor = harness.executor
    harness.executor._fresh = fresh
    return fresh


NUMBERS = iter(range(10**6, 10**9))
"""Above what any other test here applies without a gap."""


@pytest.mark.parametrize("kind", Revoked)
async def test_with_nats_hung_the_directory_is_asked_and_its_answer_counts(harness: Harness, kind: Revoked) -> None:
    mine, directory = await signed_in(harness), Directory()
    fresh_of(harness, directory)
    assert (await mine.looks(), await mine.greets()) == (1, "good day")
    directory.newest = next(NUMBERS)
    directory.told.append(mine.revocation(kind, directory.newest))
    directory.now += 1.1
    for act in (mine.looks, mine.greets):
        with pytest.raises(Unauthenticated):
            await act()


async def test_with_nats_hung_and_the_directory_away_nobody_acts(harness: Harness) -> None:
    mine, directory = await signed_in(harness), Directory(away=True)
    fresh = fresh_of(harness, directory)
    fresh.hear(0, directory.clock())
    assert (await mine.looks(), await mine.greets()) == (1, "good day")
    directory.now += 1.1
    for act in (mine.looks, mine.greets):
        with pytest.raises(Unavailable):
            await act()
    directory.away = False
    assert (await mine.looks(), await mine.greets()) == (1, "good day")


async def test_it_is_asked_once_a_second_for_all(harness: Harness) -> None:
    people, directory = [await signed_in(harness) for _ in range(5)], Directory()
    fresh_of(harness, directory)
    await asyncio.gather(*(person.greets() for person in people), *(person.looks() for person in people))
    assert len(directory.asked) == 1
    directory.now += 1.1
    await asyncio.gather(*(person.greets() for person in people))
    assert len(directory.asked) == 2


async def test_an_answer_in_parts_is_taken_whole_and_asked_from_where_it_ended(harness: Harness) -> None:
    people, directory = [await signed_in(harness) for _ in range(5)], Directory(page=2)
    fresh_of(harness, directory)
    directory.told = [person.revocation(Revoked.SESSION, next(NUMBERS)) for person in people]
    directory.newest = next(NUMBERS)
    for person in people:
        with pytest.raises(Unauthenticated):
            await person.looks()
    assert len(directory.asked) == 3
    directory.now += 1.1
    with pytest.raises(Unauthenticated):
        await people[0].looks()
    assert directory.asked[-1] == directory.newest


async def test_a_beat_held_up_on_its_way_vouches_for_nothing(harness: Harness) -> None:
    """NATS hung and goes on: what it kept comes late and all at once."""
    mine, directory = await signed_in(harness), Directory()
    fresh = fresh_of(harness, directory)
    fresh.hear(0, directory.clock())
    assert await mine.looks() == 1
    assert directory.asked == []
    directory.now += 12.0
    directory.newest = next(NUMBERS)
    directory.told.append(mine.revocation(Revoked.SESSION, directory.newest))
    for age in (12.0, 11.75, 1.0):
        assert not fresh.hear(0, directory.clock() - timedelta(seconds=age))
    with pytest.raises(Unauthenticated):
        await mine.looks()


async def test_a_service_without_mandates_asks_only_when_a_new_fact_was_told(harness: Harness) -> None:
    """The portal: it hears no mandates, so it cannot count facts."""
    mine, directory = await signed_in(harness), Directory()
    fresh = fresh_of(harness, directory, keeps_mandates=False)
    for heard in (0, 0, 7, 7):
        directory.newest = heard
        directory.now += 0.5
        fresh.hear(heard, directory.clock())
        assert await mine.greets() == "good day"
    assert directory.asked == [0]
    directory.newest = next(NUMBERS)
    directory.told.append(mine.revocation(Revoked.SUBJECT, directory.newest))
    fresh.hear(directory.newest, directory.clock())
    directory.now += 0.9
    with pytest.raises(Unauthenticated):
        await mine.greets()
