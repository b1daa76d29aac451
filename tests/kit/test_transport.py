"""Outbox, relay, stream, consumer, inbox: at least once on the wire, exactly once in effect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from rondetafel.kit.v1 import kit_pb2
from rondetafel.portal.v1 import portal_pb2
from services.kit.bus import DEAD, EVENTS, Bus
from services.kit.consume import MAX_TRIES, Consumer, Subscription
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.mandates import mandate_policy
from services.kit.outbox import Event
from services.kit.policy import DatabaseRole, Policy, Rule, Verb
from services.kit.relay import Relay
from tests.background import running
from tests.databases import Migrated
from tests.facts import incoming
from tests.harness import Harness
from tests.patience import HANGS_AFTER

SYSTEMS = frozenset({"case.consumer", "meeting.consumer"})


@dataclass(frozen=True, slots=True)
class TellThing:
    """Publish a fact under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class HearThing:
    """The fact, heard."""

    name: str


heard: list[tuple[UUID, str]] = []


async def tell_thing(work: Work, command: TellThing) -> None:
    """A command that publishes."""
    work.publish(Event("case.proposed", portal_pb2.SessionEnded(session_id=command.name)))


async def hear_thing(work: Work, command: HearThing) -> None:
    """Its effect in the database is an event of its own; `heard` only tells the test that it ran."""
    if command.name == "poison":
        raise RuntimeError("cannot be handled")
    heard.append((work.cell_id, command.name))
    work.publish(Event("signal.received", portal_pb2.SessionEnded(session_id=command.name)))


def to_command(envelope: kit_pb2.Envelope) -> HearThing:
    return HearThing(portal_pb2.SessionEnded.FromString(envelope.payload).session_id)


POLICY: Policy = {
    tell_thing: Rule(Verb.ADMINISTER, systems=SYSTEMS, fields=()),
    hear_thing: Rule(Verb.ADMINISTER, systems=SYSTEMS, fields=(), database_role=DatabaseRole.HEARING),
    **mandate_policy("case"),
}
# Any event of the case service that another one hears: the tests are about the way, and both ends are one database.
SUBSCRIPTIONS = {"case.proposed": Subscription(hear_thing, to_command)}


@pytest.fixture
def harness(database: Migrated) -> Harness:
    return Harness("case", database, POLICY)


@asynccontextmanager
async def transport(servers: Servers, harness: Harness) -> AsyncIterator[tuple[Bus, Relay]]:
    """Relay and consumer of one service, running."""
    await harness.database.forget_untold()
    bus, hearing = (Bus(servers.instance.nats_url, servers.nats.seed_file(name), name) for name in ("case", "meeting"))
    await bus.connect_for_ever()
    await hearing.connect_for_ever()
    relay = Relay(servers.postgres.database_url("case", "relay"), bus, "case", harness.seals)
    consumer = Consumer(hearing, harness.executor, incoming("meeting"), SUBSCRIPTIONS, pause=lambda tries: 0.01)
    try:
        async with running(relay.run(), consumer.run()):
            yield bus, relay
    finally:
        await relay.close()
        await hearing.close()
        await bus.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a cause to have its effect; the limit only ends a test that failed."""
    async with asyncio.timeout(HANGS_AFTER):
        while not await condition():
            await asyncio.sleep(0.02)


async def waiting(servers: Servers, cell_id: UUID) -> int:
    """Unpublished outbox rows of a cell."""
    connection = await servers.postgres.connect("rondetafel_case")
    try:
        query = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND published_at IS NULL"
        return int(await connection.fetchval(query, cell_id))
    finally:
        await connection.close()


async def effects(servers: Servers, cell_id: UUID) -> list[str]:
    """The names of the facts whose effect is committed, each as often as it had one: `heard` tells of a try already."""
    connection = await servers.postgres.connect("rondetafel_case")
    try:
        query = "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'signal.received'"
        rows = await connection.fetch(query, cell_id)
    finally:
        await connection.close()
    return sorted(portal_pb2.SessionEnded.FromString(row["payload"]).session_id for row in rows)


async def test_a_fact_has_its_effect_once_however_often_it_comes(servers: Servers, harness: Harness) -> None:
    cell = await harness.cell()
    async with transport(servers, harness) as (bus, relay):
        await cell.as_system(tell_thing, TellThing("once"))
        relay.wake()

        async def effect() -> bool:
            return await effects(servers, cell.cell_id) == ["once"]

        await until(effect)
        connection = await servers.postgres.connect("rondetafel_case")
        await connection.execute("UPDATE outbox SET published_at = NULL WHERE tenant_id = $1", cell.cell_id)
        told = "SELECT * FROM outbox WHERE tenant_id = $1 AND type = 'case.proposed'"
        row = await connection.fetchrow(told, cell.cell_id)
        await connection.close()
        assert row is not None
        # The same message past the stream's own memory of ids: only the inbox can stop it.
        envelope = kit_pb2.Envelope(
            message_id=str(row["message_id"]), tenant_id=str(cell.cell_id), type="case.proposed", producer="case",
            payload=row["payload"],
        )  # fmt: skip
        await bus.stream.publish(row["subject"], envelope.SerializeToString(), stream=EVENTS)
        await cell.as_system(tell_thing, TellThing("after"))
        relay.wake()

        async def after() -> bool:
            return "after" in await effects(servers, cell.cell_id)

        await until(after)
    assert heard.count((cell.cell_id, "once")) > 1, "the repeat never reached the handler"
    assert await effects(servers, cell.cell_id) == ["after", "once"]


async def test_poison_is_set_aside_and_blocks_nobody(servers: Servers, harness: Harness) -> None:
    cell = await harness.cell()
    async with transport(servers, harness) as (_, relay):
        for name in ("poison", "healthy"):
            await cell.as_system(tell_thing, TellThing(name))
        relay.wake()
        operator = await servers.nats.connect("operator")
        stream = operator.jetstream()

        async def both() -> bool:
            dead = await stream.stream_info(DEAD, subjects_filter="rondetafel_dead.meeting.case.proposed")
            return await effects(servers, cell.cell_id) == ["healthy"] and bool(dead.state.subjects)

        await until(both)
        letter = await stream.get_last_msg(DEAD, "rondetafel_dead.meeting.case.proposed")
        await operator.close()
    assert letter.data is not None
    envelope = kit_pb2.Envelope.FromString(letter.data)
    assert envelope.tenant_id == str(cell.cell_id)
    connection = await servers.postgres.connect("rondetafel_case")
    count = await connection.fetchval(
        "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND stream = 'audit'", cell.cell_id
    )
    await connection.close()
    # note_cell, two tellings, one hearing, and one refusal for each try of the poison.
    assert count == 4 + MAX_TRIES


async def test_an_envelope_for_another_tenant_than_its_subject_is_refused(servers: Servers, harness: Harness) -> None:
    cell, victim = await harness.cell(), await harness.cell()
    async with transport(servers, harness) as (bus, relay):
        payload = portal_pb2.SessionEnded(session_id="forged").SerializeToString()
        envelope = kit_pb2.Envelope(
            message_id=str(new_id()),
            tenant_id=str(victim.cell_id),
            type="case.proposed",
            producer="case",
            payload=payload,
        )
        for subject_tenant in (victim.cell_id, cell.cell_id):
            envelope.message_id = str(uuid4())
            envelope.payload = portal_pb2.SessionEnded(session_id=f"for {subject_tenant}").SerializeToString()
            subject = f"rondetafel.case.{subject_tenant}.case.proposed"
            await bus.stream.publish(subject, envelope.SerializeToString(), stream=EVENTS)
        await cell.as_system(tell_thing, TellThing("last"))
        relay.wake()

        async def last() -> bool:
            return (cell.cell_id, "last") in heard

        await until(last)
    assert (victim.cell_id, f"for {victim.cell_id}") in heard
    assert (victim.cell_id, f"for {cell.cell_id}") not in heard


async def test_nats_away_work_goes_on_and_the_outbox_drains(servers: Servers, harness: Harness) -> None:
    cell = await harness.cell()
    async with transport(servers, harness) as (_, relay):
        servers.nats.kill()
        for number in range(20):
            await cell.as_system(tell_thing, TellThing(f"away {number}"))
        relay.wake()
        assert await waiting(servers, cell.cell_id) >= 20
        await servers.nats.start()

        async def all_heard() -> bool:
            names = {name for cell_id, name in heard if cell_id == cell.cell_id}
            return len(names) == 20 and await waiting(servers, cell.cell_id) == 0

        await until(all_heard)
    assert len([name for cell_id, name in heard if cell_id == cell.cell_id]) == 20


async def test_audit_rows_stay_until_they_are_confirmed(servers: Servers, harness: Harness) -> None:
    cell = await harness.cell()
    async with transport(servers, harness) as (_, relay):
        await cell.as_system(tell_thing, TellThing("kept"))
        relay.wake()

        async def published() -> bool:
            return await waiting(servers, cell.cell_id) == 0

        await until(published)
        connection = await servers.postgres.connect("rondetafel_case")
        query = "SELECT producer_seq, producer_epoch FROM outbox WHERE tenant_id = $1 AND stream = 'audit'"
        before: list[asyncpg.Record] = await connection.fetch(query, cell.cell_id)
        await relay.merged(cell.cell_id, before[0]["producer_epoch"], 1)
        after = await connection.fetch(query, cell.cell_id)
        await connection.close()
    assert {row["producer_seq"] for row in before} - {row["producer_seq"] for row in after} == {1}
    assert after
