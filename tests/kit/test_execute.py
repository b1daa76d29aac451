"""The choke point: policy, audit record, idempotency, refusals, cancelled connections."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, IdempotencyKeyReused, RoleMissing
from services.kit.execute import Work
from services.kit.policy import Role
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from tests.databases import Migrated
from tests.harness import Harness
from tests.kit.things import (
    POLICY,
    Dwell,
    ReadScope,
    ThingClosed,
    TouchThing,
    coordinator,
    dwell,
    read_scope,
    records,
    touch_thing,
)


@pytest.fixture
def harness(database: Migrated) -> Harness:
    return Harness("case", database, POLICY)


async def test_invariant_16_an_act_is_one_record_naming_person_and_case(
    harness: Harness, administrator: asyncpg.Connection
) -> None:
    person, thing = await coordinator(harness), uuid4()
    await person.run(touch_thing, TouchThing(thing))
    (record,) = await records(administrator, person.cell.cell_id, "touch_thing")
    assert (record.actor_id, record.outcome, record.verb) == (str(person.person_id), "allow", "alter")
    assert list(record.object_ids) == [str(thing)]
    assert record.detail["role"] == "coordinator"


async def test_a_refusal_rolls_back_and_is_recorded(harness: Harness, administrator: asyncpg.Connection) -> None:
    person, thing = await coordinator(harness), uuid4()
    assert await person.run(touch_thing, TouchThing(uuid4()))
    with pytest.raises(ThingClosed):
        await person.run(touch_thing, TouchThing(thing, fails=True))
    allowed, refused = await records(administrator, person.cell.cell_id, "touch_thing")
    assert (allowed.outcome, refused.outcome, refused.detail["error"]) == ("allow", "error", "ThingClosed")
    assert list(refused.object_ids) == [str(thing)]
    events = await administrator.fetch(
        "SELECT 1 FROM outbox WHERE tenant_id = $1 AND type = 'thing.touched'", person.cell.cell_id
    )
    assert len(events) == 1


async def test_an_unknown_cell_is_recorded_by_the_host_with_the_same_answer(
    harness: Harness, administrator: asyncpg.Connection
) -> None:
    person, elsewhere = await coordinator(harness), await harness.cell()
    assert await person.run(touch_thing, TouchThing(uuid4()))
    unknown = Principal(PrincipalKind.PERSON, person.person_id, uuid4(), acr=2)
    answers = []
    for principal in (unknown, Principal(PrincipalKind.PERSON, person.person_id, elsewhere.cell_id, acr=2)):
        with pytest.raises(CellNotFound) as refused:
            await harness.executor.run(principal, touch_thing, TouchThing(uuid4()))
        answers.append((type(refused.value), str(refused.value)))
    assert answers[0] == answers[1]
    assert [record.outcome for record in await records(administrator, elsewhere.cell_id, "touch_thing")] == ["deny"]
    assert await records(administrator, unknown.cell_id, "touch_thing") == []
    host = await records(administrator, PLATFORM, "touch_thing")
    assert [somebody.outcome for somebody in host if somebody.actor_id == str(person.person_id)] == ["deny"]


async def test_a_handler_without_policy_line_does_not_run(harness: Harness) -> None:
    async def forgotten(work: Work, command: TouchThing) -> None:
        """Nobody wrote a line for it."""

    person = await coordinator(harness)
    assert await person.run(touch_thing, TouchThing(uuid4()))
    with pytest.raises(KeyError):
        await person.run(forgotten, TouchThing(uuid4()))


async def test_host_and_systems_have_only_their_own_lines(harness: Harness) -> None:
    person = await coordinator(harness)
    assert await person.run(touch_thing, TouchThing(uuid4()))
    for principal in (
        Principal(PrincipalKind.HOST, uuid4(), person.cell.cell_id, name="host"),
        system("case.consumer", person.cell.cell_id),
    ):
        with pytest.raises(CellNotFound):
            await harness.executor.run(principal, touch_thing, TouchThing(uuid4()))
    participant = await person.cell.person(Role.PARTICIPANT)
    with pytest.raises(RoleMissing):
        await participant.run(touch_thing, TouchThing(uuid4()))


async def test_one_of_many_concurrent_repeats_acts(harness: Harness, administrator: asyncpg.Connection) -> None:
    person, thing = await coordinator(harness), uuid4()
    runs = [person.run(touch_thing, TouchThing(thing), idempotency_key="once") for _ in range(6)]
    receipts = await asyncio.gather(*runs)
    assert len({receipt.id for receipt in receipts}) == 1
    events = await administrator.fetch(
        "SELECT 1 FROM outbox WHERE tenant_id = $1 AND type = 'thing.touched'", person.cell.cell_id
    )
    assert len(events) == 1
    with pytest.raises(IdempotencyKeyReused):
        await person.run(touch_thing, TouchThing(uuid4()), idempotency_key="once")
    other = await person.cell.person(Role.COORDINATOR)
    assert (await other.run(touch_thing, TouchThing(thing), idempotency_key="once")).id != receipts[0].id


async def test_an_idempotency_key_is_forgotten_after_a_day(harness: Harness) -> None:
    person, thing = await coordinator(harness), uuid4()
    first = await person.run(touch_thing, TouchThing(thing), idempotency_key="daily")
    harness.clock.advance(hours=23)
    assert await person.run(touch_thing, TouchThing(thing), idempotency_key="daily") == first
    harness.clock.advance(hours=2)
    assert await person.run(touch_thing, TouchThing(thing), idempotency_key="daily") != first


async def test_a_key_of_the_release_before_answers_its_repeat_and_no_other_request(
    harness: Harness, administrator: asyncpg.Connection
) -> None:
    """Up to 0.1 the hash was of the command as Python shows it."""
    person, command = await coordinator(harness), TouchThing(uuid4())
    first = await person.run(touch_thing, command, idempotency_key="old")
    async with harness.database.transaction(person.principal, harness.clock()) as session:
        of_before = await harness.vault.keyring(session, person.cell.cell_id).blind(repr(command), "idempotency")
    await administrator.execute(
        "UPDATE idempotency SET request_hash = $1 WHERE tenant_id = $2", of_before, person.cell.cell_id
    )
    assert await person.run(touch_thing, command, idempotency_key="old") == first
    with pytest.raises(IdempotencyKeyReused):
        await person.run(touch_thing, TouchThing(uuid4()), idempotency_key="old")


async def test_the_scope_of_an_act_is_the_field_its_rule_names(harness: Harness) -> None:
    person, thing = await coordinator(harness), uuid4()
    assert await person.run(read_scope, ReadScope(TouchThing(thing))) == [str(thing), str(PLATFORM)]


async def test_producer_numbers_have_no_gaps_under_concurrency(
    harness: Harness, administrator: asyncpg.Connection
) -> None:
    person = await coordinator(harness)
    runs = [person.run(touch_thing, TouchThing(uuid4(), fails=number % 3 == 0)) for number in range(24)]
    await asyncio.gather(*runs, return_exceptions=True)
    rows = await administrator.fetch(
        "SELECT producer_seq FROM outbox WHERE tenant_id = $1 AND stream = 'audit'", person.cell.cell_id
    )
    numbers = sorted(row["producer_seq"] for row in rows)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 24


async def test_a_cancelled_task_takes_its_connection_along(servers: Servers, administrator: asyncpg.Connection) -> None:
    """A cancelled connection may still hold another tenant's transaction."""
    database = Migrated(servers, "case", size=1)
    harness = Harness("case", database, POLICY)
    person = await coordinator(harness)
    inside, leave = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(person.run(dwell, Dwell(inside, leave)))
    await inside.wait()
    (dwelling,) = await administrator.fetch(
        "SELECT pid FROM pg_stat_activity WHERE usename = 'case_app' AND state = 'idle in transaction'"
    )
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    other = await coordinator(harness)
    await other.run(touch_thing, TouchThing(uuid4()))
    living = await administrator.fetch("SELECT 1 FROM pg_stat_activity WHERE pid = $1", dwelling["pid"])
    assert living == []
    await database.close()


async def test_an_unset_tenant_is_an_error_and_never_all(servers: Servers, harness: Harness) -> None:
    person = await coordinator(harness)
    await person.run(touch_thing, TouchThing(uuid4()))
    url = servers.postgres.database_url("case", "app").replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("SELECT set_config('rondetafel.tenant', $1, true)", str(person.cell.cell_id))
        assert await connection.fetch("SELECT 1 FROM mandate")
    for table in ("mandate", "outbox", "object_key", "cell_key", "producer_height"):
        with pytest.raises(asyncpg.PostgresError):
            await connection.fetch(f"SELECT 1 FROM {table}")
    await connection.close()
