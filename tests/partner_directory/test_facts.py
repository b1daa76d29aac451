"""The numbers of facts and the heartbeat that tells the newest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.bus import Bus
from services.kit.catalogue import beat_subject
from services.kit.fact_keys import FactKeys
from services.kit.incoming import Incoming
from services.kit.policy import Role
from services.kit.principal import PLATFORM, system
from services.kit.relay import Relay
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.heartbeat import BEAT_SECONDS, Heartbeat
from services.partner_directory.queries.read_fact_version import ReadFactVersion, read_fact_version
from services.partner_directory.signing import FactSigning
from tests.background import running
from tests.partner_directory.town import TEXT, Host

BEATING = system("partner_directory.heartbeat", PLATFORM)


@pytest.fixture
async def signing(host: Host, servers: Servers) -> AsyncIterator[FactSigning]:
    """The directory's key, opened."""
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("partner_directory"), "partner_directory")
    url = servers.postgres.database_url("partner_directory", "relay")
    relay = Relay(url, bus, "partner_directory", host.harness.seals)
    signing = FactSigning(host.harness.executor, relay)
    await signing.renew()
    yield signing
    await relay.close()


class Seconds:
    """A clock that goes on by so much each time it is read."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@asynccontextmanager
async def hearing(servers: Servers, signing: FactSigning) -> AsyncIterator[tuple[Bus, asyncio.Queue[int]]]:
    """The directory's connection, and what another service hears of its beats."""
    heard: asyncio.Queue[int] = asyncio.Queue()
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("partner_directory"), "partner_directory")
    await bus.connect_for_ever()
    listener: Client = await servers.nats.connect("case")

    async def beat(message: Msg) -> None:
        envelope = await Incoming("case", FactKeys(signing.public_keys)).open(message.subject, message.data)
        heard.put_nowait(pb.Heartbeat.FromString(envelope.payload).fact_version)

    await listener.subscribe(beat_subject(), cb=beat)
    await listener.flush()
    try:
        yield bus, heard
    finally:
        await listener.close()
        await bus.close()


async def test_facts_are_numbered_without_gaps_over_all_cells(host: Host, servers: Servers) -> None:
    towns = [(await host.town_with_coordinator())[0] for _ in range(6)]
    mayors = [await town.sworn(Role.MAYOR) for town in towns]
    start = await host.harness.executor.run(BEATING, read_fact_version, ReadFactVersion())

    async def live(number: int) -> None:
        town = towns[number % len(towns)]
        person = await town.partner(mayors[number % len(towns)])
        await person.run(accept_undertaking, AcceptUndertaking(TEXT))
        await town.as_host(end_mandate, EndMandate(person.mandate_id, 2, "left"))

    await asyncio.gather(*(live(number) for number in range(18)))
    newest = await host.harness.executor.run(BEATING, read_fact_version, ReadFactVersion())
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    payloads = await connection.fetch("SELECT payload FROM outbox WHERE type = 'mandate.changed'")
    await connection.close()
    told = sorted(pb.MandateChanged.FromString(row["payload"]).fact_version for row in payloads)
    assert newest == start + 18 * 3
    assert [event for event in told if event > start] == list(range(start + 1, newest + 1))


async def test_a_refused_act_takes_no_number(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    before = await host.harness.executor.run(BEATING, read_fact_version, ReadFactVersion())
    answers = await asyncio.gather(
        *(town.as_host(end_mandate, EndMandate(coordinator.mandate_id, 2, "left")) for _ in range(3)),
        return_exceptions=True,
    )
    assert {type(answer).__name__ for answer in answers} == {"LastCoordinator"}
    assert await host.harness.executor.run(BEATING, read_fact_version, ReadFactVersion()) == before


async def test_invariant_15_a_beat_tells_the_newest_fact(host: Host, servers: Servers, signing: FactSigning) -> None:
    town = await host.town()
    async with hearing(servers, signing) as (bus, heard):
        heartbeat = Heartbeat(host.harness.executor, bus, signing, monotonic=Seconds(0.001))
        async with running(heartbeat.run()):
            first = await heard.get()
            await town.sworn(Role.MAYOR)
            newest = await host.harness.executor.run(BEATING, read_fact_version, ReadFactVersion())
            while await heard.get() < newest:
                pass
    assert newest >= first + 2


async def test_two_replicas_beat_the_same_number(host: Host, servers: Servers, signing: FactSigning) -> None:
    async with hearing(servers, signing) as (bus, heard):
        for _ in range(2):
            assert await Heartbeat(host.harness.executor, bus, signing, monotonic=Seconds(0.001)).beat()
        assert await heard.get() == await heard.get()


async def test_a_late_beat_is_not_told(host: Host, servers: Servers, signing: FactSigning) -> None:
    """It would vouch for facts that are older than they seem."""
    async with hearing(servers, signing) as (bus, heard):
        assert not await Heartbeat(host.harness.executor, bus, signing, monotonic=Seconds(BEAT_SECONDS * 1.1)).beat()
        assert await Heartbeat(host.harness.executor, bus, signing, monotonic=Seconds(0.001)).beat()
        await heard.get()
        assert heard.empty()


async def test_without_nats_nothing_is_told(host: Host, servers: Servers, signing: FactSigning) -> None:
    async with hearing(servers, signing) as (bus, _):
        assert await Heartbeat(host.harness.executor, bus, signing, monotonic=Seconds(0.001)).beat()
    assert not await Heartbeat(host.harness.executor, bus, signing, monotonic=Seconds(0.001)).beat()


async def test_a_beat_leaves_no_record(host: Host, servers: Servers) -> None:
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    count = "SELECT count(*) FROM outbox"
    before = await connection.fetchval(count)
    await host.harness.executor.run(BEATING, read_fact_version, ReadFactVersion())
    after = await connection.fetchval(count)
    await connection.close()
    assert before == after
