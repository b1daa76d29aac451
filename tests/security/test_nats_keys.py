"""What a service's key of NATS can be used for beyond its own work: every request JetStream knows, and every reply."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.local.servers import Servers
from services.kit.catalogue import (
    API_PREFIX,
    EVENT_TYPES,
    SERVICES,
    Durable,
    audit_subject,
    beat_subject,
    dead_subject,
    durables,
    event_subject,
)
from tests.local.test_nats import Refusals, entered
from tests.patience import HANGS_AFTER
from tests.security.hearing import begin_anew

TENANT = uuid4()
STREAMS = ("EVENTS", "AUDIT", "DEAD")
# docs.nats.io, JetStream wire API reference, and what the server adds to it: <stream> and <consumer> filled in.
OF_THE_SERVER = (
    "INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.TEMPLATE.NAMES", "ACCOUNT.PURGE.RONDETAFEL",
    "ACCOUNT.STREAM.MOVE.RONDETAFEL.AUDIT", "ACCOUNT.STREAM.CANCEL_MOVE.RONDETAFEL.AUDIT", "META.LEADER.STEPDOWN",
    "META.PEER.REMOVE", "SERVER.REMOVE",
)  # fmt: skip
OF_A_STREAM = (
    "STREAM.CREATE.{0}", "STREAM.UPDATE.{0}", "STREAM.DELETE.{0}", "STREAM.PURGE.{0}", "STREAM.INFO.{0}",
    "STREAM.MSG.GET.{0}", "STREAM.MSG.DELETE.{0}", "STREAM.SNAPSHOT.{0}", "STREAM.RESTORE.{0}",
    "STREAM.LEADER.STEPDOWN.{0}", "STREAM.PEER.REMOVE.{0}", "DIRECT.GET.{0}", "DIRECT.GET.{0}.rondetafel.case.x",
    "CONSUMER.CREATE.{0}", "CONSUMER.NAMES.{0}", "CONSUMER.LIST.{0}",
)  # fmt: skip
OF_ANY_CONSUMER = (
    "CONSUMER.CREATE.{0}.{1}", "CONSUMER.CREATE.{0}.{1}.rondetafel.>", "CONSUMER.DURABLE.CREATE.{0}.{1}",
    "CONSUMER.DELETE.{0}.{1}", "CONSUMER.LEADER.STEPDOWN.{0}.{1}", "CONSUMER.PAUSE.{0}.{1}", "CONSUMER.RESET.{0}.{1}",
    "CONSUMER.UNPIN.{0}.{1}",
)  # fmt: skip
OF_ONES_OWN = ("CONSUMER.INFO.{0}.{1}", "CONSUMER.MSG.NEXT.{0}.{1}")


def foreign(service: str) -> list[str]:
    """All requests of JetStream that are not this service's to make, under both names the API has."""
    asked = [*OF_THE_SERVER, *(subject.format(stream) for stream in STREAMS for subject in OF_A_STREAM)]
    for durable in durables():
        asked += [subject.format(durable.stream, durable.name) for subject in OF_ANY_CONSUMER]
        if durable.service != service:
            asked += [subject.format(durable.stream, durable.name) for subject in OF_ONES_OWN]
    asked += [subject.format("EVENTS", f"{service}-new") for subject in (*OF_ANY_CONSUMER, *OF_ONES_OWN)]
    acknowledged = [
        f"$JS.ACK.{durable.stream}.{durable.name}.1.1.1.0.0" for durable in durables() if durable.service != service
    ]
    whole = [f"$JS.API.{subject.format(mine.stream, mine.name)}" for mine in own(service) for subject in OF_ONES_OWN]
    return [
        *(f"{prefix}.{question}" for prefix in ("$JS.API", API_PREFIX) for question in asked),
        *acknowledged,
        *whole,
    ]


def own(service: str) -> list[Durable]:
    return [durable for durable in durables() if durable.service == service]


def heard_by(durable: Durable) -> str:
    """A subject that this durable hears."""
    return durable.subjects[0].replace("*", str(TENANT))


async def fill(operator: Client, durable: Durable, *, count: int = 1) -> None:
    """Something to take, told by the operator."""
    for _ in range(count):
        await operator.jetstream().publish(heard_by(durable), b"stored", stream=durable.stream)


async def take_one(client: Client, durable: Durable) -> Msg:
    """The rightful way: ask what it is, take one, acknowledge it and wait for the server's word."""
    stream = client.jetstream(prefix=API_PREFIX)
    assert (await stream.consumer_info(durable.stream, durable.name)).name == durable.name
    reader = await stream.pull_subscribe_bind(durable.name, durable.stream)
    (message,) = await reader.fetch(1, timeout=HANGS_AFTER)
    await message.ack_sync(timeout=HANGS_AFTER)
    await reader.unsubscribe()
    return message


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_asks_takes_and_acknowledges_by_its_own_durables_and_nothing_else(
    servers: Servers, service: str
) -> None:
    refusals = Refusals()
    async with entered(servers, service, refusals) as client, entered(servers, "operator") as operator:
        for durable in own(service):
            await fill(operator, durable)
            assert (await take_one(client, durable)).subject
        before = await everything(operator)
        for subject in foreign(service):
            assert await refusals.after(client, subject, {}), subject
        assert await everything(operator) == before


async def everything(operator: Client) -> list[Any]:
    """How all streams and consumers are made, and how much the streams hold."""
    stream = operator.jetstream()
    infos = await stream.streams_info()
    readers = [await stream.consumer_info(durable.stream, durable.name) for durable in durables()]
    held = [(info.config, info.state.messages, info.state.last_seq, info.state.consumer_count) for info in infos]
    return [held, [(reader.config, reader.created, reader.delivered) for reader in readers]]


def targets(service: str) -> list[str]:
    """Where an answer must never arrive: others' events, records and beats, what is set aside, and JetStream's API."""
    others = [
        event_subject(event_type.name, event_type.producer, TENANT)
        for event_type in EVENT_TYPES.values()
        if event_type.producer != service
    ]
    records = [audit_subject(name, TENANT) for name in SERVICES if name != service]
    dead = [dead_subject(name, "unknown") for name in SERVICES if name != service]
    api = [f"$JS.API.STREAM.{act}.{stream}" for act in ("DELETE", "PURGE", "UPDATE") for stream in STREAMS]
    readers = [f"$JS.API.CONSUMER.DELETE.{durable.stream}.{durable.name}" for durable in durables()]
    return [*others, *records, *dead, *api, *readers, "$JS.API.STREAM.CREATE.MINE"]


ONE = json.dumps({"batch": 1, "no_wait": True}).encode()


async def tricks(client: Client, service: str, reply: str) -> None:
    """Every request a service may make, with this place to answer to: a delivery, a status without a body, a
    description, the receipt of a publication, and an acknowledgement that asks for the next one."""
    full, empty = own(service)[:2]
    for durable in (full, empty):
        await client.publish(f"{API_PREFIX}.CONSUMER.MSG.NEXT.{durable.stream}.{durable.name}", ONE, reply=reply)
        await client.publish(f"{API_PREFIX}.CONSUMER.INFO.{durable.stream}.{durable.name}", b"", reply=reply)
    await client.publish(told_by(service), b"mine", reply=reply)
    reader = await client.jetstream(prefix=API_PREFIX).pull_subscribe_bind(full.name, full.stream)
    (message,) = await reader.fetch(1, timeout=HANGS_AFTER)
    await client.publish(message.reply, b"+NXT " + ONE, reply=reply)
    await reader.unsubscribe()


def told_by(service: str) -> str:
    return event_subject(
        next(event_type.name for event_type in EVENT_TYPES.values() if event_type.producer == service), service, TENANT
    )


class Ear:
    """Subscription these subjects on one connection."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def listen(self, client: Client, subjects: list[str]) -> None:
        async def hear(message: Msg) -> None:
            self.heard.append(message.subject)

        for subject in subjects:
            await client.subscribe(subject, cb=hear)
        await client.flush()


@pytest.mark.parametrize("service", SERVICES)
async def test_no_request_is_answered_where_its_sender_may_not_publish(servers: Servers, service: str) -> None:
    """The server asks nobody's leave for its answers: in one account, a MSG.NEXT to be answered at
    `$JS.API.STREAM.DELETE.AUDIT` deleted that stream, and others made records. Accounts keep an answer inside."""
    other = "meeting" if service != "meeting" else "case"
    async with entered(servers, service) as client, entered(servers, "operator") as operator:
        await begin_anew(operator)
        where, full = targets(service), own(service)[0]
        await fill(operator, full, count=3 * len(where) + 1)
        before, sizes = await everything(operator), await held(operator)
        ear = Ear()
        async with entered(servers, other) as outside:
            await ear.listen(operator, where)
            await ear.listen(outside, [beat_subject()])
            for reply in where:
                await tricks(client, service, reply)
            # By the same durable and in its order: what was asked before has been answered.
            assert (await take_one(client, full)).data == b"stored"
            await operator.flush()
            await outside.flush()
        assert ear.heard == []
        assert made(await everything(operator)) == made(before)
        assert await held(operator) == sizes | {"EVENTS": sizes["EVENTS"] + len(where)}


async def test_in_one_account_an_answer_is_a_message_anywhere(servers: Servers) -> None:
    """So the ear above hears, and what is tried is real: the operator shares an account with the streams."""
    async with entered(servers, "operator") as operator:
        await begin_anew(operator)
        full, reply = own("case")[0], audit_subject("meeting", TENANT)
        await fill(operator, full)
        sizes, ear = await held(operator), Ear()
        await ear.listen(operator, [reply])
        await operator.publish(f"$JS.API.CONSUMER.INFO.{full.stream}.{full.name}", b"", reply=reply)
        async with asyncio.timeout(HANGS_AFTER):
            while not ear.heard:
                await asyncio.sleep(0.01)
        assert (await held(operator))["AUDIT"] == sizes["AUDIT"] + 1


async def held(operator: Client) -> dict[str | None, int]:
    """How many messages each stream holds."""
    return {stream.config.name: stream.state.messages for stream in await operator.jetstream().streams_info()}


def made(seen: list[Any]) -> list[Any]:
    """Of `everything`: how streams and consumers are made."""
    streams, readers = seen
    return [[config for config, *_ in streams], [(config, created) for config, created, _ in readers]]
