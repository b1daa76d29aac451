"""A message is handed over when it arrives, also after a long silence."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from nats.aio.msg import Msg

from deploy.local.servers import Servers
from services.kit import consume
from services.kit.bus import EVENTS, Bus
from services.kit.consume import RawConsumer

SHORT_SECONDS, LONG_SECONDS = 0.05, 3600
SILENCE_SECONDS = 0.12
ROUNDS = 40


async def test_no_message_waits_for_others_to_fill_a_batch(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each silence a request may wait for an hour, so a message held back would not be taken."""
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("meeting"), "meeting")
    connecting = asyncio.create_task(bus.connect_for_ever())
    subject = f"rondetafel.meeting.{uuid4()}.thing.told"
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(messages: list[Msg]) -> None:
        for message in messages:
            await message.ack()
            taken.put_nowait(message.data)

    async def told_at_once(text: bytes) -> None:
        await bus.stream.publish(subject, text, stream=EVENTS)
        async with asyncio.timeout(10):
            assert await taken.get() == text

    consumer = RawConsumer(bus, EVENTS, "meeting-merged", [subject], take)
    consuming = asyncio.create_task(consumer.run())
    try:
        await bus.wait()
        for number in range(ROUNDS):
            monkeypatch.setattr(consume, "FETCH_SECONDS", SHORT_SECONDS)
            await told_at_once(b"%d, before the silence" % number)
            await asyncio.sleep(SILENCE_SECONDS)
            monkeypatch.setattr(consume, "FETCH_SECONDS", LONG_SECONDS)
            await told_at_once(b"%d, after it" % number)
            await told_at_once(b"%d, and another" % number)
    finally:
        consuming.cancel()
        connecting.cancel()
        await asyncio.gather(consuming, connecting, return_exceptions=True)
        await bus.close()
