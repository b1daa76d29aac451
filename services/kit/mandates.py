"""The projection of mandates that every service keeps, and how it stays no older than a second (architecture.md).

The directory's heartbeat names its newest fact, signed and with the moment it was read. Whoever has one made within
the last second and has applied that fact may decide from the projection; else the directory is asked directly; only
when that fails too: Unavailable.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from google.protobuf.message import DecodeError
from nats.aio.msg import Msg
from sqlalchemy import text

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.bus import Bus
from services.kit.catalogue import Misaddressed, beat_subject
from services.kit.clock import Clock, utc_now
from services.kit.errors import Unavailable
from services.kit.execute import Executor, Work
from services.kit.incoming import Incoming
from services.kit.policy import DatabaseRole, Handler, Rule, Verb
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system

logger = logging.getLogger(__name__)

MAX_SILENCE_SECONDS = 1.0
MAX_SKEW_SECONDS = 0.25
"""How far the directory's clock may be ahead of ours. As far as it is behind, its beats are worth less."""


@dataclass(frozen=True, slots=True)
class MandateFact:
    """A mandate as the directory says it now is."""

    mandate_id: UUID
    person_id: UUID
    organisation_id: UUID
    organisation_kind: str
    role: str
    nis_codes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    legal_basis: str
    clearance_ends_at: datetime | None
    undertaken_until: datetime | None
    fact_version: int


@dataclass(frozen=True, slots=True)
class ApplyMandates:
    """Take over facts; `heard` tells whether they came as numbered events (and not as an answer to a question)."""

    mandates: tuple[MandateFact, ...]
    heard: bool


@dataclass(frozen=True, slots=True)
class NoteCell:
    """A cell exists from now on."""

    cell_id: UUID


@dataclass(frozen=True, slots=True)
class ReadAppliedFacts:
    """Up to which fact, without gaps, this service has applied the directory's facts."""


_APPLY = text("""
INSERT INTO mandate AS mine (tenant_id, mandate_id, person_id, organisation_id, organisation_kind, role, nis_codes,
    starts_at, ends_at, legal_basis, clearance_ends_at, undertaken_until, fact_version)
VALUES (:tenant_id, :mandate_id, :person_id, :organisation_id, :organisation_kind, :role, :nis_codes,
    :starts_at, :ends_at, :legal_basis, :clearance_ends_at, :undertaken_until, :fact_version)
ON CONFLICT (tenant_id, mandate_id) DO UPDATE SET
    ends_at = excluded.ends_at, clearance_ends_at = excluded.clearance_ends_at, role = excluded.role,
    nis_codes = excluded.nis_codes, starts_at = excluded.starts_at, legal_basis = excluded.legal_basis,
    undertaken_until = excluded.undertaken_until, fact_version = excluded.fact_version
WHERE mine.fact_version < excluded.fact_version""")
_SEEN = text("INSERT INTO fact_seen VALUES (:fact_version) ON CONFLICT DO NOTHING")
# The end of the first gapless run; older rows of that run are dropped, so the table stays small.
_APPLIED = text("""
SELECT coalesce(min(fact_version), 0) FROM fact_seen AS one
WHERE NOT EXISTS (SELECT 1 FROM fact_seen AS next WHERE next.fact_version = one.fact_version + 1)""")
_COMPACT = text("DELETE FROM fact_seen WHERE fact_version < :applied")
_NOTE = text("INSERT INTO known_cell VALUES (:cell_id) ON CONFLICT DO NOTHING")


async def apply_mandates(work: Work, command: ApplyMandates) -> None:
    """Keep the newest version of each mandate."""
    for fact in command.mandates:
        values = {name: getattr(fact, name) for name in MandateFact.__slots__} | {"nis_codes": list(fact.nis_codes)}
        await work.session.execute(_APPLY, values | {"tenant_id": work.cell_id})
        if command.heard:
            await work.session.execute(_SEEN, {"fact_version": fact.fact_version})
    work.trail.count = len(command.mandates)


async def note_cell(work: Work, command: NoteCell) -> None:
    """Know the cell, so that refusals in it are recorded there."""
    await work.session.execute(_NOTE, {"cell_id": command.cell_id})


async def read_applied_facts(work: Work, query: ReadAppliedFacts) -> int:
    """The highest fact applied without a gap, 0 when none."""
    applied = int((await work.session.execute(_APPLIED)).scalar_one())
    await work.session.execute(_COMPACT, {"applied": applied})
    return applied


def mandate_policy(service: str) -> dict[Handler, Rule]:
    """The policy lines of the projection, for every service that keeps one."""
    systems, role = frozenset({f"{service}.consumer"}), DatabaseRole.HEARING
    return {
        apply_mandates: Rule(Verb.ALTER, systems=systems, fields=("mandate",), database_role=role),
        note_cell: Rule(Verb.ADMINISTER, systems=systems, fields=(), database_role=role),
        read_applied_facts: Rule(Verb.CONSULT, systems=systems, fields=(), recorded=False, database_role=role),
    }


def fact_of(message: pb.MandateChanged) -> MandateFact:
    """The fact in an event or an answer of the directory."""

    def moment(name: str) -> datetime | None:
        return _aware(getattr(message, name)) if message.HasField(name) else None  # type: ignore[arg-type]

    return MandateFact(
        UUID(message.mandate_id), UUID(message.person_id), UUID(message.organisation_id), message.organisation_kind,
        message.role, tuple(message.nis_codes), _aware(message.starts_at), _aware(message.ends_at),
        message.legal_basis, moment("clearance_ends_at"), moment("undertaken_until"), message.fact_version,
    )  # fmt: skip


def _aware(stamp: object) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)  # type: ignore[attr-defined,no-any-return]


def mandate_changed(envelope: kit_pb2.Envelope) -> ApplyMandates:
    """Event `mandate.changed` to its command."""
    return ApplyMandates((fact_of(pb.MandateChanged.FromString(envelope.payload)),), heard=True)


def cell_created(envelope: kit_pb2.Envelope) -> NoteCell:
    """Event `cell.created` to its command. It is told in the platform's tenant, where cells are made."""
    return NoteCell(UUID(pb.CellCreated.FromString(envelope.payload).cell_id))


AskDirectory = Callable[[UUID, UUID], Awaitable[tuple[MandateFact, ...]]]


class Freshness:
    """Before each act of a person: are the mandates we would decide from at most a second old?

    `ask(person_id, cell_id)` is the directory's GetMandates; it raises Unavailable.
    """

    def __init__(
        self, service: str, ask: AskDirectory, *, monotonic: Callable[[], float] = time.monotonic,
        clock: Clock = utc_now,
    ) -> None:  # fmt: skip
        self._monotonic = monotonic
        self._clock = clock
        self._name = f"{service}.consumer"
        self._ask = ask
        self._heard_at = float("-inf")
        self._heard = 0
        self._applied = -1
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
                self.hear(told.fact_version, _aware(envelope.occurred_at))

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

    async def __call__(self, principal: Principal) -> None:
        """Returns when facts are fresh enough. Raises Unavailable when nobody can tell."""
        if principal.kind is not PrincipalKind.PERSON or principal.cell_id == PLATFORM:
            return
        if self._heard_recently() and await self._caught_up():
            return
        name = (principal.actor_id, principal.cell_id)
        if self._monotonic() - self._asked.get(name, float("-inf")) < MAX_SILENCE_SECONDS:
            return
        asked_at = self._monotonic()
        # Nothing to take over in a cell that does not exist: it must not get a log (decision 8).
        if mandates := await self._ask(*name):
            await self._run(principal.cell_id, ApplyMandates(mandates, heard=False))
        if len(self._asked) > 10_000:
            self._asked.clear()
        self._asked[name] = asked_at

    def _heard_recently(self) -> bool:
        return self._monotonic() - self._heard_at < MAX_SILENCE_SECONDS

    async def _caught_up(self) -> bool:
        if self._applied < self._heard:
            assert self.executor is not None
            self._applied = await self.executor.run(
                system(self._name, PLATFORM), read_applied_facts, ReadAppliedFacts()
            )
        return self._applied >= self._heard

    async def _run(self, cell_id: UUID, command: ApplyMandates) -> None:
        assert self.executor is not None
        await self.executor.run(system(self._name, cell_id), apply_mandates, command)


async def always_fresh(principal: Principal) -> None:
    """For the directory itself: its facts are the record."""
