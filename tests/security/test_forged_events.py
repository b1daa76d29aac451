"""No key of NATS makes a fact: every teller's key, every type, every consumer, and NATS itself in foreign hands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client

from deploy.local.servers import Servers
from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.bus import Bus
from services.kit.catalogue import (
    EVENT_TYPES,
    HEARTBEAT,
    RECORD_TYPES,
    SERVICES,
    audit_subject,
    beat_subject,
    event_subject,
)
from services.kit.freshness import Freshness, ToldRevocations
from services.kit.identity import Revocations
from services.kit.ids import new_id
from services.kit.patience import Messages
from services.kit.principal import PLATFORM
from services.kit.signatures import Signer
from tests.facts import DIRECTORY, envelope, incoming
from tests.patience import HANGS_AFTER
from tests.security.hearing import PAYLOADS, Hall, hearing, until

TENANT = uuid4()
STRANGER = Signer(uuid4(), b"s" * 32)


@pytest.fixture
async def hall(servers: Servers) -> AsyncIterator[Hall]:
    async with hearing(servers) as hall:
        yield hall


def true(name: str) -> kit_pb2.Envelope:
    """A message as its teller tells it."""
    return envelope(name, TENANT, PAYLOADS[name])


def subject_of(name: str) -> str:
    return event_subject(name, EVENT_TYPES[name].producer, TENANT)


async def tell(client: Client, subject: str, told: kit_pb2.Envelope) -> None:
    await client.jetstream().publish(subject, told.SerializeToString(), timeout=HANGS_AFTER)


async def dead_letter(hall: Hall, count: int) -> None:
    """Wait until so many messages more than `hall.aside` lie set aside, and nothing else is on its way."""
    before = hall.aside

    async def there() -> bool:
        return await hall.dead() - before >= count

    await until(there)
    hall.aside = await hall.settled()
    assert hall.aside - before == count


async def test_each_type_told_by_its_teller_reaches_its_hearers_and_nobody_else(servers: Servers, hall: Hall) -> None:
    for name, event_type in EVENT_TYPES.items():
        hall.forget()
        teller = await servers.nats.connect(event_type.producer)
        await tell(teller, subject_of(name), true(name))
        await teller.close()
        wanted = len(event_type.hearers) if name != "audit.merged" else 1
        await until(lambda wanted=wanted: hall.reached(wanted))  # type: ignore[misc]
        await hall.settled()
        # Of a confirmation only the producer it is for does anything.
        assert {service for service, _ in hall.done} == (event_type.hearers if name != "audit.merged" else {"case"})
    assert await hall.dead() == hall.aside


@pytest.mark.parametrize("teller", SERVICES)
async def test_no_key_tells_a_type_that_is_not_its_own(servers: Servers, hall: Hall, teller: str) -> None:
    """On each subject it may use, in the name of whoever tells that type; signed ones with a true signature too.

    On any other subject NATS refuses it: tests/local/test_nats.py.
    """
    client = await servers.nats.connect(teller)
    expected = 0
    for mine in (event_type for event_type in EVENT_TYPES.values() if event_type.producer == teller):
        for name in EVENT_TYPES:
            for producer in {teller, EVENT_TYPES[name].producer} if name != mine.name else ():
                forged = true(name)
                forged.producer = producer
                await tell(client, subject_of(mine.name), forged)
                expected += len(mine.hearers)
    for name in (*EVENT_TYPES, HEARTBEAT.name):
        forged = true(name) if name in PAYLOADS else envelope(name, TENANT)
        await tell(client, audit_subject(teller, TENANT), forged)
        expected += 1
    await client.close()
    await dead_letter(hall, expected)
    assert hall.done == []


async def test_with_nats_in_foreign_hands_no_subject_carries_another_type(servers: Servers, hall: Hall) -> None:
    expected = 0
    for heard in EVENT_TYPES:
        others = [name for name in EVENT_TYPES if name != heard]
        for name in (*others, *RECORD_TYPES):
            forged = true(name) if name in PAYLOADS else _record(name)
            await tell(hall.operator, subject_of(heard), forged)
            expected += len(EVENT_TYPES[heard].hearers)
    await dead_letter(hall, expected)
    assert hall.done == []


def _record(name: str) -> kit_pb2.Envelope:
    return kit_pb2.Envelope(message_id=str(new_id()), tenant_id=str(TENANT), type=name, producer="case")


def unsigned(told: kit_pb2.Envelope) -> None:
    """As an installation told it before there were signatures."""
    told.ClearField("signature")
    told.ClearField("signing_key_id")


def bent(told: kit_pb2.Envelope) -> Iterator[kit_pb2.Envelope]:
    """Copies of a signed fact, each changed in one way."""

    def changed(change: Callable[[kit_pb2.Envelope], object]) -> kit_pb2.Envelope:
        copy = kit_pb2.Envelope()
        copy.CopyFrom(told)
        change(copy)
        return copy

    yield changed(unsigned)
    yield changed(lambda one: one.ClearField("signature"))
    yield changed(lambda one: one.ClearField("signing_key_id"))
    yield changed(STRANGER.sign)
    yield changed(Signer(DIRECTORY.key_id, STRANGER.seed).sign)
    yield changed(lambda one: setattr(one, "message_id", str(new_id())))
    yield changed(lambda one: setattr(one, "payload", one.payload + b"\x60\x01"))
    yield changed(lambda one: setattr(one.occurred_at, "nanos", one.occurred_at.nanos ^ 1))
    yield changed(lambda one: setattr(one.occurred_at, "seconds", one.occurred_at.seconds + 1))
    yield changed(lambda one: setattr(one, "signature", one.signature[:-1]))


@pytest.mark.parametrize("name", [name for name, event_type in EVENT_TYPES.items() if event_type.signed])
async def test_with_nats_in_foreign_hands_nobody_makes_a_fact_that_gives_access(
    servers: Servers, hall: Hall, name: str
) -> None:
    told, hearers = true(name), EVENT_TYPES[name].hearers
    forgeries = list(bent(told))
    for forged in forgeries:
        await tell(hall.operator, subject_of(name), forged)
    elsewhere = uuid4()
    moved = true(name)
    moved.tenant_id = str(elsewhere)
    await tell(hall.operator, event_subject(name, moved.producer, elsewhere), moved)
    await dead_letter(hall, (len(forgeries) + 1) * len(hearers))
    assert hall.done == []
    await tell(hall.operator, subject_of(name), told)
    await until(lambda: hall.reached(len(hearers)))
    assert {service for service, _ in hall.done} == hearers


async def test_with_nats_in_foreign_hands_a_beat_vouches_for_nothing(servers: Servers) -> None:
    """Each forged beat is followed by a true one, so what comes before it has been heard."""

    async def nobody(person_id: UUID, cell_id: UUID) -> tuple[()]:
        return ()

    async def nothing(after: int) -> ToldRevocations:
        return ToldRevocations((), after)

    class Heard(Freshness):
        def hear(self, fact_version: int, made_at: object) -> bool:
            heard.put_nowait(fact_version)
            return True

    heard: asyncio.Queue[int] = asyncio.Queue()
    directory = await servers.nats.connect("partner_directory")
    # A beat is told once: on a machine that stands still for seconds, a connection that is made anew would miss it.
    patient = Messages(ping_seconds=HANGS_AFTER)
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("case"), "case", patience=patient)
    await bus.connect_for_ever()
    await Heard("case", nobody, nothing, Revocations()).listen(bus, incoming("case"))
    await bus.client.flush()

    async def beat(told: kit_pb2.Envelope) -> None:
        await directory.publish(beat_subject(), told.SerializeToString())

    for forged in bent(envelope(HEARTBEAT.name, PLATFORM, pb.Heartbeat(fact_version=666))):
        await beat(forged)
    for name in EVENT_TYPES:
        await beat(envelope(name, PLATFORM, PAYLOADS[name]))
    await directory.publish(beat_subject(), b"\xff\xff")
    await beat(envelope(HEARTBEAT.name, PLATFORM, pb.Heartbeat(fact_version=7)))
    async with asyncio.timeout(HANGS_AFTER):
        assert await heard.get() == 7
    await directory.close()
    await bus.close()
