"""Each service publishes below its own prefixes only, and none can take anything out of a stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error
from nats.js.api import ConsumerConfig

from deploy.local.ports import SERVICES
from deploy.local.servers import Servers
from deploy.nats.permissions import HEARTBEAT, OPERATOR, READERS

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
        async with asyncio.timeout(10):
            return f'publish to "{subject}"'.lower() in await self._told.get()


@asynccontextmanager
async def entered(servers: Servers, user: str, refusals: Refusals | None = None) -> AsyncIterator[Client]:
    client = await servers.nats.connect(user, (refusals if refusals is not None else Refusals()).note)
    try:
        yield client
    finally:
        await client.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_publishes_below_its_own_prefixes_only(servers: Servers, service: str) -> None:
    others = set(SERVICES) - {service}
    refusals = Refusals()
    async with entered(servers, service, refusals) as client:
        for prefix, ending in (("rondetafel", ".something"), ("rondetafel_audit", ""), ("rondetafel_dead", ".x")):
            await client.jetstream().publish(f"{prefix}.{service}.{TENANT}{ending}", b"mine")
            for other in others:
                assert await refusals.after(client, f"{prefix}.{other}.{TENANT}{ending}")


async def test_only_the_directory_beats(servers: Servers) -> None:
    async with entered(servers, "case") as case, entered(servers, "partner_directory") as directory:
        heard = await case.subscribe(HEARTBEAT)
        await case.flush()
        await case.publish(HEARTBEAT, b"forged")
        await case.flush()
        await directory.publish(HEARTBEAT, b"true")
        assert (await heard.next_msg(timeout=10)).data == b"true"


async def test_a_service_reads_by_its_own_consumer_only(servers: Servers) -> None:
    refusals = Refusals()
    async with entered(servers, "meeting", refusals) as client:
        jetstream = client.jetstream()
        await jetstream.publish(f"rondetafel.meeting.{TENANT}.opened", b"it")
        own = await jetstream.pull_subscribe("rondetafel.meeting.*.opened", durable="meeting", stream="EVENTS")
        (message,) = await own.fetch(1, timeout=10)
        assert message.data == b"it"
        await message.ack_sync()
        for stream, consumer in (("EVENTS", "case"), ("EVENTS", "meeting-other"), ("AUDIT", "meeting")):
            for act in ("CREATE", "DURABLE.CREATE", "INFO", "MSG.NEXT"):
                assert await refusals.after(client, f"$JS.API.CONSUMER.{act}.{stream}.{consumer}")
        assert await refusals.after(client, "$JS.API.CONSUMER.DELETE.EVENTS.meeting")
        assert await refusals.after(client, "$JS.ACK.AUDIT.audit.1.1.1.0.0")


async def test_only_the_audit_service_reads_the_records(servers: Servers) -> None:
    assert [service for service, readers in READERS.items() if "AUDIT" in {one.stream for one in readers}] == ["audit"]
    async with entered(servers, "audit") as client:
        jetstream = client.jetstream()
        await jetstream.publish(f"rondetafel_audit.audit.{TENANT}", b"record")
        records = await jetstream.pull_subscribe("rondetafel_audit.*.*", durable="audit", stream="AUDIT")
        assert await records.fetch(1, timeout=10)


FORBIDDEN = {
    "$JS.API.STREAM.DELETE.AUDIT": None,
    "$JS.API.STREAM.PURGE.AUDIT": {},
    "$JS.API.STREAM.UPDATE.AUDIT": {"name": "AUDIT", "subjects": ["elsewhere"]},
    "$JS.API.STREAM.MSG.DELETE.AUDIT": {"seq": 1},
    "$JS.API.STREAM.RESTORE.AUDIT": {},
    "$JS.API.STREAM.CREATE.MINE": {"name": "MINE", "subjects": ["mine"]},
}


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_touches_the_audit_stream(servers: Servers, service: str) -> None:
    refusals = Refusals()
    async with entered(servers, service, refusals) as client, entered(servers, OPERATOR) as operator:
        await client.jetstream().publish(f"rondetafel_audit.{service}.{TENANT}", b"record")
        before = await operator.jetstream().stream_info("AUDIT")
        for subject, payload in FORBIDDEN.items():
            assert await refusals.after(client, subject, payload)
        after = await operator.jetstream().stream_info("AUDIT")
        assert after.config == before.config
        assert after.state.messages == before.state.messages > 0


async def test_a_pushing_consumer_cannot_forge_a_record(servers: Servers) -> None:
    """A consumer's delivery is published by the server itself, which asks nobody's permission."""
    async with entered(servers, "case") as client, entered(servers, OPERATOR) as operator:
        jetstream = client.jetstream()
        await jetstream.publish(f"rondetafel.case.{TENANT}.forged", b"record")
        before = (await operator.jetstream().stream_info("AUDIT")).state.last_seq
        pushing = ConsumerConfig(name="case", durable_name="case", deliver_subject=f"rondetafel_audit.meeting.{TENANT}")
        await jetstream.add_consumer("EVENTS", pushing)
        await jetstream.publish(f"rondetafel.case.{TENANT}.forged", b"record")
        await client.flush()
        # The audit service's own next record shows that whatever came before it has been stored.
        async with entered(servers, "audit") as audit:
            mine = await audit.jetstream().publish(f"rondetafel_audit.audit.{TENANT}", b"mine")
        assert mine.seq == before + 1
        await operator.jetstream().delete_consumer("EVENTS", "case")


async def test_streams_are_kept_as_promised_and_a_second_provision_changes_nothing(servers: Servers) -> None:
    async with entered(servers, OPERATOR) as operator:
        before = await operator.jetstream().streams_info()
        await servers.nats.provision()
        after = await operator.jetstream().streams_info()
    assert [one.config for one in after] == [one.config for one in before]
    assert {one.config.name for one in after} == {"EVENTS", "AUDIT", "DEAD"}
    assert all(one.config.deny_delete and one.config.deny_purge and one.config.storage == "file" for one in after)
    audit = next(one.config for one in after if one.config.name == "AUDIT")
    assert audit.max_age == 30 * 24 * 3600


async def test_a_stranger_does_not_get_in(servers: Servers) -> None:
    with pytest.raises(Error, match="uthorization"):
        await nats.connect(servers.instance.nats_url, allow_reconnect=False, max_reconnect_attempts=0)


async def test_what_was_acknowledged_survives_a_crash(servers: Servers) -> None:
    async with entered(servers, "case") as client:
        acknowledged = await client.jetstream().publish(f"rondetafel.case.{TENANT}.listed", b"kept")
    servers.nats.kill()
    await servers.nats.start()
    async with entered(servers, OPERATOR) as operator:
        assert (await operator.jetstream().get_msg("EVENTS", acknowledged.seq)).data == b"kept"
