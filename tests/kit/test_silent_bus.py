"""NATS over a connection that silently carries nothing any more: who hears and who tells find another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import DeliverPolicy

from deploy.local.servers import Servers
from deploy.nats.consumers import wanted
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit import consume
from services.kit.bus import EVENTS, Bus
from services.kit.catalogue import beat_subject, durables
from services.kit.consume import RawConsumer
from services.kit.errors import Unavailable
from services.kit.freshness import Freshness, ToldRevocations
from services.kit.identity import Revocations
from services.kit.patience import Messages
from services.kit.principal import PLATFORM, Principal, PrincipalKind
from tests.background import running
from tests.facts import envelope, incoming
from tests.silence import WAIT_SECONDS, Way, way_to

QUICK = Messages(ping_seconds=0.1, answer_seconds=0.5)
"""On a busy machine an answer may be late on a way that carries too: then one more connection is made."""
DURABLE = "meeting-merged"
SUBJECT = f"rondetafel.audit.{uuid4()}.audit.merged"
MANY_BYTES = 16 * 1024 * 1024
"""More than the system keeps for somebody who does not read."""


@pytest.fixture
async def way(servers: Servers) -> AsyncIterator[Way]:
    async with way_to(servers.instance.ports.nats) as way:
        yield way


@pytest.fixture
async def bus(servers: Servers, way: Way) -> AsyncIterator[Bus]:
    bus = Bus(f"nats://{way.target}", servers.nats.seed_file("meeting"), "meeting", patience=QUICK)
    await bus.connect_for_ever()
    yield bus
    await bus.close()


@pytest.fixture
async def operator(servers: Servers) -> AsyncIterator[Client]:
    operator = await servers.nats.connect("operator")
    yield operator
    await operator.close()


async def test_a_consumer_hears_on(bus: Bus, way: Way, operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    (durable,) = (durable for durable in durables() if durable.name == DURABLE)
    await operator.jetstream().delete_consumer(EVENTS, DURABLE)
    await operator.jetstream().add_consumer(EVENTS, replace(wanted(durable), deliver_policy=DeliverPolicy.NEW))
    # What it asked for on the former connection is over when there is another: the server would answer it there.
    monkeypatch.setattr(consume, "FETCH_SECONDS", 0.1)
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        for message in messages:
            await message.ack()
            taken.put_nowait(message.data)

    async def hears(text: bytes) -> None:
        await operator.jetstream().publish(SUBJECT, text, stream=EVENTS)
        async with asyncio.timeout(WAIT_SECONDS):
            assert await taken.get() == text

    async with running(RawConsumer(bus, EVENTS, DURABLE, take).run()):
        await hears(b"before")
        made = way.made
        way.forget()
        await way.until_made(made + 1)
        await hears(b"after")


async def test_who_tells_goes_on_when_nothing_is_read_any_more(bus: Bus, way: Way) -> None:
    """Nor is what was written and not read waited for."""
    subject = "rondetafel.meeting.0.session.opened"
    made = way.made
    way.forget(deaf=True)
    told = 0
    while told < MANY_BYTES and way.made == made:
        try:
            await bus.client.publish(subject, bytes(512 * 1024))
        except NatsError:
            # It keeps so much and no more.
            break
        told += 512 * 1024
        await asyncio.sleep(0)
    await way.until_made(made + 1)
    async with asyncio.timeout(WAIT_SECONDS):
        while not bus.connected:
            await asyncio.sleep(0.01)
        await bus.client.flush()


async def test_while_no_heartbeat_comes_nobody_acts_and_then_all_do(bus: Bus, way: Way, servers: Servers) -> None:
    """The directory is away too, so nobody can tell; nothing but the way has to come back."""
    directory = await servers.nats.connect("partner_directory")

    async def away(after: int) -> ToldRevocations:
        raise Unavailable

    async def beat() -> None:
        while True:
            told = envelope("heartbeat", PLATFORM, pb.Heartbeat(fact_version=0))
            await directory.publish(beat_subject(), told.SerializeToString())
            await asyncio.sleep(0.05)

    fresh = Freshness("meeting", None, away, Revocations())
    await fresh.listen(bus, incoming("meeting"))
    person = Principal(PrincipalKind.PERSON, uuid4(), uuid4(), 2, "", None, (uuid4(),), datetime.now(UTC))

    async def acts() -> bool:
        try:
            await fresh(person)
        except Unavailable:
            return False
        return True

    async def until(wanted: bool) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while await acts() is not wanted:
                await asyncio.sleep(0.02)

    assert not await acts()
    async with running(beat()):
        await until(True)
        made = way.made
        way.forget()
        way.hanging = True
        await until(False)
        way.hanging = False
        await until(True)
        assert way.made > made
    await directory.close()
