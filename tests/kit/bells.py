"""Invented terms in the case service's database: bells that ring once when it is time, if the bell is whole."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from rondetafel.audit.v1 import audit_pb2
from services.kit.agenda import clock_policy
from services.kit.errors import Conflict
from services.kit.execute import Work
from services.kit.mandates import mandate_policy
from services.kit.outbox import Event
from services.kit.policy import Policy, Role, Rule, Verb
from services.kit.scheduler import OnTerm, Scheduler, falls_due
from tests.databases import Migrated
from tests.harness import Cell, Harness


class BellBroken(Conflict):
    """This bell does not ring."""


class Killed(BaseException):
    """The process ends in the middle of an act."""


BROKEN: dict[UUID, BaseException] = {}
"""Bells that do not ring now, and how it shows."""
HELD: dict[UUID, tuple[asyncio.Event, asyncio.Event]] = {}
"""Bells of which the ringing waits in its transaction: set when it is inside, and when it may go on."""


@dataclass(frozen=True, slots=True)
class SetBell:
    """Ring it `after` seconds from now, None: not any more; `fails` after all was said; `hold` as HELD."""

    bell: UUID
    kind: str
    after: float | None
    fails: bool = False
    hold: tuple[asyncio.Event, asyncio.Event] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RingBell:
    """Which bell."""

    bell: UUID


@dataclass(frozen=True, slots=True)
class RingAgain:
    """A bell that is to ring every hour."""

    bell: UUID


# Stands for the row of the thing itself, which every act about it locks before anything else.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:bell, 0))")


async def set_bell(work: Work, command: SetBell) -> None:
    """As any act of a person that moves what falls due."""
    await work.session.execute(_LOCK, {"bell": str(command.bell)})
    if command.hold:
        command.hold[0].set()
        await command.hold[1].wait()
    moment = None if command.after is None else work.now + timedelta(seconds=command.after)
    work.at(moment, command.kind, command.bell)
    if command.fails:
        raise BellBroken


async def ring_bell(work: Work, command: RingBell) -> None:
    """Tell it, and leave a record."""
    await work.session.execute(_LOCK, {"bell": str(command.bell)})
    work.concern(command.bell)
    work.publish(Event("thing.touched", audit_pb2.ProducerHeight(producer="case")))
    if command.bell in HELD:
        inside, leave = HELD[command.bell]
        inside.set()
        await leave.wait()
    if command.bell in BROKEN:
        raise BROKEN[command.bell]


async def ring_again(work: Work, command: RingAgain) -> None:
    """A term that sets itself."""
    work.concern(command.bell)
    work.at(work.now + timedelta(hours=1), "hourly", command.bell)


CLOCK = frozenset({"case.clock"})
POLICY: Policy = {
    set_bell: Rule(Verb.ALTER, roles=frozenset({Role.COORDINATOR})),
    ring_bell: Rule(Verb.ALTER, systems=CLOCK),
    ring_again: Rule(Verb.ALTER, systems=CLOCK),
    **mandate_policy("case"),
    **clock_policy("case"),
}


@dataclass
class Tower:
    """A cell with bells of its own kind, which nobody else's schedulers ring."""

    harness: Harness
    cell: Cell
    kind: str = field(default_factory=lambda: f"bell {uuid4()}"[:40])

    @property
    def terms(self) -> dict[str, OnTerm]:
        return {self.kind: falls_due(RingBell, ring_bell), "hourly": falls_due(RingAgain, ring_again)}

    def scheduler(self, *, batch: int = 64, harness: Harness | None = None) -> Scheduler:
        """Another process's, with a `harness` of its own."""
        harness = harness or self.harness
        return Scheduler("case", harness.executor, self.terms, harness.clock, batch=batch)

    async def ring(self, *, batch: int = 64) -> None:
        """Run what is due, until nothing is."""
        scheduler = self.scheduler(batch=batch)
        while (await scheduler.round()).due:
            pass

    async def rung(self, action: str = "ring_bell", outcome: str = "allow") -> list[UUID]:
        """The bells in the order in which they rang, by the records of the cell."""
        rows = await self.harness.database.unwalled(
            "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq",
            self.cell.cell_id,
        )
        found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
        return [
            UUID(record.object_ids[0]) for record in found if (record.action, record.outcome) == (action, outcome)
        ]  # fmt: skip

    async def state(self, bell: UUID) -> tuple[str, int] | None:
        """State and tries of its term."""
        query = "SELECT state, tries FROM term WHERE tenant_id = $1 AND kind = $2 AND object_id = $3"
        rows = await self.harness.database.unwalled(query, self.cell.cell_id, self.kind, bell)
        return (rows[0]["state"], rows[0]["tries"]) if rows else None

    async def add(self, count: int) -> list[UUID]:
        """So many bells that are due since `count` seconds and less, in that order."""
        bells = [uuid4() for _ in range(count)]
        await self.harness.database.unwalled(
            "INSERT INTO term (tenant_id, kind, object_id, due_at, next_at) SELECT $1, $2, bell, at, at FROM"
            " (SELECT bell, $4::timestamptz - make_interval(secs => $5 - place) AS at"
            " FROM unnest($3::uuid[]) WITH ORDINALITY AS listed (bell, place)) AS due",
            self.cell.cell_id, self.kind, bells, self.harness.clock(), count,
        )  # fmt: skip
        return bells


async def tower(database: Migrated) -> Tower:
    """A tower in a fresh cell, with a clock of its own."""
    harness = Harness("case", database, POLICY)
    return Tower(harness, await harness.cell())
