"""Two attacks that were really carried out with the portal's key: a forged mandate opened a cell, a forged decision
closed a case. Each is preceded by the very same message from whoever may tell it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client

from deploy.local.servers import Servers
from rondetafel.kit.v1 import kit_pb2
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.case.consumers import SUBSCRIPTIONS
from services.case.policy import POLICY
from services.kit.bus import DEAD, Bus
from services.kit.catalogue import EVENT_TYPES, event_subject
from services.kit.consume import Consumer
from services.kit.errors import CellNotFound
from services.kit.fields import to_timestamp
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.background import running
from tests.case.story import Story, story
from tests.databases import migrated
from tests.facts import envelope, incoming
from tests.harness import Harness, Person
from tests.patience import HANGS_AFTER
from tests.security.hearing import begin_anew, until

THIEVES = ("portal", "meeting")
"""Whose keys have a subject that the case service hears, or heard."""


@pytest.fixture
async def operator(servers: Servers) -> AsyncIterator[Client]:
    operator = await servers.nats.connect("operator")
    await begin_anew(operator)
    yield operator
    await operator.close()


@pytest.fixture
async def our(servers: Servers, operator: Client) -> AsyncIterator[Story]:
    """A case that is planned for a session, and the case service hearing."""
    harness = Harness("case", await migrated(servers, "case"), POLICY)
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("case"), "case")
    await bus.connect_for_ever()
    our = await story(harness)
    await our.list()
    await our.plan()
    async with running(Consumer(bus, harness.executor, incoming("case"), SUBSCRIPTIONS).run()):
        yield our
    await bus.close()
    await harness.database.close()


def mandate_of(person_id: UUID, our: Story) -> pb.MandateChanged:
    """A mayor of the town of the case."""
    return pb.MandateChanged(
        mandate_id=str(new_id()), tenant_id=str(our.cell.cell_id), person_id=str(person_id), role=Role.MAYOR.value,
        organisation_id=str(uuid4()), organisation_kind="municipality", nis_codes=[our.town],
        starts_at=to_timestamp(our.now - timedelta(days=1)), ends_at=to_timestamp(our.now + timedelta(days=1)),
        legal_basis="law-2018-07-30", undertaken_until=to_timestamp(our.now + timedelta(days=1)), fact_version=1,
    )  # fmt: skip


def decision_on(case_id: UUID, our: Story) -> meeting_pb2.DecisionRecorded:
    """It is closed without action."""
    return meeting_pb2.DecisionRecorded(
        decision_id=str(new_id()), session_id=str(new_id()), case_id=str(case_id), outcome="no_action",
        decided_at=to_timestamp(our.now),
    )  # fmt: skip


async def reads(person: Person, our: Story) -> bool:
    """Whether this person gets the case."""
    try:
        return (await our.read(person)).frame.case_id == our.case_id
    except CellNotFound:
        return False


async def told(servers: Servers, teller: str, subject: str, message: kit_pb2.Envelope) -> None:
    client = await servers.nats.connect(teller)
    await client.jetstream().publish(subject, message.SerializeToString(), timeout=HANGS_AFTER)
    await client.close()


async def dead(operator: Client) -> int:
    return (await operator.jetstream().stream_info(DEAD)).state.messages


def foreign_subjects(thief: str, our: Story) -> dict[str, int]:
    """Where a thief's key may publish, and how many messages of one reach the case service."""
    own = [event_type for event_type in EVENT_TYPES.values() if event_type.producer == thief]
    return {event_subject(row.name, thief, our.cell.cell_id): int("case" in row.hearers) for row in own}


@pytest.mark.parametrize("thief", THIEVES)
async def test_a_forged_mandate_opens_no_cell(servers: Servers, operator: Client, our: Story, thief: str) -> None:
    mayor, outsider = Person(our.cell, uuid4()), Person(our.cell, uuid4())
    assert not await reads(mayor, our)
    rightful = envelope("mandate.changed", our.cell.cell_id, mandate_of(mayor.person_id, our))
    subject = event_subject("mandate.changed", "partner_directory", our.cell.cell_id)
    await told(servers, "partner_directory", subject, rightful)
    await until(lambda: reads(mayor, our))
    before, forged = await dead(operator), 0
    for place, reaching in foreign_subjects(thief, our).items():
        for producer in ("partner_directory", thief):
            message = envelope("mandate.changed", our.cell.cell_id, mandate_of(outsider.person_id, our))
            message.producer = producer
            await told(servers, thief, place, message)
            forged += reaching
    # The same with NATS itself in foreign hands: where it belongs, but nobody signed it.
    message = envelope("mandate.changed", our.cell.cell_id, mandate_of(outsider.person_id, our))
    message.ClearField("signature")
    await told(servers, "operator", subject, message)
    await until(lambda: _is(operator, before + forged + 1))
    assert not await reads(outsider, our)
    assert await reads(mayor, our)


@pytest.mark.parametrize("thief", ["portal"])
async def test_a_forged_decision_closes_no_case(servers: Servers, operator: Client, our: Story, thief: str) -> None:
    before, forged = await dead(operator), 0
    for place, reaching in foreign_subjects(thief, our).items():
        for producer in ("meeting", thief):
            message = envelope("decision.recorded", our.cell.cell_id, decision_on(our.case_id, our))
            message.producer = producer
            await told(servers, thief, place, message)
            forged += reaching
    await until(lambda: _is(operator, before + forged))
    assert await our.state() == "SCHEDULED"
    rightful = envelope("decision.recorded", our.cell.cell_id, decision_on(our.case_id, our))
    await told(servers, "meeting", event_subject("decision.recorded", "meeting", our.cell.cell_id), rightful)

    async def closed() -> bool:
        return await our.state() == "CLOSED_NO_ACTION"

    await until(closed)


async def _is(operator: Client, count: int) -> bool:
    return await dead(operator) == count
