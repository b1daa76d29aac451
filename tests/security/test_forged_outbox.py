"""A stolen password of a role that writes rows puts some into the outbox: the relay neither signs nor sends them.

First and last the same thing is told by the service itself, as the same role, and leaves.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from google.protobuf.message import Message
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError
from prometheus_client import REGISTRY

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from rondetafel.case.v1 import case_pb2
from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.bus import AUDIT, EVENTS, Bus
from services.kit.catalogue import EVENT_TYPES, audit_subject, event_subject
from services.kit.execute import Work
from services.kit.keys import FIRST, Key, RootKeys, head_of
from services.kit.outbox import Event
from services.kit.parcels import RECORDS, one_of
from services.kit.policy import DatabaseRole, Handler, Rule, Verb
from services.kit.principal import system
from services.kit.relay import Relay
from services.kit.seals import OutboxRow, seals_of
from services.kit.signatures import signed_bytes
from tests.background import running
from tests.databases import migrated
from tests.facts import DIRECTORY, public_of
from tests.harness import Harness
from tests.kit.test_transport import until
from tests.security.test_database_roles import stolen

TELLER = "somebody.consumer"
WRITING = ("app", "hearing", "erasing", "keys")
INSERT = """
INSERT INTO outbox (tenant_id, message_id, stream, type, subject, payload, traceparent, created_at,
                    producer_epoch, producer_seq, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell this."""

    type: str
    message: Message


async def tell_as_app(work: Work, command: Tell) -> None:
    work.publish(Event(command.type, command.message))


async def tell_as_hearing(work: Work, command: Tell) -> None:
    work.publish(Event(command.type, command.message))


async def tell_as_erasing(work: Work, command: Tell) -> None:
    work.publish(Event(command.type, command.message))


TELLING: dict[str, Handler] = {"app": tell_as_app, "hearing": tell_as_hearing, "erasing": tell_as_erasing}
POLICY = {
    tell: Rule(Verb.ADMINISTER, systems=frozenset({TELLER}), fields=(), database_role=DatabaseRole(role))
    for role, tell in TELLING.items()
}
FACTS: dict[str, tuple[str, Message]] = {
    "partner_directory": (
        "mandate.changed", directory_pb.MandateChanged(mandate_id=str(uuid4()), person_id=str(uuid4()), fact_version=1)
    ),
    "case": ("circle.changed", case_pb2.CircleChanged(case_id=str(uuid4()), version=1)),
}  # fmt: skip
"""What opens a cell, and what opens decisions."""


@dataclass
class Post:
    """One service, its relay running, and what lies in the streams."""

    servers: Servers
    harness: Harness
    stream: JetStreamContext
    cell: UUID

    @property
    def service(self) -> str:
        return self.harness.service

    @property
    def subjects(self) -> tuple[tuple[str, str], ...]:
        """Stream and subject of the service's fact and of its records, in this cell."""
        fact = event_subject(FACTS[self.service][0], self.service, self.cell)
        return (EVENTS, fact), (AUDIT, audit_subject(self.service, self.cell))

    async def tell(self, role: str = "app") -> None:
        """The service tells its fact, and records that it did."""
        tell = TELLING.get(role, tell_as_app)
        await self.harness.executor.run(system(TELLER, self.cell), tell, Tell(*FACTS[self.service]))

    async def forge(
        self, role: str, row: OutboxRow, seal: bytes | None, number: tuple[Any, Any] = (None, None)
    ) -> None:
        """Put a row there with a role's own password."""
        async with stolen(self.servers, self.service, role, cell=row.tenant_id) as connection:
            await connection.execute(INSERT, *row, *number, seal)

    def forgery(self, stream: str) -> OutboxRow:
        """What the service itself would write for its fact or a record, earlier than all else that waits."""
        (_, fact), (_, records) = self.subjects
        type_, message = FACTS[self.service]
        named = (type_, fact) if stream == "event" else ("audit.record", records)
        at = self.harness.clock() - timedelta(hours=1)
        return OutboxRow(self.cell, uuid4(), stream, *named, message.SerializeToString(), "", at)

    async def rows(self, which: str) -> list[asyncpg.Record]:
        """Rows of the outbox in this cell."""
        return await self.harness.database.unwalled(f"SELECT * FROM outbox WHERE tenant_id = $1 AND {which}", self.cell)

    async def left(self) -> list[kit_pb2.Envelope]:
        """All that lies in the streams of this cell, once nothing waits any more."""

        async def drained() -> bool:
            waiting = "SELECT count(*) FROM outbox WHERE published_at IS NULL AND refused_at IS NULL"
            return bool((await self.harness.database.unwalled(waiting))[0][0] == 0)

        await until(drained)
        return [row for stream, subject in self.subjects for row in await self._lying(stream, subject)]

    async def _lying(self, stream: str, subject: str) -> list[kit_pb2.Envelope]:
        found, number = [], 1
        try:
            while True:
                message = await self.stream.get_msg(stream, number, subject, next=True)
                assert message.seq is not None
                found += alone(kit_pb2.Envelope.FromString(message.data or b""))
                number = message.seq + 1
        except NotFoundError:
            return found


@pytest.fixture(params=FACTS)
async def post(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[Post]:
    service = request.param
    database = await migrated(servers, service)
    harness = Harness(service, database, POLICY)
    bus, operator = Bus(servers.instance.nats_url, servers.nats.seed_file(service), service), None
    await bus.connect_for_ever()
    relay = Relay(servers.postgres.database_url(service, "relay"), bus, service, harness.seals)
    relay.sign_by(DIRECTORY)
    operator = await servers.nats.connect("operator")
    # What tests of before left lying, some of it such as NATS refuses, would be waited for.
    await database.unwalled("UPDATE outbox SET published_at = now() WHERE published_at IS NULL AND refused_at IS NULL")
    async with running(relay.run()):
        yield Post(servers, harness, operator.jetstream(), uuid4())
    await relay.close()
    await operator.close()
    await bus.close()
    await database.close()


def alone(told: kit_pb2.Envelope) -> list[kit_pb2.Envelope]:
    """Each record by itself, however they travelled."""
    if told.type != RECORDS:
        return [told]
    together = audit_pb2.AuditRecords.FromString(told.payload).records
    return [
        one_of(told, numbered, audit_pb2.AuditRecord.FromString(numbered.record).record_id) for numbered in together
    ]


def alarms(service: str) -> float:
    return REGISTRY.get_sample_value("rondetafel_outbox_forged_total", {"service": service}) or 0.0


def guesses(row: OutboxRow, service: str) -> Sequence[bytes | None]:
    """What one can put for a seal who has the password, not the root key."""
    own = seals_of(service, RootKeys({FIRST: Key(b"m" * 32)}))
    return None, b"", own.seal(row), head_of(FIRST) + os.urandom(32), head_of(9) + os.urandom(32)


def kinds(envelopes: Sequence[kit_pb2.Envelope]) -> list[str]:
    return sorted(envelope.type for envelope in envelopes)


@pytest.mark.parametrize("role", WRITING)
async def test_a_forged_row_is_neither_signed_nor_sent_and_stops_nobody(
    post: Post, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    fact = FACTS[post.service][0]
    await post.tell(role)
    assert kinds(await post.left()) == ["audit.record", fact]
    epoch = (await post.rows("stream = 'audit'"))[0]["producer_epoch"]
    before, forged = alarms(post.service), []
    with caplog.at_level(logging.ERROR, "services.kit.relay"):
        for stream, number in (("event", (None, None)), ("audit", (epoch, 2))):
            for seal in guesses(post.forgery(stream), post.service):
                forged.append(post.forgery(stream))
                await post.forge(role, forged[-1], seal, number)
        # Twice: what was refused is not looked at again.
        for times in (2, 3):
            await post.tell(role)
            told = await post.left()
            assert kinds(told) == sorted(["audit.record", fact] * times)
    names = {row.message_id for row in forged}
    assert {row["message_id"] for row in await post.rows("refused_at IS NOT NULL AND published_at IS NULL")} == names
    assert {event.message_id for event in told} & set(map(str, names)) == set()
    assert alarms(post.service) - before == len(forged) == 10
    said = sorted(f"outbox row {name} of {post.cell} has no seal of ours: not sent" for name in names)
    assert sorted(record.getMessage() for record in caplog.records) == said
    for event in told:
        if (known := EVENT_TYPES.get(event.type)) is not None and known.signed:
            Ed25519PublicKey.from_public_bytes(public_of(DIRECTORY)).verify(event.signature, signed_bytes(event))
        else:
            assert not event.signature


async def test_a_rightful_row_copied_elsewhere_is_not_sent(post: Post) -> None:
    """Somebody read rows and seals, from a backup say: they are good for the place they stand in."""
    await post.tell()
    assert len(await post.left()) == 2
    victim = Post(post.servers, post.harness, post.stream, uuid4())
    await victim.tell()
    assert len(await victim.left()) == 2
    refused = 0
    for row in await post.rows("published_at IS NOT NULL"):
        sealed = OutboxRow(*(row[name] for name in OutboxRow._fields))
        number = row["producer_epoch"], row["producer_seq"]
        with pytest.raises(asyncpg.UniqueViolationError):
            await post.forge("app", sealed, row["seal"], number)
        subject = dict(zip(("event", "audit"), (subject for _, subject in victim.subjects), strict=True))[row["stream"]]
        other = "audit" if row["stream"] == "event" else "event"
        for changed in (
            {}, {"tenant_id": victim.cell}, {"tenant_id": victim.cell, "subject": subject}, {"subject": subject},
            {"payload": b""}, {"created_at": row["created_at"] + timedelta(microseconds=1)}, {"stream": other},
        ):  # fmt: skip
            copy = sealed._replace(**{"message_id": uuid4()} | changed)
            await post.forge("app", copy, row["seal"], number)
            refused += 1
        await post.forge("app", sealed._replace(tenant_id=victim.cell, subject=subject), row["seal"], number)
        refused += 1
    for line in (post, victim):
        await line.tell()
        assert len(await line.left()) == 4
    assert len([*await post.rows("refused_at IS NOT NULL"), *await victim.rows("refused_at IS NOT NULL")]) == refused


@pytest.mark.parametrize("role", WRITING)
async def test_no_role_that_writes_rows_says_that_one_is_to_be_trusted(post: Post, role: str) -> None:
    row = post.forgery("event")
    await post.forge(role, row, None)
    for column, value in (("of_before", "true"), ("refused_at", "now()"), ("published_at", "now()")):
        marked = INSERT.replace("seal)", f"seal, {column})").replace("$11)", f"$11, {value})")
        for statement, values in (
            (marked, (*row._replace(message_id=uuid4()), None, None, None)),
            (f"UPDATE outbox SET {column} = {value}", ()),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with stolen(post.servers, post.service, role, cell=post.cell) as connection:
                    await connection.execute(statement, *values)
    assert await post.left() == []
    assert [row["of_before"] for row in await post.rows("true")] == [False]


async def test_the_relays_role_marks_and_vouches_for_nothing(post: Post) -> None:
    async with stolen(post.servers, post.service, "relay") as connection:
        await connection.execute("UPDATE outbox SET refused_at = refused_at, published_at = published_at WHERE false")
    for column in ("of_before", "seal", "payload", "subject"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with stolen(post.servers, post.service, "relay") as connection:
                await connection.execute(f"UPDATE outbox SET {column} = DEFAULT WHERE false")


@pytest.mark.parametrize("moment", ["infinity", "-infinity", "4713-01-01 BC", "1999-12-31"])
async def test_a_moment_that_cannot_be_read_does_not_stop_the_relay(post: Post, moment: str) -> None:
    insert = (
        "INSERT INTO outbox (tenant_id, message_id, stream, type, subject, payload, created_at)"
        " VALUES ($1, gen_random_uuid(), 'event', 't', 's', '', $2::text::timestamptz)"
    )
    async with stolen(post.servers, post.service, "app", cell=post.cell) as connection:
        await connection.execute(insert, post.cell, "2026-11-29")
    with pytest.raises(asyncpg.CheckViolationError, match="outbox_moment"):
        async with stolen(post.servers, post.service, "app", cell=post.cell) as connection:
            await connection.execute(insert, post.cell, moment)
    await asyncio.gather(*(post.tell() for _ in range(2)))
    assert len(await post.left()) == 4
