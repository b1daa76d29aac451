"""All services as they hear: their own consumers on the real NATS, before an executor that notes what reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

from google.protobuf.message import Message
from nats.aio.client import Client
from nats.js.api import DeliverPolicy

from deploy.local.servers import Servers
from deploy.nats.consumers import wanted
from rondetafel.audit.v1 import audit_pb2
from rondetafel.case.v1 import case_pb2
from rondetafel.kit.v1 import kit_pb2
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2
from rondetafel.portal.v1 import portal_pb2
from services.audit.consumers import Intake, Watch
from services.kit.bus import AUDIT, DEAD, Bus
from services.kit.catalogue import SERVICES, durables
from services.kit.consume import Consumer, RawConsumer
from services.kit.identity import Revocations
from services.kit.revocations import subscribe_to_revocations
from services.kit.service import hear_merged
from services.portal.web.request.live import Changes
from tests.background import running
from tests.facts import incoming
from tests.patience import HANGS_AFTER

IDS = {
    name: str(uuid4())
    for name in ("mandate_id", "person_id", "organisation_id", "case_id", "session_id", "decision_id")
}
PAYLOADS: Mapping[str, Message] = {
    "cell.created": partner_directory_pb2.CellCreated(cell_id=str(uuid4())),
    "cell.changed": partner_directory_pb2.CellChanged(cell_id=str(uuid4()), state="ACTIVE", version=2),
    "mandate.changed": partner_directory_pb2.MandateChanged(
        mandate_id=IDS["mandate_id"], person_id=IDS["person_id"], organisation_id=IDS["organisation_id"], fact_version=1
    ),
    "signal.received": case_pb2.SignalReceived(signal_id=str(uuid4())),
    "signal.erased": case_pb2.SignalErased(signal_id=str(uuid4())),
    **{
        name: case_pb2.CaseChanged(case_id=IDS["case_id"], version=1)
        for name in ("case.proposed", "case.listed", "case.state_changed")
    },
    "circle.changed": case_pb2.CircleChanged(case_id=IDS["case_id"], version=1),
    "invitation.expired": case_pb2.InvitationExpired(case_id=IDS["case_id"], entry_id=str(uuid4())),
    **dict.fromkeys(
        ("case.notice_asked", "session.notice_asked"),
        kit_pb2.NoticeAsked(kind="session_planned", object_id=IDS["session_id"]),
    ),
    "contribution.shared": case_pb2.ContributionShared(case_id=IDS["case_id"]),
    "session.planned": meeting_pb2.SessionPlanned(session_id=IDS["session_id"], version=1),
    "session.opened": meeting_pb2.SessionOpened(session_id=IDS["session_id"]),
    "session.opening_reverted": meeting_pb2.OpeningReverted(session_id=IDS["session_id"]),
    "session.cancelled": meeting_pb2.SessionCancelled(session_id=IDS["session_id"], version=1),
    "decision.prepared": meeting_pb2.DecisionPrepared(session_id=IDS["session_id"], case_id=IDS["case_id"]),
    "decision.recorded": meeting_pb2.DecisionRecorded(
        decision_id=IDS["decision_id"], case_id=IDS["case_id"], outcome="no_action"
    ),
    "session.ended": portal_pb2.SessionEnded(session_id="a sign-in"),
    **dict.fromkeys(
        ("sign_in.ended", "identity.disabled", "identity.enabled"),
        partner_directory_pb2.Revocation(identity_id=str(uuid4()), kind="subject", fact_version=1),
    ),
    "audit.merged": audit_pb2.AuditMerged(producer="case", producer_epoch=str(UUID(int=7)), producer_seq=9),
}
"""A message of each type that its consumers can read."""


@dataclass
class Acts:
    """In place of a service's executor and relay: what came through the checks."""

    service: str
    done: list[tuple[str, str]] = field(default_factory=list)

    async def run(self, principal: object, handler: Callable[..., Any], command: Any, **more: object) -> tuple[()]:
        """Note it. (A merge answers what is missing: nothing.)"""
        self.done.append((self.service, handler.__name__))
        return ()

    async def merged(self, tenant_id: UUID, epoch: UUID, seq: int) -> None:
        """The relay's dropping of copies."""
        self.done.append((self.service, "merged"))


@dataclass
class Hall:
    """What all services heard, and NATS seen by its operator."""

    acts: Mapping[str, Acts]
    changes: Changes
    operator: Client
    aside: int = 0
    """How many messages lay set aside when it was looked last."""

    @property
    def done(self) -> list[tuple[str, str]]:
        """All that reached an executor, in whatever service."""
        return [task for acts in self.acts.values() for task in acts.done]

    def forget(self) -> None:
        """Begin anew."""
        for acts in self.acts.values():
            acts.done.clear()

    async def reached(self, count: int) -> bool:
        """Whether so much reached an executor."""
        return len(self.done) >= count

    async def dead(self) -> int:
        """How many messages lie set aside."""
        return (await self.operator.jetstream().stream_info(DEAD)).state.messages

    async def settled(self) -> int:
        """Wait until every durable has acknowledged all there is; how many messages lie set aside."""
        stream = self.operator.jetstream()

        async def waiting() -> int:
            infos = [await stream.consumer_info(durable.stream, durable.name) for durable in durables()]
            return sum((info.num_pending or 0) + (info.num_ack_pending or 0) for info in infos)

        await until(lambda: _is_zero(waiting))
        return await self.dead()


async def _is_zero(count: Callable[[], Awaitable[int]]) -> bool:
    return await count() == 0


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a cause to have its effect; the limit only ends a test that failed."""
    async with asyncio.timeout(HANGS_AFTER):
        while not await condition():
            await asyncio.sleep(0.05)


async def begin_anew(operator: Client) -> None:
    """What was told before is passed over by all durables."""
    for durable in durables():
        await operator.jetstream().delete_consumer(durable.stream, durable.name)
        await operator.jetstream().add_consumer(
            durable.stream, replace(wanted(durable), deliver_policy=DeliverPolicy.NEW)
        )


@asynccontextmanager
async def hearing(servers: Servers) -> AsyncIterator[Hall]:
    """Every consumer of every service runs; what was told before this test is passed over."""
    operator = await servers.nats.connect("operator")
    await begin_anew(operator)
    acts = {service: Acts(service) for service in SERVICES}
    async with AsyncExitStack() as stack:
        stack.push_async_callback(operator.close)
        changes = Changes(Revocations(), lambda: 60.0)
        for service in SERVICES:
            bus = Bus(servers.instance.nats_url, servers.nats.seed_file(service), service)
            await bus.connect_for_ever()
            stack.push_async_callback(bus.close)
            await stack.enter_async_context(running(*_consumers(service, bus, acts[service], changes)))
        hall = Hall(acts, changes, operator)
        hall.aside = await hall.dead()
        yield hall


def _consumers(service: str, bus: Bus, acts: Any, changes: Changes) -> list[Any]:
    opened = incoming(service)
    hears = subscribe_to_revocations(Revocations()) if service != "partner_directory" else {}
    if service != "portal":
        hears |= import_module(f"services.{service}.consumers").SUBSCRIPTIONS
    work = [Consumer(bus, acts, opened, hears, pause=lambda tries: 0.01).run(), hear_merged(opened, bus, acts)]
    if service == "audit":
        take = Intake(bus, acts, opened, Watch(acts)).take
        work.append(RawConsumer(bus, AUDIT, "audit", take, batch=256).run())
    if service == "portal":
        work.append(changes.listen(bus, opened))
    return work
