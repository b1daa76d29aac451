"""A message is handed over when it arrives, also after a long silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from nats.aio.msg import Msg

from deploy.local.servers import Servers
from services.kit import consume
from services.kit.bus import EVENTS, Bus
from services.kit.consume import RawConsumer
from tests.background import running

DURABLE = "meeting-merged"
SHORT_SECONDS, LONG_SECONDS = 0.05, 3600
SILENCE_SECONDS = 0.12
ROUNDS = 40


@pytest.fixture
async def bus(servers: Servers) -> AsyncIterator[Bus]:
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("meeting"), "meeting")
    await bus.connect_for_ever()
    yield bus
    await bus.close()


def subject_of_one_test() -> str:
    return f"rondetafel.meeting.{uuid4()}.thing.told"


async def acknowledge(messages: list[Msg]) -> None:
    for message in messages:
        await message.ack()


async def test_no_message_waits_for_others_to_fill_a_batch(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each silence a request may wait for an hour, so a message held back would not be taken."""
    subject = subject_of_one_test()
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        await acknowledge(messages)
        for message in messages:
            taken.put_nowait(message.data)

    async def told_at_once(text: bytes) -> None:
        await bus.stream.publish(subject, text, stream=EVENTS)
        async with asyncio.timeout(10):
            assert await taken.get() == text

    async with running(RawConsumer(bus, EVENTS, DURABLE, [subject], take).run()):
        for number in range(ROUNDS):
            monkeypatch.setattr(consume, "FETCH_SECONDS", SHORT_SECONDS)
            await told_at_once(b"%d, before the silence" % number)
            await asyncio.sleep(SILENCE_SECONDS)
            monkeypatch.setattr(consume, "FETCH_SECONDS", LONG_SECONDS)
            await told_at_once(b"%d, after it" % number)
            await told_at_once(b"%d, and another" % number)


async def test_messages_that_come_while_it_gathers_are_taken_together(bus: Bus) -> None:
    subject = subject_of_one_test()
    taken: asyncio.Queue[list[bytes]] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        await acknowledge(messages)
        taken.put_nowait([message.data for message in messages])

    async with running(RawConsumer(bus, EVENTS, DURABLE, [subject], take, gather=2).run()):
        for text in (b"first", b"second", b"third"):
            await bus.stream.publish(subject, text, stream=EVENTS)
        async with asyncio.timeout(20):
            assert await taken.get() == [b"first", b"second", b"third"]


async def test_what_is_gathered_when_the_process_stops_is_given_back_at_once(bus: Bus) -> None:
    """Else it would come again only when it counts as lost, after half a minute."""
    subject = subject_of_one_test()
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        await acknowledge(messages)
        taken.put_nowait(messages[0].data)

    async with running(RawConsumer(bus, EVENTS, DURABLE, [subject], take, gather=LONG_SECONDS).run()):
        await bus.stream.publish(subject, b"told", stream=EVENTS)
        async with asyncio.timeout(10):
            while (await bus.stream.consumer_info(EVENTS, DURABLE)).num_ack_pending != 1:
                await asyncio.sleep(0.01)
        assert taken.empty()
    async with running(RawConsumer(bus, EVENTS, DURABLE, [subject], take).run()), asyncio.timeout(10):
        assert await taken.get() == b"told"
