"""Terms: run once when they are due, by one process of several, as an act of their cell (decision 60)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from rondetafel.audit.v1 import audit_pb2
from services.kit.agenda import MOST_TRIES
from services.kit.errors import CellNotFound, Unavailable
from services.kit.policy import Role
from services.kit.principal import PLATFORM, system
from services.kit.scheduler import Scheduler, falls_due
from tests.databases import Migrated
from tests.harness import Harness, Person
from tests.kit.bells import (
    BROKEN,
    HELD,
    POLICY,
    BellBroken,
    Killed,
    RingBell,
    SetBell,
    Tower,
    ring_bell,
    set_bell,
    tower,
)
from tests.patience import HANGS_AFTER


@pytest.fixture
async def our(database: Migrated) -> Tower:
    return await tower(database)


@pytest.fixture
async def nele(our: Tower) -> Person:
    return await our.cell.person(Role.COORDINATOR)


@pytest.fixture(autouse=True)
def whole() -> Iterator[None]:
    """Every bell is whole at first."""
    yield
    BROKEN.clear()
    HELD.clear()


async def test_it_is_run_once_when_it_is_due_and_the_record_names_the_clock(our: Tower, nele: Person) -> None:
    bell = uuid4()
    await nele.run(set_bell, SetBell(bell, our.kind, 60))
    our.harness.clock.advance(seconds=60, microseconds=-1)
    await our.ring()
    assert await our.rung() == []
    our.harness.clock.advance(microseconds=1)
    await our.ring()
    await our.ring()
    assert await our.rung() == [bell]
    assert await our.state(bell) == ("done", 0)
    (record,) = await records(our, "ring_bell")
    assert (record.actor_id, record.actor_kind) == (str(system("case.clock", PLATFORM).actor_id), "system")
    assert record.at.ToDatetime() == our.harness.clock().replace(tzinfo=None)


async def records(our: Tower, action: str) -> list[audit_pb2.AuditRecord]:
    rows = await our.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit'", our.cell.cell_id
    )
    found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in found if record.action == action]


async def test_nobody_but_the_clock_runs_it(our: Tower, nele: Person) -> None:
    bell = uuid4()
    await our.harness.executor.run(system("case.clock", our.cell.cell_id), ring_bell, RingBell(bell))
    with pytest.raises(CellNotFound):
        await our.harness.executor.run(system("case.consumer", our.cell.cell_id), ring_bell, RingBell(bell))
    with pytest.raises(Exception, match="role"):
        await nele.run(ring_bell, RingBell(bell))
    assert await our.rung() == [bell]


async def test_moved_and_cancelled(our: Tower, nele: Person) -> None:
    moved, cancelled, undone = uuid4(), uuid4(), uuid4()
    for bell in (moved, cancelled):
        await nele.run(set_bell, SetBell(bell, our.kind, 60))
    await nele.run(set_bell, SetBell(moved, our.kind, 120))
    await nele.run(set_bell, SetBell(cancelled, our.kind, None))
    with pytest.raises(BellBroken):
        await nele.run(set_bell, SetBell(undone, our.kind, 1, fails=True))
    assert await our.state(undone) is None
    our.harness.clock.advance(seconds=119)
    await our.ring()
    assert await our.rung() == []
    our.harness.clock.advance(seconds=1)
    await our.ring()
    assert await our.rung() == [moved]
    await nele.run(set_bell, SetBell(moved, our.kind, 0))
    await our.ring()
    assert await our.rung() == [moved, moved], "what is done can be set anew"


async def test_what_was_missed_is_caught_up_in_its_order_by_batches(our: Tower) -> None:
    bells = await our.add(10)
    our.harness.clock.advance(days=40)
    agenda = await our.scheduler(batch=4).round()
    assert [due.object_id for due in agenda.due] == bells[:4]
    assert await our.rung() == bells[:4]
    await our.ring(batch=4)
    assert await our.rung() == bells


async def test_a_failing_one_backs_off_is_set_aside_and_keeps_no_other_back(our: Tower, nele: Person) -> None:
    broken, *others = await our.add(3)
    BROKEN[broken] = BellBroken()
    await our.ring()
    assert await our.rung() == others
    assert await our.state(broken) == ("waiting", 1)
    tried = 1
    for minutes in (1, 2, 4, 8, 16, 32, 64, 128, 256):
        our.harness.clock.advance(minutes=minutes, microseconds=-1)
        await our.ring()
        assert len(await our.rung(outcome="error")) == tried
        our.harness.clock.advance(microseconds=1)
        await our.ring()
        tried += 1
        assert len(await our.rung(outcome="error")) == tried
    assert await our.state(broken) == ("set_aside", MOST_TRIES)
    our.harness.clock.advance(days=30)
    await our.ring()
    assert len(await our.rung(outcome="error")) == MOST_TRIES
    assert (REGISTRY.get_sample_value("rondetafel_terms_set_aside", {"service": "case"}) or 0) >= 1
    labels = {"service": "case", "kind": our.kind, "outcome": "set_aside"}
    assert REGISTRY.get_sample_value("rondetafel_terms_total", labels) == 1
    BROKEN.clear()
    await nele.run(set_bell, SetBell(broken, our.kind, 0))
    await our.ring()
    assert await our.rung() == [*others, broken], "it can be set anew"


async def test_what_waits_for_something_that_is_away_is_never_set_aside(our: Tower) -> None:
    waiting, other = await our.add(2)
    BROKEN[waiting] = Unavailable("the sign-in service is away")
    for _ in range(MOST_TRIES + 2):
        await our.ring()
        our.harness.clock.advance(hours=6)
    assert await our.state(waiting) == ("waiting", 0)
    BROKEN.clear()
    await our.ring()
    assert await our.rung() == [other, waiting]


async def test_of_two_processes_each_leaves_alone_what_the_other_is_at(our: Tower, database: Migrated) -> None:
    first, second = await our.add(2)
    HELD[first] = asyncio.Event(), asyncio.Event()
    inside, leave = HELD[first]
    at_it = asyncio.create_task(our.scheduler().round())
    async with asyncio.timeout(HANGS_AFTER):
        await inside.wait()
        other = Harness("case", database, POLICY, our.harness.clock)
        await our.scheduler(harness=other).round()
        assert await our.rung() == [second], "neither waited for nor done twice"
        leave.set()
        await at_it
    assert sorted(await our.rung()) == sorted([first, second])


async def test_two_processes_at_once_do_each_once(our: Tower, database: Migrated) -> None:
    bells = await our.add(60)
    harnesses = [our.harness, Harness("case", database, POLICY, our.harness.clock)]

    async def work_off(harness: Harness) -> None:
        scheduler = our.scheduler(batch=16, harness=harness)
        while (await scheduler.round()).due:
            pass

    await asyncio.gather(*(work_off(harness) for harness in harnesses))
    assert sorted(await our.rung()) == sorted(bells)


async def test_killed_in_the_middle_it_is_done_by_another(our: Tower) -> None:
    done, killed, later = await our.add(3)
    BROKEN[killed] = Killed()
    with pytest.raises(Killed):
        await our.scheduler().round()
    assert await our.rung() == [done]
    BROKEN.clear()
    await our.ring()
    assert await our.rung() == [done, killed, later]


async def test_one_that_is_moved_while_it_runs_comes_to_nothing(our: Tower, nele: Person) -> None:
    """The mover holds the thing, and the clock waits for it; the mover then writes the term, and waits for nobody."""
    (bell,) = await our.add(1)
    inside, leave = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(HANGS_AFTER):
        moving = asyncio.create_task(nele.run(set_bell, SetBell(bell, our.kind, 60, hold=(inside, leave))))
        await inside.wait()
        running = asyncio.create_task(our.scheduler().round())
        while not await our.harness.database.unwalled(WAITS, bell):
            await asyncio.sleep(0.01)
        leave.set()
        await asyncio.gather(moving, running)
    assert await our.rung() == []
    assert await records(our, "ring_bell") == []
    our.harness.clock.advance(seconds=60)
    await our.ring()
    assert await our.rung() == [bell]


WAITS = """
SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
AND (classid::bigint << 32 | objid::bigint) = hashtextextended($1::uuid::text, 0)"""
"""Whether somebody waits for the lock of this bell."""


async def test_one_that_sets_itself_goes_on(our: Tower) -> None:
    bell, scheduler = uuid4(), our.scheduler()
    await our.harness.database.unwalled(
        "INSERT INTO term (tenant_id, kind, object_id, due_at, next_at) VALUES ($1, 'hourly', $2, $3, $3)",
        our.cell.cell_id, bell, our.harness.clock(),
    )  # fmt: skip
    for _ in range(3):
        while (await scheduler.round()).due:
            pass
        our.harness.clock.advance(hours=1)
    assert await our.rung("ring_again") == [bell] * 3


async def test_kinds_of_a_later_release_are_left_to_it(our: Tower) -> None:
    (bell,) = await our.add(1)
    other = Scheduler(
        "case", our.harness.executor, {"another": falls_due(RingBell, ring_bell)}, our.harness.clock
    )  # fmt: skip
    assert bell not in {due.object_id for due in (await other.round()).due}
    await our.ring()
    assert await our.rung() == [bell]


async def test_what_is_done_is_tidied_a_day_later(our: Tower) -> None:
    (bell,) = await our.add(1)
    await our.ring()
    our.harness.clock.advance(days=1)
    await our.ring()
    assert await our.state(bell) == ("done", 0)
    our.harness.clock.advance(microseconds=1)
    await our.ring()
    assert await our.state(bell) is None


async def test_a_database_that_is_away_is_waited_for(our: Tower) -> None:
    """The loop itself: it goes on when the database is back, and stops when it is told to."""
    (bell,) = await our.add(1)
    scheduler, tries = our.scheduler(), 0
    rounds = scheduler.round

    async def away_at_first() -> object:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Unavailable("the database does not answer")
        return await rounds()

    scheduler.round = away_at_first  # type: ignore[method-assign, assignment]
    running = asyncio.create_task(scheduler.run())
    async with asyncio.timeout(HANGS_AFTER):
        while await our.rung() != [bell]:
            await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert tries > 1
