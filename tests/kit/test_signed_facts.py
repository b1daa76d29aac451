"""Signed facts on their way: signed when they leave, waiting while nobody can tell whose they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client

from deploy.local.servers import Servers
from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.case.consumers import SUBSCRIPTIONS
from services.kit.bus import DEAD, EVENTS, Bus
from services.kit.catalogue import event_subject
from services.kit.consume import Consumer, Subscription
from services.kit.errors import Unavailable
from services.kit.execute import Work
from services.kit.fact_keys import FactKeys
from services.kit.incoming import Incoming
from services.kit.outbox import Event
from services.kit.policy import Policy, Rule, Verb
from services.kit.principal import system
from services.kit.relay import Relay
from services.kit.signatures import Signer
from tests.background import running
from tests.databases import migrated
from tests.facts import DIRECTORY, envelope, incoming, public_of
from tests.harness import Harness
from tests.patience import HANGS_AFTER
from tests.security.hearing import begin_anew

TELLER = "partner_directory.consumer"


@dataclass(frozen=True, slots=True)
class TellFact:
    """Two events in one act, one of which must be signed."""

    mandate_id: UUID


async def tell_fact(work: Work, command: TellFact) -> None:
    """A cell and a mandate."""
    work.publish(Event("cell.created", pb.CellCreated(cell_id=str(command.mandate_id))))
    work.publish(Event("mandate.changed", mandate(command.mandate_id)))


def mandate(mandate_id: UUID) -> pb.MandateChanged:
    others = str(uuid4())
    return pb.MandateChanged(mandate_id=str(mandate_id), person_id=others, organisation_id=others)


POLICY: Policy = {tell_fact: Rule(Verb.ADMINISTER, systems=frozenset({TELLER}), fields=())}


@dataclass
class Noted:
    """In place of an executor: which handlers ran."""

    ran: list[str] = field(default_factory=list)

    async def run(self, principal: object, handler: Callable[..., Any], command: Any, **more: object) -> None:
        self.ran.append(handler.__name__)


@pytest.fixture
async def operator(servers: Servers) -> AsyncIterator[Client]:
    operator = await servers.nats.connect("operator")
    await begin_anew(operator)
    yield operator
    await operator.close()


async def connected(servers: Servers, service: str) -> Bus:
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file(service), service)
    await bus.connect_for_ever()
    return bus


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a cause to have its effect; the limit only ends a test that failed."""
    async with asyncio.timeout(HANGS_AFTER):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_a_fact_told_before_there_was_a_key_leaves_signed(servers: Servers, operator: Client) -> None:
    """So outbox rows of an earlier version need no care: they wait for the key, and what needs none does not wait."""
    database = await migrated(servers, "partner_directory")
    harness, cell_id = Harness("partner_directory", database, POLICY), uuid4()
    bus = await connected(servers, "partner_directory")
    relay = Relay(servers.postgres.database_url("partner_directory", "relay"), bus, "partner_directory", harness.seals)
    await harness.executor.run(system(TELLER, cell_id), tell_fact, TellFact(uuid4()))

    async def waiting() -> list[str]:
        connection = await servers.postgres.connect("rondetafel_partner_directory")
        query = "SELECT type FROM outbox WHERE tenant_id = $1 AND published_at IS NULL"
        rows = await connection.fetch(query, cell_id)
        await connection.close()
        return [row["type"] for row in rows]

    with pytest.raises(Unavailable):
        await relay._round()
    assert await waiting() == ["mandate.changed"]
    relay.sign_by(DIRECTORY)
    await relay._round()
    assert await waiting() == []
    subject = event_subject("mandate.changed", "partner_directory", cell_id)
    message = await operator.jetstream().get_last_msg(EVENTS, subject)
    assert message.data is not None
    assert (await incoming("case").open(subject, message.data)).tenant_id == str(cell_id)
    # What left before there was a key is told again, though the stream has seen that message id; the rest is not.
    assert await relay.tell_again(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert await relay.tell_again(datetime.now(UTC) + timedelta(hours=1)) >= 1
    assert await waiting() == ["mandate.changed"]
    relay.sign_by(Signer(uuid4(), b"n" * 32))
    await relay._round()
    again = await operator.jetstream().get_last_msg(EVENTS, subject)
    assert again.data is not None
    earlier, later = kit_pb2.Envelope.FromString(message.data), kit_pb2.Envelope.FromString(again.data)
    assert (later.message_id, later.signing_key_id == earlier.signing_key_id) == (earlier.message_id, False)
    await relay.close()
    await bus.close()
    await database.close()


async def test_while_the_directory_is_away_a_signed_fact_is_neither_taken_nor_set_aside(
    servers: Servers, operator: Client
) -> None:
    away, asked, noted = True, 0, Noted()

    async def fetch() -> Mapping[str, bytes]:
        nonlocal asked
        asked += 1
        if away:
            raise Unavailable
        return {str(DIRECTORY.key_id): public_of(DIRECTORY)}

    bus, cell_id = await connected(servers, "case"), uuid4()
    before = (await operator.jetstream().stream_info(DEAD)).state.messages
    told = envelope("mandate.changed", cell_id, mandate(uuid4())).SerializeToString()
    await operator.jetstream().publish(event_subject("mandate.changed", "partner_directory", cell_id), told)
    executor: Any = noted
    async with running(Consumer(bus, executor, Incoming("case", FactKeys(fetch)), SUBSCRIPTIONS).run()):

        async def asked_again() -> bool:
            return asked >= 2

        await until(asked_again)
        assert noted.ran == []
        away = False

        async def taken() -> bool:
            return noted.ran == ["apply_mandates"]

        await until(taken)
    assert (await operator.jetstream().stream_info(DEAD)).state.messages == before
    await bus.close()


async def test_the_headers_of_a_forged_message_are_no_orders_for_the_stream_it_is_set_aside_in(
    servers: Servers, operator: Client
) -> None:
    """Passed on, this one would be refused there for ever, and what comes after it would wait as long."""
    bus, cell_id, noted = await connected(servers, "meeting"), uuid4(), Noted()
    stream = operator.jetstream()
    before = (await stream.stream_info(DEAD)).state.messages
    subject = event_subject("case.listed", "case", cell_id)
    # So many that the header is wrong for the other stream.
    while (last := (await stream.stream_info(EVENTS)).state.last_seq) <= before:
        await stream.publish(event_subject("signal.received", "case", cell_id), b"")
    thief = await servers.nats.connect("case")
    await thief.jetstream().publish(subject, b"forged", headers={"Nats-Expected-Last-Sequence": str(last)})
    await thief.close()
    executor: Any = noted
    hears = {"case.listed": Subscription(tell_fact, lambda told: told)}
    async with running(Consumer(bus, executor, incoming("meeting"), hears).run()):
        await stream.publish(subject, envelope("case.listed", cell_id).SerializeToString())

        async def taken() -> bool:
            return noted.ran == ["tell_fact"]

        await until(taken)
    assert (await stream.stream_info(DEAD)).state.messages == before + 1
    await bus.close()
