"""How what a service was told of mandates, ended sign-ins and disabled identities stays no older than a second.

The directory's heartbeat names its newest fact, signed and with the moment it was read. Whoever has one made within
the last second and has applied that fact may decide from the own tables; else the directory is asked directly; only
when that fails too: Unavailable.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from google.protobuf.message import DecodeError
from nats.aio.msg import Msg

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.bus import Bus
from services.kit.catalogue import Misaddressed, beat_subject
from services.kit.clock import Clock, utc_now
from services.kit.errors import Unavailable
from services.kit.execute import Executor
from services.kit.identities import Revocation
from services.kit.identity import Revocations
from services.kit.incoming import Incoming
from services.kit.mandates import ApplyMandates, MandateFact, ReadAppliedFacts, apply_mandates, read_applied_facts
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.kit.revocations import ApplyRevocations, apply_revocations, remember

logger = logging.getLogger(__name__)

MAX_SILENCE_SECONDS = 1.0
MAX_SKEW_SECONDS = 0.25
"""How far the directory's clock may be ahead of ours. As far as it is behind, its beats are worth less."""


@dataclass(frozen=True, slots=True)
class ToldRevocations:
    """What the directory answers: all revocations after the fact asked for, up to `fact_version`; `more` follow."""

    revocations: tuple[Revocation, ...]
    fact_version: int
    more: bool = False


AskMandates = Callable[[UUID, UUID], Awaitable[tuple[MandateFact, ...]]]
"""Of a person in a cell: the directory's GetMandates; raises Unavailable."""
AskRevocations = Callable[[int], Awaitable[ToldRevocations]]
"""After this fact: the directory's GetRevocations; raises Unavailable."""


class Freshness:
    """Before each act of somebody with a token: is what we would decide from at most a second old?

    Revocations are asked for once a second for all, mandates once a second per person and cell. `mandates=None` is for
    a service that keeps none. `memory` is told what an answer brought.
    """

    def __init__(
        self, service: str, mandates: AskMandates | None, revocations: AskRevocations, memory: Revocations, *,
        monotonic: Callable[[], float] = time.monotonic, clock: Clock = utc_now,
    ) -> None:  # fmt: skip
        self._name = f"{service}.consumer"
        self._ask_mandates = mandates
        self._ask_revocations = revocations
        self._memory = memory
        self._monotonic = monotonic
        self._clock = clock
        self._heard_at = float("-inf")
        self._heard = 0
        self._applied = -1
        self._pulled = 0
        self._pulled_at = float("-inf")
        self._pulling: asyncio.Task[None] | None = None
        self._asked: dict[tuple[UUID, UUID], float] = {}
        self.executor: Executor | None = None

    async def listen(self, bus: Bus, incoming: Incoming) -> None:
        """Hear the heartbeat from now on. One that cannot be shown to be the directory's vouches for nothing."""

        async def beat(message: Msg) -> None:
            try:
                envelope = await incoming.open(message.subject, message.data)
                told = pb.Heartbeat.FromString(envelope.payload)
            except (Misaddressed, DecodeError, Unavailable) as error:
                logger.warning("a heartbeat that counts for nothing: %s", type(error).__name__)
            else:
                self.hear(told.fact_version, envelope.occurred_at.ToDatetime(tzinfo=UTC))

        await bus.client.subscribe(beat_subject(), cb=beat)

    def hear(self, fact_version: int, made_at: datetime) -> bool:
        """The directory's newest fact at that moment. Whether the beat counts: it vouches for a second from when it was
        made, however long it took to arrive; one held back, played again or from the future vouches for nothing."""
        age = (self._clock() - made_at).total_seconds()
        if not -MAX_SKEW_SECONDS <= age < MAX_SILENCE_SECONDS or fact_version < self._heard:
            return False
        self._heard_at = max(self._heard_at, self._monotonic() - max(age, 0.0))
        self._heard = fact_version
        return True

    def silent_in(self) -> float:
        """Seconds until a beat will be missed; 0 or less when one is."""
        return self._heard_at + MAX_SILENCE_SECONDS - self._monotonic()

    async def __call__(self, principal: Principal) -> None:
        """Returns when facts are fresh enough. Raises Unavailable when nobody can tell."""
        person = principal.kind is PrincipalKind.PERSON
        if not (person or principal.identities):
            return
        heard = self.silent_in() > 0
        if heard and self._ask_mandates and await self._caught_up():
            return
        asked = []
        if principal.identities and not (heard and self._pulled >= self._heard):
            asked.append(self.pull())
        if person and self._ask_mandates and principal.cell_id != PLATFORM:
            asked.append(self._take_mandates(self._ask_mandates, principal.actor_id, principal.cell_id))
        await asyncio.gather(*asked)

    async def pull(self) -> None:
        """Have all revocations of a second ago in our table. Raises Unavailable."""
        if self._monotonic() - self._pulled_at < MAX_SILENCE_SECONDS:
            return
        if self._pulling is None or self._pulling.done():
            self._pulling = asyncio.create_task(self._pull())
        # Shielded: others wait for the same answer.
        await asyncio.shield(self._pulling)

    async def _pull(self) -> None:
        more = True
        while more:
            asked_at = self._monotonic()
            told = await self._ask_revocations(max(self._pulled, self._applied))
            if told.revocations:
                await self._run(PLATFORM, ApplyRevocations(told.revocations, heard=False))
                remember(self._memory, told.revocations)
            self._pulled, more = max(self._pulled, told.fact_version), told.more
        self._pulled_at = asked_at

    async def _take_mandates(self, ask: AskMandates, person_id: UUID, cell_id: UUID) -> None:
        name = (person_id, cell_id)
        if self._monotonic() - self._asked.get(name, float("-inf")) < MAX_SILENCE_SECONDS:
            return
        asked_at = self._monotonic()
        # Nothing to take over in a cell that does not exist: it must not get a log (decision 8).
        if mandates := await ask(*name):
            await self._run(cell_id, ApplyMandates(mandates, heard=False))
        if len(self._asked) > 10_000:
            self._asked.clear()
        self._asked[name] = asked_at

    async def _caught_up(self) -> bool:
        if self._applied < self._heard:
            assert self.executor is not None
            self._applied = await self.executor.run(
                system(self._name, PLATFORM), read_applied_facts, ReadAppliedFacts()
            )
        return self._applied >= self._heard

    async def _run(self, cell_id: UUID, command: ApplyMandates | ApplyRevocations) -> None:
        assert self.executor is not None
        principal = system(self._name, cell_id)
        if isinstance(command, ApplyMandates):
            await self.executor.run(principal, apply_mandates, command)
        else:
            await self.executor.run(principal, apply_revocations, command)


async def always_fresh(principal: Principal) -> None:
    """For the directory itself: its facts are the record."""
