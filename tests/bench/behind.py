"""`python -m tests.bench.behind [RATE [SECONDS [CELLS]]]`: what comes after an answer costs, per entry of the log.

Records appear in the case service's outbox at a steady rate, as acts write them; its relay and the audit service are
processes of their own over PostgreSQL and NATS, and nothing else runs. Counted is the processor time of all of them, of
PostgreSQL by the role that asked, until the log has everything and the producer dropped its copies.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import psutil
import uvloop

from deploy.local.servers import Servers
from services.audit.consumers import BATCH, GATHER_SECONDS, Intake, Watch
from services.audit.policy import POLICY
from services.kit.audit import Trail, build_record
from services.kit.bus import AUDIT, Bus
from services.kit.catalogue import RECORD_HEARER, audit_subject
from services.kit.clock import utc_now
from services.kit.consume import RawConsumer
from services.kit.database import Database
from services.kit.execute import Executor
from services.kit.freshness import always_fresh
from services.kit.migrate import migrate
from services.kit.outbox import HighWaterMark
from services.kit.policy import Rule, Verb
from services.kit.principal import Principal, PrincipalKind
from services.kit.relay import Relay
from services.kit.seals import OutboxRow, Seals, seals_of
from services.kit.service import hear_merged
from services.kit.vault import Vault
from tests.background import running
from tests.e2e.waiting import until
from tests.facts import incoming
from tests.instances import handed_over, new_instance

RATE, SECONDS, CELLS = 200, 10.0, 1
TICK_SECONDS = 0.02
"""As seldom as makes the wakes cost next to nothing: in a service they are no message."""
OBJECTS = 300
RULE = Rule(Verb.CONSULT, fields=("frame", "content"))
TRACE = "00-{:032x}-{:016x}-00"
INSERT = """
INSERT INTO outbox (tenant_id, message_id, stream, type, subject, payload, traceparent, created_at, producer_epoch,
                    producer_seq, seal)
SELECT tenant, id, 'audit', 'audit.record', subject, payload, trace, moment, $9, seq, seal
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::timestamptz[], $7::bigint[], $8::bytea[])
    AS one (tenant, id, subject, payload, trace, moment, seq, seal)"""


@dataclass
class Writing:
    """Puts records into the outbox as acts do, without their cost; wakes the relay by a line."""

    connection: asyncpg.Connection[asyncpg.Record]
    epoch: UUID
    seals: Seals
    relay: asyncio.subprocess.Process
    cells: Sequence[UUID]
    seqs: dict[UUID, int] = field(default_factory=dict)
    people: Sequence[UUID] = field(default_factory=lambda: [uuid4() for _ in range(20)])
    objects: Sequence[UUID] = field(default_factory=lambda: [uuid4() for _ in range(OBJECTS)])
    written: int = 0

    async def write(self, number: int) -> None:
        """So many records, in one transaction; then the news of each."""
        rows, seqs = [], []
        for _ in range(number):
            cell = self.cells[self.written % len(self.cells)]
            self.seqs[cell] = self.seqs.get(cell, 0) + 1
            rows.append(self._row(cell))
            seqs.append(self.seqs[cell])
            self.written += 1
        columns = list(zip(*rows, strict=True))
        tenants, ids, _, _, subjects, payloads, traces, moments = columns
        seals = [self.seals.seal(row) for row in rows]
        await self.connection.execute(
            INSERT, tenants, ids, subjects, payloads, traces, moments, seqs, seals, self.epoch
        )  # fmt: skip
        assert self.relay.stdin is not None
        self.relay.stdin.write(b"".join(f"{cell} {self.seqs[cell]}\n".encode() for cell in set(tenants)))

    def _row(self, cell: UUID) -> OutboxRow:
        now = datetime.now(UTC)
        principal = Principal(
            PrincipalKind.PERSON, self.people[self.written % len(self.people)], cell, acr=2
        )  # fmt: skip
        trail = Trail(count=1)
        trail.concern(self.objects[self.written * 7 % len(self.objects)])
        trace = uuid4().int
        record = build_record(principal, "read_case", RULE, trail, None, at=now, trace_id=f"{trace:032x}")
        return OutboxRow(
            cell, UUID(record.record_id), "audit", "audit.record", audit_subject("case", cell),
            record.SerializeToString(), TRACE.format(trace, 1), now,
        )  # fmt: skip


async def measure(rate: int, seconds: float, cells: int) -> None:
    """Servers of its own, a short time to get warm, then counted."""
    with new_instance() as instance:
        servers = Servers(instance)
        await servers.start()
        try:
            for service in ("case", "audit"):
                await asyncio.to_thread(migrate, service, servers.postgres.database_url(service, "migrator"))
            await _measured(servers, rate, seconds, cells)
        finally:
            await servers.stop()


async def _measured(servers: Servers, rate: int, seconds: float, cells: int) -> None:
    root = str(servers.instance.root)
    async with _parts(root) as parts:
        await _counted(servers, parts, rate, seconds, cells)


@asynccontextmanager
async def _parts(root: str) -> AsyncIterator[Mapping[str, asyncio.subprocess.Process]]:
    """The processes that are measured; they end with the block."""
    parts = {name: await _part(name, root) for name in ("relay", "audit")}
    try:
        yield parts
    finally:
        for part in parts.values():
            part.terminate()
            await part.wait()


async def _counted(
    servers: Servers, parts: Mapping[str, asyncio.subprocess.Process], rate: int, seconds: float, cells: int
) -> None:
    connection = await servers.postgres.connect("rondetafel_case")
    epoch = await connection.fetchval("SELECT epoch FROM producer_epoch")
    seals = seals_of("case", Vault(b"k" * 32).roots)
    writing = Writing(connection, epoch, seals, parts["relay"], [uuid4() for _ in range(cells)])
    await _write(writing, rate, 2)
    await _settled(servers)
    before, begun, started = await _used(servers, parts), writing.written, time.monotonic()
    await _write(writing, rate, seconds)
    lasted = time.monotonic() - started
    await _settled(servers)
    after, entries = await _used(servers, parts), writing.written - begun
    log = await servers.postgres.connect("rondetafel_audit")
    assert await log.fetchval("SELECT count(*) FROM entry WHERE tenant_id = ANY ($1)", writing.cells) == writing.written
    await log.close()
    await connection.close()
    spent = {name: after[name] - before.get(name, 0.0) for name in after}
    print(f"\n{entries} entries in {cells} cells, {entries / lasted:.0f}/s; processor time per entry:")
    for name, used in sorted(spent.items(), key=lambda one: -one[1]):
        print(f"{name:34} {1000 * used / entries:7.3f} ms")
    print(f"{'together':34} {1000 * sum(spent.values()) / entries:7.3f} ms")


async def _write(writing: Writing, rate: int, seconds: float) -> None:
    started, wanted = time.monotonic(), round(rate * seconds)
    done = 0
    while done < wanted:
        due = min(wanted, round((time.monotonic() - started) * rate)) - done
        if due:
            await writing.write(min(due, 50))
            done += min(due, 50)
        await asyncio.sleep(TICK_SECONDS)


async def _settled(servers: Servers) -> None:
    """The log confirmed everything."""
    connection = await servers.postgres.connect("rondetafel_case")

    async def empty() -> bool | None:
        return await connection.fetchval("SELECT count(*) FROM outbox WHERE stream = 'audit'") == 0 or None

    await until("the producer drops its copies", empty)
    await connection.close()


async def _part(name: str, root: str) -> asyncio.subprocess.Process:
    program = (sys.executable, "-m", "tests.bench.behind", name, root)
    return await asyncio.create_subprocess_exec(*program, stdin=asyncio.subprocess.PIPE)


async def _used(servers: Servers, parts: Mapping[str, asyncio.subprocess.Process]) -> dict[str, float]:
    """Processor seconds so far: of the processes, and of PostgreSQL's by role, its own by kind."""
    used = {f"{name}, Python": _seconds(part.pid) for name, part in parts.items()}
    assert servers.nats.process.pid is not None
    used["NATS"] = _seconds(servers.nats.process.pid)
    connection = await servers.postgres.connect("postgres")
    for row in await connection.fetch("SELECT pid, coalesce(usename, backend_type) AS who FROM pg_stat_activity"):
        if row["who"] != "postgres":
            name = f"PostgreSQL, {row['who']}"
            used[name] = used.get(name, 0.0) + _seconds(row["pid"])
    await connection.close()
    return used


def _seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


async def relay(servers: Servers) -> None:
    """The case service's own part."""
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("case"), "case")
    await bus.connect_for_ever()
    roots = Vault(b"k" * 32).roots
    passing = Relay(servers.postgres.database_url("case", "relay"), bus, "case", seals_of("case", roots))
    epoch = await _epoch(servers)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with running(passing.run(), passing.keep_house(), hear_merged(incoming("case"), bus, passing)):
        while line := await reader.readline():
            cell, seq = line.split()
            passing.wake(HighWaterMark(UUID(cell.decode()), epoch, int(seq)))


async def _epoch(servers: Servers) -> UUID:
    connection = await servers.postgres.connect("rondetafel_case")
    epoch: UUID = await connection.fetchval("SELECT epoch FROM producer_epoch")
    await connection.close()
    return epoch


async def audit(servers: Servers) -> None:
    """The audit service's intake, relay and watch, as its `main` builds them."""
    vault, name = Vault(b"k" * 32), "audit"
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file(name), name)
    await bus.connect_for_ever()
    telling = Relay(servers.postgres.database_url(name, "relay"), bus, name, seals_of(name, vault.roots))
    executor = Executor(
        service=name, database=Database(servers.postgres.working_urls(name)), vault=vault, policy=POLICY,
        clock=utc_now, fresh=always_fresh, wake=telling.wake,
    )  # fmt: skip
    watch = Watch(executor)
    intake = Intake(bus, executor, incoming(name), watch)
    records = RawConsumer(bus, AUDIT, RECORD_HEARER, intake.take, batch=BATCH, gather=GATHER_SECONDS)
    async with AsyncExitStack() as stack:
        work = (telling.run(), telling.keep_house(), hear_merged(incoming(name), bus, telling))
        await stack.enter_async_context(running(records.run(), intake.tell(), watch.run(), *work))
        await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1:2] in (["relay"], ["audit"]):
        uvloop.run({"relay": relay, "audit": audit}[sys.argv[1]](Servers(handed_over(Path(sys.argv[2])))))
    else:
        given = [*sys.argv[1:], *map(str, (RATE, SECONDS, CELLS)[len(sys.argv) - 1 :])]
        uvloop.run(measure(int(given[0]), float(given[1]), int(given[2])))
