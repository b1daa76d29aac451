"""The projection of mandates: newest wins, no gap goes unseen, never older than a second (invariant 15)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, Unavailable
from services.kit.execute import Work
from services.kit.freshness import MAX_SILENCE_SECONDS, MAX_SKEW_SECONDS, Freshness, ToldRevocations
from services.kit.identity import Revocations
from services.kit.mandates import (
    ApplyMandates,
    MandateFact,
    ReadAppliedFacts,
    apply_mandates,
    mandate_policy,
    read_applied_facts,
)
from services.kit.policy import Policy, Role, Rule, Verb
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from tests.databases import Migrated, migrated
from tests.harness import START, Harness


@dataclass(frozen=True, slots=True)
class Look:
    """Anything only a mandate allows."""


async def look(work: Work, query: Look) -> int:
    """How many mandates the caller has."""
    return len(work.facts.mandates)


POLICY: Policy = {look: Rule(Verb.CONSULT, roles=frozenset(Role)), **mandate_policy("case")}


@pytest.fixture
def harness(database: Migrated) -> Harness:
    return Harness("case", database, POLICY)


def fact(person_id: UUID, mandate_id: UUID, version: int, *, ended: bool = False) -> MandateFact:
    return MandateFact(
        mandate_id, person_id, uuid4(), "caw", "participant", ("24001",), START - timedelta(days=1),
        START if ended else START + timedelta(days=9), "decree-vl-2021-05-21", None, START + timedelta(days=9), version,
    )  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(1, 6)))
async def test_invariant_15_the_newest_fact_wins_in_any_order(harness: Harness, order: list[int]) -> None:
    cell = await harness.cell()
    person_id, mandate_id = uuid4(), uuid4()
    principal = Principal(PrincipalKind.PERSON, person_id, cell.cell_id, acr=2)
    await cell.as_system(apply_mandates, ApplyMandates((fact(person_id, mandate_id, 0),), heard=False))
    assert await harness.executor.run(principal, look, Look()) == 1
    for version in order:
        told = fact(person_id, mandate_id, version, ended=version == 5)
        await cell.as_system(apply_mandates, ApplyMandates((told,), heard=False))
    with pytest.raises(CellNotFound):
        await harness.executor.run(principal, look, Look())


async def test_a_gap_in_the_facts_is_seen_until_it_is_filled(servers: Servers) -> None:
    database = await migrated(servers, "meeting")
    harness = Harness("meeting", database, {**mandate_policy("meeting")})
    cell = await harness.cell()

    async def applied() -> int:
        principal = system("meeting.consumer", PLATFORM)
        return await harness.executor.run(principal, read_applied_facts, ReadAppliedFacts())

    seen = []
    for version in (1, 3, 4, 2):
        told = fact(uuid4(), uuid4(), version)
        await cell.as_system(apply_mandates, ApplyMandates((told,), heard=True))
        seen.append(await applied())
    await database.close()
    assert seen == [1, 1, 1, 4]


@dataclass
class Directory:
    """Answers GetMandates as the directory would, or is away."""

    answer: tuple[MandateFact, ...] = ()
    away: bool = False
    asked: int = 0
    now: float = field(default=100.0)

    async def ask(self, person_id: UUID, cell_id: UUID) -> tuple[MandateFact, ...]:
        self.asked += 1
        if self.away:
            raise Unavailable
        return self.answer

    def monotonic(self) -> float:
        return self.now

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.now)


async def nothing_revoked(after: int) -> ToldRevocations:
    return ToldRevocations((), after)


def fresh_of(harness: Harness, directory: Directory) -> Freshness:
    fresh = Freshness(
        "case", directory.ask, nothing_revoked, Revocations(), monotonic=directory.monotonic, clock=directory.clock
    )
    fresh.executor = harness.executor
    harness.executor._fresh = fresh
    return fresh


async def test_within_a_second_of_the_heartbeat_nobody_is_asked(harness: Harness) -> None:
    cell, directory = await harness.cell(), Directory(away=True)
    person = await cell.person(Role.PARTICIPANT)
    fresh = fresh_of(harness, directory)
    assert fresh.hear(0, directory.clock())
    assert await person.run(look, Look()) == 1
    assert directory.asked == 0
    directory.now += 1.1
    with pytest.raises(Unavailable):
        await person.run(look, Look())
    assert directory.asked == 1


async def test_in_silence_the_directory_is_asked_once_a_second_and_its_answer_counts(harness: Harness) -> None:
    cell = await harness.cell()
    person = await cell.person(Role.PARTICIPANT)
    directory = Directory()
    fresh_of(harness, directory)
    assert await person.run(look, Look()) == 1
    assert await person.run(look, Look()) == 1
    assert directory.asked == 1
    directory.answer = (fact(person.person_id, person.mandate_id, 2, ended=True),)
    directory.now += 1.1
    with pytest.raises(CellNotFound):
        await person.run(look, Look())
    assert directory.asked == 2


async def test_a_fact_that_was_announced_but_not_applied_is_asked_for(harness: Harness) -> None:
    cell = await harness.cell()
    person = await cell.person(Role.PARTICIPANT)
    directory = Directory()
    fresh = fresh_of(harness, directory)
    assert fresh.hear(0, directory.clock())
    assert await person.run(look, Look()) == 1
    assert directory.asked == 0
    directory.answer = (fact(person.person_id, person.mandate_id, 2, ended=True),)
    assert fresh.hear(10**9, directory.clock())
    with pytest.raises(CellNotFound):
        await person.run(look, Look())
    assert directory.asked == 1


async def test_a_beat_vouches_for_a_second_from_when_it_was_made_however_late_it_comes(harness: Harness) -> None:
    cell, directory = await harness.cell(), Directory(away=True)
    person = await cell.person(Role.PARTICIPANT)
    fresh = fresh_of(harness, directory)
    made_at = directory.clock()
    directory.now += 0.9
    assert fresh.hear(0, made_at)
    assert await person.run(look, Look()) == 1
    directory.now += 0.2
    with pytest.raises(Unavailable):
        await person.run(look, Look())


@pytest.mark.parametrize("age", [MAX_SILENCE_SECONDS, 3600.0, -MAX_SKEW_SECONDS - 0.01, -3600.0])
async def test_a_beat_played_again_or_from_the_future_vouches_for_nothing(harness: Harness, age: float) -> None:
    """Whoever holds NATS may keep a true beat and hand it over later, while the mandate ends."""
    cell, directory = await harness.cell(), Directory(away=True)
    person = await cell.person(Role.PARTICIPANT)
    fresh = fresh_of(harness, directory)
    assert not fresh.hear(0, directory.clock() - timedelta(seconds=age))
    with pytest.raises(Unavailable):
        await person.run(look, Look())
    assert fresh.hear(0, directory.clock())
    assert await person.run(look, Look()) == 1


async def test_a_beat_with_a_lower_number_than_one_heard_vouches_for_nothing(harness: Harness) -> None:
    cell, directory = await harness.cell(), Directory(away=True)
    person = await cell.person(Role.PARTICIPANT)
    fresh = fresh_of(harness, directory)
    assert fresh.hear(10**9, directory.clock())
    assert not fresh.hear(0, directory.clock())
    with pytest.raises(Unavailable):
        await person.run(look, Look())
