"""Who counts when: whatever is done with holders and deputies, the directory lets in whom a plain model lets in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples

from deploy.local.servers import Servers
from services.kit.clock import day_ends_at, day_starts_at, local_date
from services.kit.errors import CellNotFound, RondetafelError
from services.kit.policy import Role
from services.partner_directory.commands.deputy.end_absence import EndAbsence, end_absence
from services.partner_directory.commands.deputy.mark_absent import MarkAbsent, mark_absent
from services.partner_directory.commands.deputy.name_deputy import NameDeputy, name_deputy
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.extend_mandate import ExtendMandate, extend_mandate
from services.partner_directory.commands.mandate.resume_mandate import ResumeMandate, resume_mandate
from services.partner_directory.commands.mandate.shorten_mandate import ShortenMandate, shorten_mandate
from services.partner_directory.commands.mandate.suspend_mandate import SuspendMandate, suspend_mandate
from services.partner_directory.policy import POLICY
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.read_table import ReadTable, read_table
from services.partner_directory.terms import TERMS
from tests.databases import migrated
from tests.falling_due import run_due
from tests.harness import Harness, Person
from tests.partner_directory.town import Host, Town

ACTS = ("always", "absent", "away", "back", "suspend", "resume", "end", "extend", "shorten", "succeed", "hours", "days")
DAYS = (date(2027, 2, 28), date(2027, 3, 28), date(2028, 2, 29), date(2027, 12, 31))
"""On which holders end: ends of months and of a year, a change of the clock, a leap day."""


@dataclass
class Held:
    """A mandate as the model knows it: from, until, and what was done with it; not as the directory tells it."""

    person: Person
    starts_at: datetime
    ends_at: datetime
    suspended: bool = False
    holder: Held | None = None
    when: str = ""
    away: list[list[Any]] = field(default_factory=list)
    """Id, version, from, until before."""

    def seated(self, now: datetime) -> bool:
        """Whether it lasts now."""
        return self.starts_at <= now < self.ends_at

    def counts(self, now: datetime, every: list[Held]) -> bool:
        """Whether its person is let in by it now."""
        if self.suspended or not self.seated(now):
            return False
        return self.holder is None or self.when == "always" or self.holder.absent(now, every)

    def absent(self, now: datetime, every: list[Held]) -> bool:
        """Whether who is its deputy while it is absent stands in now."""
        if now < self.starts_at or self.ends_at <= self.starts_at:
            return False
        if now >= self.ends_at:
            after = [
                other for other in every
                if other is not self and other.holder is None and other.starts_at < other.ends_at
                and other.ends_at > self.ends_at and other.starts_at <= now
            ]  # fmt: skip
            return not after
        return self.suspended or any(first <= now < last for _, _, first, last in self.away)


@dataclass
class Seat:
    """The prevention officers of a cell, the first of whom holds the seat."""

    town: Town
    mayor: Person
    held: list[Held]

    async def version(self, held: Held) -> int:
        """As the mayor read it last."""
        one = ListMandates(1, None, mandate_id=held.person.mandate_id)
        return (await self.mayor.run(list_mandates, one)).mandates[0].mandate.version


async def officer(town: Town, mayor: Person, last: date, first: date = date(2026, 11, 24)) -> Held:
    """Somebody new who sits for the prevention."""
    command = {"role": Role.PREVENTION_OFFICER, "first_day": first, "last_day": last}
    person = await town.partner(mayor, **command)
    return Held(person, day_starts_at(first), day_ends_at(last))


async def happens(seat: Seat, act: str, number: int) -> None:
    """One act, in the directory and, if that lets it, in the model."""
    (clock := seat.town.harness.clock).advance(minutes=1)
    now, today = clock.now, local_date(clock.now)
    one, other = seat.held[number % len(seat.held)], seat.held[(number + 1) % len(seat.held)]
    named, run = (one.person.mandate_id, await seat.version(one)), seat.mayor.run
    try:
        if act in ("always", "absent"):
            await run(name_deputy, NameDeputy(*named, other.person.mandate_id, act))
            one.holder, one.when = other, act
        elif act == "away":
            first, last = today + timedelta(days=number % 4), today + timedelta(days=number % 4 + number % 3)
            made = await run(mark_absent, MarkAbsent(one.person.mandate_id, first, last))
            one.away.append([made.id, 1, day_starts_at(first), day_ends_at(last)])
        elif act == "back" and one.away:
            absence = one.away[number % len(one.away)]
            await run(end_absence, EndAbsence(absence[0], absence[1]))
            absence[1], absence[3] = absence[1] + 1, max(now, absence[2])
        elif act == "suspend":
            await run(suspend_mandate, SuspendMandate(*named, "other"))
            one.suspended = True
        elif act == "resume":
            await run(resume_mandate, ResumeMandate(*named))
            one.suspended = False
        elif act == "end":
            await run(end_mandate, EndMandate(*named, "left"))
            one.ends_at = now
        elif act in ("extend", "shorten"):
            one.ends_at = await _moved(run, act, named, local_date(one.ends_at) if act == "extend" else today, number)
        elif act == "succeed":
            first = today + timedelta(days=number % 5)
            seat.held.append(await officer(seat.town, seat.mayor, first + timedelta(days=300), first))
        elif act == "hours":
            clock.advance(hours=7 * (number + 1))
        elif act == "days":
            clock.advance(days=number * 9)
    except RondetafelError:
        return


async def _moved(run: Any, act: str, named: tuple[UUID, int], start: date, number: int) -> datetime:
    """Give it a later or an earlier last day; when it ends then."""
    if act == "extend":
        last = start + timedelta(days=number)
        await run(extend_mandate, ExtendMandate(*named, last))
    else:
        last = start + timedelta(days=number % 7)
        await run(shorten_mandate, ShortenMandate(*named, last, "other"))
    return day_ends_at(last)


async def counted(person: Person) -> bool:
    """Whether the person is let in: its table is read, with or without a promise of secrecy that lasts."""
    try:
        await person.run(read_table, ReadTable())
    except CellNotFound:
        return False
    return True


async def check(host: Host, acts: list[tuple[str, int]], met: set[tuple[str, bool]]) -> None:
    """After each act, everybody is asked at the door."""
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    last = DAYS[len(acts) % len(DAYS)]
    seat = Seat(town, mayor, [await officer(town, mayor, day) for day in (last, date(2027, 11, 23), date(2027, 6, 30))])
    for act, number in acts:
        await happens(seat, act, number)
        await asked_all(seat, (act, acts), met)
    clock = town.harness.clock
    for edge in sorted(edge for edge in edges(seat) if edge > clock.now)[:6]:
        for moment in (edge - timedelta(microseconds=1), edge):
            clock.now = max(clock.now, moment)
            await asked_all(seat, (moment, acts), met)


def edges(seat: Seat) -> set[datetime]:
    """All moments at which something begins or ends by itself."""
    ends = {edge for held in seat.held for edge in (held.starts_at, held.ends_at)}
    return ends | {edge for held in seat.held for absence in held.away for edge in absence[2:]}


async def asked_all(seat: Seat, of: object, met: set[tuple[str, bool]]) -> None:
    """Everybody is let in who counts, and nobody else, before what is due is run and after it."""
    now = seat.town.harness.clock.now
    for late in (True, False):
        for held in seat.held:
            expected = held.counts(now, seat.held)
            # What begins after another turn is over waits for the term; nothing lasts longer without it.
            if not (late and expected):
                met.add((held.when, expected))
                assert await counted(held.person) == expected, (of, seat.held.index(held))
        if late:
            await run_due(seat.town.harness, TERMS)


@pytest.fixture
def property_run(servers: Servers) -> Iterator[Any]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "partner_directory"))
        yield runner.run, Host(Harness("partner_directory", database, POLICY))
        runner.run(database.close())


def test_invariant_15_whoever_the_model_lets_in_is_let_in_and_nobody_else(property_run: Any) -> None:
    loop, host = property_run
    start = host.harness.clock.now
    met: set[tuple[str, bool]] = set()

    @settings(
        max_examples=40, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @example([("absent", 1), ("away", 2), ("hours", 3), ("back", 2), ("suspend", 2), ("resume", 2), ("end", 2)])
    @example([("always", 1), ("suspend", 2), ("end", 2), ("days", 30), ("days", 30)])
    @example([("absent", 1), ("end", 2), ("succeed", 4), ("days", 1), ("end", 3), ("hours", 1)])
    @given(lists(tuples(sampled_from(ACTS), integers(0, 11)), min_size=3, max_size=14))
    def holds(acts: list[tuple[str, int]]) -> None:
        host.harness.clock.now = start
        loop(check(host, acts, met))

    holds()
    assert met >= {(when, counts) for when in ("", "always", "absent") for counts in (True, False)}
