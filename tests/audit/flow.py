"""A producing service and the audit service with one cell in common, over real PostgreSQL and NATS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.local.servers import Servers
from services.audit.consumers import Intake, Watch
from services.audit.model.leaf import parse_leaf
from services.kit.bus import AUDIT, Bus
from services.kit.consume import RawConsumer
from services.kit.relay import Relay
from services.kit.service import hear_merged
from tests.audit.records import leaves
from tests.background import running
from tests.facts import incoming
from tests.harness import Cell, Harness
from tests.patience import HANGS_AFTER


@dataclass(frozen=True)
class Producing:
    """One service with its relay, hearing what the log confirms."""

    harness: Harness
    bus: Bus
    relay: Relay


@asynccontextmanager
async def producing(servers: Servers, harness: Harness) -> AsyncIterator[Producing]:
    """Relay and confirmations of a service, as its process runs them."""
    name = harness.service
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file(name), name)
    await bus.connect_for_ever()
    relay = Relay(servers.postgres.database_url(name, "relay"), bus, name, harness.seals)
    harness.wakes.append(relay.wake)
    async with running(relay.run(), hear_merged(incoming(name), bus, relay)):
        yield Producing(harness, bus, relay)
    harness.wakes.remove(relay.wake)
    await relay.close()
    await bus.close()


async def intake(service: Producing, watch: Watch) -> None:
    """The audit service's own consumer of the stream, and what it tells the producers."""
    taking = Intake(service.bus, service.harness.executor, incoming("audit"), watch)
    async with running(RawConsumer(service.bus, AUDIT, "audit", taking.take, batch=256).run()):
        await taking.tell()


@dataclass
class Flow:
    """A case service and the audit service with one cell in common."""

    servers: Servers
    case: Producing
    audit: Producing
    watch: Watch
    case_cell: Cell
    audit_cell: Cell

    async def waiting(self) -> list[int]:
        """Numbers of the case service's records of this cell that are not confirmed yet."""
        connection = await self.servers.postgres.connect("rondetafel_case")
        try:
            query = "SELECT producer_seq FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq"
            return [row[0] for row in await connection.fetch(query, self.case_cell.cell_id)]
        finally:
            await connection.close()

    async def logged(self, producer: str = "case") -> list[int]:
        """Numbers of a producer's records in the log of this cell."""
        found = [parse_leaf(leaf) for leaf in await leaves(self.audit_cell)]
        return sorted(leaf["producer_seq"] for leaf in found if leaf["producer"] == producer)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a cause to have its effect; the limit only ends a test that failed."""
    async with asyncio.timeout(HANGS_AFTER):
        while not await condition():
            await asyncio.sleep(0.05)


async def confirmed(flow: Flow) -> None:
    """Wait until the case service dropped all its copies of this cell."""

    async def done() -> bool:
        return await flow.waiting() == []

    await until(done)
