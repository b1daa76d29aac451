"""Streams while NATS hangs: connected, and nothing comes, not even the end of a sign-in (invariant 15)."""

from __future__ import annotations

import asyncio
from typing import cast

from services.kit.bus import Bus
from services.kit.identities import sign_in_id
from services.kit.identity import Revocations
from services.portal.web.request.live import SILENT, Changes
from tests.background import running
from tests.facts import envelope, incoming
from tests.portal.request.test_live import CELL, FIRST, Ear, ended, opened


class Silence:
    """How long until the directory was silent for too long."""

    def __init__(self) -> None:
        self.left = 0.05

    def __call__(self) -> float:
        return self.left


async def test_invariant_15_without_a_heartbeat_no_stream_goes_on() -> None:
    """NATS may hang: then the end of a sign-in comes to nobody."""
    silence = Silence()
    changes = Changes(Revocations(), silence)
    ear = await opened(changes)
    changes.end_when_silent()
    changes.take(envelope("case.listed", CELL))
    assert await ear.next() == FIRST
    silence.left = 0.0
    changes.end_when_silent()
    assert await ear.rest() == [FIRST]
    assert await Ear(changes).rest() == [FIRST, FIRST + SILENT]
    silence.left = 1.0
    await opened(changes)


class HangingBus:
    """Connected all the time, and nothing comes."""

    def __init__(self) -> None:
        self.client = self
        self.stats = {"reconnects": 0}

    async def wait(self) -> None:
        """At once."""

    async def subscribe(self, subject: str, cb: object) -> None:
        """Of no use."""


async def test_the_silence_itself_ends_them() -> None:
    silence = Silence()
    changes = Changes(Revocations(), silence)
    async with running(changes.listen(cast("Bus", HangingBus()), incoming("portal"))):
        await asyncio.sleep(0)
        ear = await opened(changes)
        silence.left = 0.0
        assert await ear.rest() == [FIRST]


async def test_invariant_15_an_identity_that_was_disabled_ends_its_streams_and_is_remembered() -> None:
    known = Revocations()
    changes = Changes(known, lambda: 60.0)
    mine, others = await opened(changes, sign_in="a"), await opened(changes, sign_in="b")
    changes.take(ended("a"))
    assert await mine.rest() == [FIRST]
    assert list(known._known) == [sign_in_id("a")]
    changes.take(envelope("case.listed", CELL))
    assert await others.next() == FIRST
