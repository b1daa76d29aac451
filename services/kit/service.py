"""The parts every domain service is built of, constructed in one place and in one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import grpc
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message import DecodeError
from nats.aio.msg import Msg

from rondetafel.audit.v1 import audit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from rondetafel.partner_directory.v1 import partner_directory_pb2_grpc as directory_grpc
from services.kit.bus import EVENTS, Bus
from services.kit.calling import call_metadata
from services.kit.catalogue import Misaddressed, merged_durable
from services.kit.channel import Channel
from services.kit.clock import utc_now
from services.kit.consume import Consumer, RawConsumer, Subscription, dead_letter
from services.kit.database import Database
from services.kit.errors import Unavailable
from services.kit.execute import Executor
from services.kit.fact_keys import FactKeys, FetchFactKeys, nobody_to_ask
from services.kit.freshness import AskMandates, AskRevocations, Freshness, ToldRevocations, always_fresh
from services.kit.http_client import http_client
from services.kit.identity import Revocations, TokenVerifier
from services.kit.incoming import Incoming
from services.kit.mandates import MandateFact, apply_mandates, fact_of
from services.kit.methods import Served, expect_all_served, peers_of
from services.kit.patience import FACTS_SECONDS
from services.kit.policy import Policy
from services.kit.principal import PLATFORM, system
from services.kit.refused import Refusals
from services.kit.relay import Relay
from services.kit.revocations import (
    ReadRevocations,
    read_revocations,
    remember,
    revocation_of,
    subscribe_to_revocations,
)
from services.kit.rpc import RpcServer, ServicerAdapter
from services.kit.run import Process
from services.kit.scheduler import OnTerm, Scheduler
from services.kit.seals import seals_of
from services.kit.settings import ServiceSettings
from services.kit.signing_keys import keys_of
from services.kit.vault import Vault

MERGED_SECONDS = 1
"""How long confirmations of the log are gathered: until then our copies of its records are kept."""


@dataclass(frozen=True, slots=True)
class Core:
    """What every process of ours has, the portal too. `fresh` is None in the directory, whose facts are the record."""

    name: str
    executor: Executor
    verifier: TokenVerifier
    revocations: Revocations
    bus: Bus
    relay: Relay
    incoming: Incoming
    fresh: Freshness | None


@dataclass(frozen=True, slots=True)
class Service:
    """A core with a gRPC door; a service's `__main__` adds its methods and consumers."""

    core: Core
    adapter: ServicerAdapter
    server: RpcServer
    file: FileDescriptor


async def build_core(
    name: str, settings: ServiceSettings, policy: Policy, process: Process, *, circle: bool = False
) -> Core:
    """Construct database, vault, bus, relay, executor and verifier, and hand their stopping to `process`."""
    vault = open_vault(settings.root_key_file, process)
    revocations = Revocations(clock=utc_now)
    database = Database(settings.database_urls, size=settings.database_connections)
    process.on_stop(database.close)
    bus = Bus(settings.nats_url, settings.nats_seed_file, name)
    process.on_stop(bus.close)
    relay = Relay(settings.relay_database_url, bus, name, seals_of(name, vault.roots))
    process.on_stop(relay.close)
    directory = _directory(settings, process)
    incoming = _incoming(name, directory, process)
    fresh = _freshness(name, directory, revocations, keeps_mandates=apply_mandates in policy)
    executor = Executor(
        service=name, database=database, vault=vault, policy=policy, clock=utc_now,
        fresh=fresh or always_fresh, wake=relay.wake, circle=circle,
    )  # fmt: skip
    if fresh is not None:
        fresh.executor = executor
    process.serve_health(settings.metrics_listen)
    process.ready_when("database", database.answers)
    principal = system(f"{name}.consumer", PLATFORM)
    # What was revoked before this start. A process whose database is away does not start.
    remember(revocations, await executor.run(principal, read_revocations, ReadRevocations()))
    verifier = _verifier(name, settings, revocations, process)
    process.background("bus", _connect(bus, fresh, incoming))
    process.background("relay", relay.run())
    process.background("housekeeping", relay.keep_house())
    process.background("merged", hear_merged(incoming, bus, relay))
    return Core(name, executor, verifier, revocations, bus, relay, incoming, fresh)


def run_terms(core: Core, terms: Mapping[str, OnTerm], process: Process, lane: str = "") -> None:
    """Run what falls due from now on: `terms` are the kinds a service has, or those it runs apart from others."""
    scheduler = Scheduler(core.name, core.executor, terms, utc_now, lane=lane)
    core.executor.wakes_terms.append(scheduler.wake)
    process.background(f"clock {lane}".strip(), scheduler.run())


def open_vault(root_key_file: Path, process: Process) -> Vault:
    """The vault of a process: what expires leaves memory, and everything does when the process stops.

    To be opened first: what is handed to `process` before is closed after it.
    """
    vault = Vault.from_file(root_key_file)
    process.on_stop(vault.wipe)
    process.background("keys", vault.keep_house())
    return vault


async def build_service(
    name: str, settings: ServiceSettings, policy: Policy, file: FileDescriptor, process: Process, *,
    circle: bool = False,
) -> Service:  # fmt: skip
    """A core and its gRPC server; `file` says, per method, the certificates that may call it.

    `circle` says that the service keeps the circles of its objects.
    """
    core = await build_core(name, settings, policy, process, circle=circle)
    refusals = Refusals(core.executor, name, utc_now)
    process.on_stop(refusals.flush)
    process.background("refusals", refusals.run())
    server = RpcServer(settings.grpc_listen, settings.tls_directory, peers_of(file), refusals.count)
    return Service(core, ServicerAdapter(core.executor, core.verifier), server, file)


async def serve(
    service: Service, served: Sequence[Served], subscriptions: Mapping[str, Subscription], process: Process
) -> None:
    """Start hearing and answering; the last step of a service's construction. Raises Unfitting unless all is served."""
    expect_all_served(service.file, served)
    core = service.core
    every = {**subscriptions, **(subscribe_to_revocations(core.revocations) if core.fresh else {})}
    process.background("consumer", Consumer(core.bus, core.executor, core.incoming, every).run())
    service.server.grpc.add_generic_rpc_handlers([methods.handlers(service.adapter) for methods in served])
    await service.server.start(service.file)
    process.on_drain(service.server.stop)


def _directory(settings: ServiceSettings, process: Process) -> Channel | None:
    """The way to the directory; none for itself."""
    if not settings.partner_directory_target:
        return None
    channel = Channel(settings.partner_directory_target, "partner_directory", settings.tls_directory)
    process.on_stop(channel.close)
    return channel


def _incoming(name: str, directory: Channel | None, process: Process) -> Incoming:
    keys = FactKeys(ask_fact_keys(directory) if directory is not None else nobody_to_ask)
    process.on_stop(keys.close)
    return Incoming(name, keys)


def _freshness(
    name: str, directory: Channel | None, revocations: Revocations, *, keeps_mandates: bool
) -> Freshness | None:
    """Nothing for the directory, whose facts are the record."""
    if directory is None:
        return None
    mandates = ask_mandates(directory) if keeps_mandates else None
    return Freshness(name, mandates, ask_revocations(directory), revocations, clock=utc_now)


def ask_mandates(channel: Channel) -> AskMandates:
    """The directory's GetMandates, within FACTS_SECONDS; raises Unavailable when it does not answer."""

    async def ask(person_id: UUID, cell_id: UUID) -> tuple[MandateFact, ...]:
        stub = directory_grpc.FactServiceStub(channel.get())
        request = directory_pb.GetMandatesRequest(person_id=str(person_id))
        try:
            answer = await stub.GetMandates(request, metadata=call_metadata(cell_id), timeout=FACTS_SECONDS)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                return ()
            raise Unavailable("the partner directory does not answer") from error
        return tuple(fact_of(mandate) for mandate in answer.mandates)

    return ask


def ask_fact_keys(channel: Channel) -> FetchFactKeys:
    """The directory's GetFactKeys, within FACTS_SECONDS; raises Unavailable when it does not answer."""

    async def fetch() -> dict[str, bytes]:
        stub = directory_grpc.FactServiceStub(channel.get())
        request = directory_pb.GetFactKeysRequest()
        try:
            answer = await stub.GetFactKeys(request, metadata=call_metadata(PLATFORM), timeout=FACTS_SECONDS)
        except grpc.aio.AioRpcError as error:
            raise Unavailable("the partner directory does not answer") from error
        return {key.key_id: key.public_key for key in answer.keys}

    return fetch


def ask_revocations(channel: Channel) -> AskRevocations:
    """The directory's GetRevocations, within FACTS_SECONDS; raises Unavailable when it does not answer."""

    async def ask(after: int) -> ToldRevocations:
        stub = directory_grpc.FactServiceStub(channel.get())
        request = directory_pb.GetRevocationsRequest(after=after)
        try:
            answer = await stub.GetRevocations(request, metadata=call_metadata(PLATFORM), timeout=FACTS_SECONDS)
        except grpc.aio.AioRpcError as error:
            raise Unavailable("the partner directory does not answer") from error
        return ToldRevocations(tuple(map(revocation_of, answer.revocations)), answer.fact_version, answer.more)

    return ask


def _verifier(name: str, settings: ServiceSettings, revocations: Revocations, process: Process) -> TokenVerifier:
    http = http_client()
    keys = keys_of(settings.issuer, http, clock=utc_now)
    process.on_stop(http.aclose)
    process.on_stop(keys.close)
    return TokenVerifier(settings.issuer, name, keys, revocations, clock=utc_now)


async def _connect(bus: Bus, fresh: Freshness | None, incoming: Incoming) -> None:
    await bus.connect_for_ever()
    if fresh is not None:
        await fresh.listen(bus, incoming)


async def hear_merged(incoming: Incoming, bus: Bus, relay: Relay) -> None:
    """Drop outbox rows that the log confirmed. Under the relay's role: it is no act on personal data.

    Nobody waits for it, so it gathers; of several confirmations of one cell the highest says all. May hear each twice.
    """
    name = incoming.service

    async def take(messages: list[Msg]) -> None:
        highest: dict[tuple[UUID, UUID], int] = {}
        read = []
        for message in messages:
            try:
                envelope = await incoming.open(message.subject, message.data)
                merged = audit_pb2.AuditMerged.FromString(envelope.payload)
                source = UUID(envelope.tenant_id), UUID(merged.producer_epoch)
            except (Misaddressed, DecodeError, ValueError):
                await dead_letter(bus, name, message)
                continue
            read.append(message)
            if merged.producer == name:
                highest[source] = max(merged.producer_seq, highest.get(source, 0))
        try:
            for (tenant_id, epoch), seq in highest.items():
                await relay.merged(tenant_id, epoch, seq)
        except Unavailable:
            for message in read:
                await message.nak(delay=1)
        else:
            for message in read:
                await message.ack()

    await RawConsumer(bus, EVENTS, merged_durable(name), take, batch=256, gather=MERGED_SECONDS).run()
