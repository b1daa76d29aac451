"""Tells every 0.4 seconds, signed, which fact is the newest, so that the others know how old theirs are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from nats.errors import Error as NatsError

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.bus import Bus
from services.kit.catalogue import HEARTBEAT, beat_subject
from services.kit.clock import Clock, utc_now
from services.kit.errors import Unavailable
from services.kit.execute import Executor
from services.kit.fields import to_timestamp
from services.kit.ids import new_id
from services.kit.principal import PLATFORM, system
from services.partner_directory.queries.read_fact_version import ReadFactVersion, read_fact_version
from services.partner_directory.signing import FactSigning

logger = logging.getLogger(__name__)

BEAT_SECONDS = 0.4
"""A beat vouches for a second (kit/freshness.py): of two in a row one may be lost, and the next still be in time."""


class Heartbeat:
    """One in each process of the directory; the number is the database's, so several may beat at once.

    A beat that could not be told at once is not told: it would vouch for facts that are older than they seem. So
    nothing is sent while the database is slow or NATS is away, and the others ask the directory itself.
    """

    def __init__(
        self, executor: Executor, bus: Bus, signing: FactSigning, *, monotonic: Callable[[], float],
        clock: Clock = utc_now,
    ) -> None:  # fmt: skip
        self._executor = executor
        self._bus = bus
        self._signing = signing
        self._monotonic = monotonic
        self._clock = clock

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            asked_at = self._monotonic()
            try:
                await self.beat()
            except (Unavailable, OSError, NatsError) as error:
                logger.warning("no heartbeat: %s", type(error).__name__)
            await asyncio.sleep(max(0.0, asked_at + BEAT_SECONDS - self._monotonic()))

    async def beat(self) -> bool:
        """Read the number and tell it. Whether it was told."""
        asked_at, made_at = self._monotonic(), self._clock()
        principal = system("partner_directory.heartbeat", PLATFORM)
        version = await self._executor.run(principal, read_fact_version, ReadFactVersion())
        signer = self._signing.signer
        if self._monotonic() - asked_at > BEAT_SECONDS or not self._bus.connected or signer is None:
            return False
        envelope = kit_pb2.Envelope(
            message_id=str(new_id()), tenant_id=str(PLATFORM), type=HEARTBEAT.name, producer=HEARTBEAT.producer,
            occurred_at=to_timestamp(made_at), payload=pb.Heartbeat(fact_version=version).SerializeToString(),
        )  # fmt: skip
        signer.sign(envelope)
        await self._bus.client.publish(beat_subject(), envelope.SerializeToString())
        return True
