"""A message is handed over when it arrives, also after a long silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from nats.aio.msg import Msg
from nats.js.api import DeliverPolicy
from nats.js.errors import NotFoundError

from deploy.local.servers import Servers
from deploy.nats.consumers import wanted
from services.kit import consume
from services.kit.bus import EVENTS, Bus
from services.kit.catalogue import durables
from services.kit.consume import RawConsumer, bound
from tests.background import running
from tests.patience import HANGS_AFTER

DURABLE = "meeting-merged"
SHORT_SECONDS, LONG_SECONDS = 0.05, 3600
"""Less than the half minute after which what was not given back comes again."""
SILENCE_SECONDS = 0.12
ROUNDS = 40
Tell = Callable[[bytes], Awaitable[None]]


@pytest.fixture
async def bus(servers: Servers) -> AsyncIterator[Bus]:
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("meeting"), "meeting")
    await bus.connect_for_ever()
    yield bus
    await bus.close()


SUBJECT = f"rondetafel.audit.{uuid4()}.audit.merged"


@pytest.fixture
async def told(servers: Servers) -> AsyncIterator[Tell]:
    """Tells what this durable hears; what others told before comes no more."""
    operator = await servers.nats.connect("operator")
    (durable,) = (durable for durable in durables() if durable.name == DURABLE)
    await operator.jetstream().delete_consumer(EVENTS, DURABLE)
    await operator.jetstream().add_consumer(EVENTS, replace(wanted(durable), deliver_policy=DeliverPolicy.NEW))

    async def tell(text: bytes) -> None:
        await operator.jetstream().publish(SUBJECT, text, stream=EVENTS)

    yield tell
    await operator.close()


async def acknowledge(messages: list[Msg]) -> None:
    for message in messages:
        await message.ack()


async def test_no_message_waits_for_others_to_fill_a_batch(
    bus: Bus, told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each silence a request may wait for an hour, so a message held back would not be taken."""
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        await acknowledge(messages)
        for message in messages:
            taken.put_nowait(message.data)

    async def told_at_once(text: bytes) -> None:
        await told(text)
        async with asyncio.timeout(HANGS_AFTER):
            assert await taken.get() == text

    async with running(RawConsumer(bus, EVENTS, DURABLE, take).run()):
        for number in range(ROUNDS):
            monkeypatch.setattr(consume, "FETCH_SECONDS", SHORT_SECONDS)
            await told_at_once(b"%d, before the silence" % number)
            await asyncio.sleep(SILENCE_SECONDS)
            monkeypatch.setattr(consume, "FETCH_SECONDS", LONG_SECONDS)
            await told_at_once(b"%d, after it" % number)
            await told_at_once(b"%d, and another" % number)


async def test_messages_that_come_while_it_gathers_are_taken_together(bus: Bus, told: Tell) -> None:
    taken: asyncio.Queue[list[bytes]] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        await acknowledge(messages)
        taken.put_nowait([message.data for message in messages])

    async with running(RawConsumer(bus, EVENTS, DURABLE, take, gather=2).run()):
        for text in (b"first", b"second", b"third"):
            await told(text)
        async with asyncio.timeout(HANGS_AFTER):
            assert await taken.get() == [b"first", b"second", b"third"]


async def test_what_is_gathered_when_the_process_stops_is_given_back_at_once(bus: Bus, told: Tell) -> None:
    """Else it would come again only when it counts as lost, after half a minute."""
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        await acknowledge(messages)
        taken.put_nowait(messages[0].data)

    stopped = RawConsumer(bus, EVENTS, DURABLE, take, gather=LONG_SECONDS)
    async with running(stopped.run()):
        await told(b"told")
        async with asyncio.timeout(HANGS_AFTER):
            while stopped.gathered != 1:
                await asyncio.sleep(0.01)
        assert taken.empty()
    async with running(RawConsumer(bus, EVENTS, DURABLE, take).run()), asyncio.timeout(HANGS_AFTER):
        assert await taken.get() == b"told"


async def test_a_durable_that_is_missing_is_waited_for(bus: Bus, told: Tell, servers: Servers) -> None:
    """A service can make none; it goes on by itself when the operator has."""
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        await acknowledge(messages)
        for message in messages:
            taken.put_nowait(message.data)

    operator = await servers.nats.connect("operator")
    await operator.jetstream().delete_consumer(EVENTS, DURABLE)
    with pytest.raises(NotFoundError):
        await bound(bus, EVENTS, DURABLE)
    async with running(RawConsumer(bus, EVENTS, DURABLE, take).run()), asyncio.timeout(HANGS_AFTER):
        await servers.nats.provision()
        await told(b"told")
        while await taken.get() != b"told":
            pass
    await operator.close()
