"""Each service publishes its own types only, and none can take anything out of a stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, DeliverPolicy

from deploy.local.servers import Servers
from deploy.nats.consumers import wanted
from deploy.nats.permissions import OPERATOR
from services.kit.catalogue import API_PREFIX, EVENT_TYPES, SERVICES, beat_subject, durables, event_subject
from tests.patience import HANGS_AFTER

TENANT = "0198c1d2-0000-7000-8000-000000000001"


class Refusals:
    """What the server refused on one connection."""

    def __init__(self) -> None:
        self._told: asyncio.Queue[str] = asyncio.Queue()

    async def note(self, error: Exception) -> None:
        """The connection's error callback."""
        self._told.put_nowait(str(error).lower())

    async def after(self, client: Client, subject: str, payload: object = None) -> bool:
        """Whether publishing to the subject is refused, which the server tells at once."""
        await client.publish(subject, json.dumps(payload).encode())
        async with asyncio.timeout(HANGS_AFTER):
            return f'publish to "{subject}"'.lower() in await self._told.get()


@asynccontextmanager
async def entered(servers: Servers, user: str, refusals: Refusals | None = None) -> AsyncIterator[Client]:
    client = await servers.nats.connect(user, (refusals if refusals is not None else Refusals()).note)
    try:
        yield client
    finally:
        await client.close()


def streams_of(client: Client) -> JetStreamContext:
    """JetStream as a service sees it."""
    return client.jetstream(prefix=API_PREFIX)


def told_by(service: str) -> list[str]:
    return [
        event_subject(event_type.name, service, TENANT)
        for event_type in EVENT_TYPES.values()
        if event_type.producer == service
    ]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_publishes_its_own_types_only(servers: Servers, service: str) -> None:
    """Every type there is, as told by every service there is, with one key."""
    refusals = Refusals()
    async with entered(servers, service, refusals) as client:
        mine = [*told_by(service), f"rondetafel_audit.{service}.{TENANT}", f"rondetafel_dead.{service}.unknown"]
        for subject in mine:
            assert (await streams_of(client).publish(subject, b"mine")).seq
        every = [event_subject(name, teller, TENANT) for name in EVENT_TYPES for teller in SERVICES]
        every += [f"rondetafel.{service}.{TENANT}.something", f"rondetafel.{service}.{TENANT}"]
        every += [
            f"{prefix}.{teller}.{TENANT}" for prefix in ("rondetafel_audit", "rondetafel_dead") for teller in SERVICES
        ]
        for subject in sorted({*every} - {*mine}):
            assert await refusals.after(client, subject), subject


async def test_only_the_directory_beats(servers: Servers) -> None:
    async with entered(servers, "case") as case, entered(servers, "partner_directory") as directory:
        heard = await case.subscribe(beat_subject())
        await case.flush()
        await case.publish(beat_subject(), b"forged")
        await case.flush()
        await directory.publish(beat_subject(), b"true")
        assert (await heard.next_msg(timeout=HANGS_AFTER)).data == b"true"


async def test_each_page_hears_live_what_its_teller_tells(servers: Servers) -> None:
    async with entered(servers, "portal") as portal, entered(servers, "case") as case:
        heard = await portal.subscribe("rondetafel.case.*.case.listed")
        await portal.flush()
        await streams_of(case).publish(f"rondetafel.case.{TENANT}.case.listed", b"listed")
        message = await heard.next_msg(timeout=HANGS_AFTER)
        assert (message.subject, message.data) == (f"rondetafel.case.{TENANT}.case.listed", b"listed")


async def test_streams_are_kept_as_promised_and_a_second_provision_changes_nothing(servers: Servers) -> None:
    async with entered(servers, OPERATOR) as operator:
        before = await operator.jetstream().streams_info()
        readers = [await operator.jetstream().consumer_info(durable.stream, durable.name) for durable in durables()]
        await servers.nats.provision()
        after = await operator.jetstream().streams_info()
        again = [await operator.jetstream().consumer_info(durable.stream, durable.name) for durable in durables()]
    assert [subject.config for subject in after] == [subject.config for subject in before]
    assert [(subject.config, subject.created) for subject in again] == [
        (reader.config, reader.created) for reader in readers
    ]
    assert {subject.config.name for subject in after} == {"EVENTS", "AUDIT", "DEAD"}
    assert all(
        subject.config.deny_delete and subject.config.deny_purge and subject.config.storage == "file"
        for subject in after
    )
    # Headers by which a sender could make the server replace, schedule, count or expire what others told.
    switched_on = (
        "allow_rollup_hdrs",
        "allow_msg_schedules",
        "allow_msg_counter",
        "allow_msg_ttl",
        "allow_atomic",
        "republish",
    )
    assert not [name for subject in after for name in switched_on if getattr(subject.config, name, None)]
    audit = next(subject.config for subject in after if subject.config.name == "AUDIT")
    assert audit.max_age == 30 * 24 * 3600


async def test_every_durable_consumer_is_pulled_and_hears_the_catalogue_alone(servers: Servers) -> None:
    async with entered(servers, OPERATOR) as operator:
        for durable in durables():
            config = (await operator.jetstream().consumer_info(durable.stream, durable.name)).config
            heard = config.filter_subjects or [config.filter_subject]
            assert heard == list(durable.subjects)
            assert (config.deliver_subject, config.ack_policy) == (None, AckPolicy.EXPLICIT)
            assert (config.ack_wait, config.max_ack_pending) == (30, 2048)


@pytest.mark.parametrize("pushes", [True, False])
async def test_a_durable_of_an_earlier_installation_is_mended_where_it_stands(servers: Servers, pushes: bool) -> None:
    """Whatever it had become: what it had acknowledged comes no more, what it had not does."""
    durable = next(durable for durable in durables() if durable.name == "meeting")
    subject = f"rondetafel.case.{TENANT}.case.listed"
    async with entered(servers, OPERATOR) as operator, entered(servers, "meeting") as meeting:
        jetstream = operator.jetstream()
        await jetstream.delete_consumer("EVENTS", "meeting")
        first = await jetstream.publish(subject, b"acknowledged")
        earlier = replace(
            wanted(durable), filter_subjects=["rondetafel.case.*.case.listed"], max_ack_pending=7,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=first.seq,
            deliver_subject="elsewhere" if pushes else None,
        )  # fmt: skip
        if pushes:
            elsewhere = await operator.subscribe("elsewhere")
            await operator.flush()
        await jetstream.add_consumer("EVENTS", earlier)
        if pushes:
            await (await elsewhere.next_msg(timeout=HANGS_AFTER)).ack_sync()
            await elsewhere.unsubscribe()
        else:
            early = await jetstream.pull_subscribe_bind("meeting", "EVENTS")
            await (await early.fetch(1, timeout=HANGS_AFTER))[0].ack_sync()
        await jetstream.publish(subject, b"waiting")
        await servers.nats.provision()
        config = (await jetstream.consumer_info("EVENTS", "meeting")).config
        assert config.filter_subjects == list(durable.subjects)
        assert (config.deliver_subject, config.max_ack_pending) == (None, 2048)
        reader = await streams_of(meeting).pull_subscribe_bind("meeting", "EVENTS")
        (message,) = await reader.fetch(1, timeout=HANGS_AFTER)
        assert message.data == b"waiting"
        await message.ack_sync()


async def test_a_stranger_does_not_get_in(servers: Servers) -> None:
    with pytest.raises(Error, match="uthorization"):
        await nats.connect(servers.instance.nats_url, allow_reconnect=False, max_reconnect_attempts=0)


async def test_what_was_acknowledged_survives_a_crash(servers: Servers) -> None:
    async with entered(servers, "case") as client:
        acknowledged = await streams_of(client).publish(f"rondetafel.case.{TENANT}.case.listed", b"kept")
    servers.nats.kill()
    await servers.nats.start()
    async with entered(servers, OPERATOR) as operator:
        assert (await operator.jetstream().get_msg("EVENTS", acknowledged.seq)).data == b"kept"
