"""Invented commands in the case service's database: for tests of the way of any command."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy import text

from rondetafel.audit.v1 import audit_pb2
from services.kit.asking import Question
from services.kit.errors import Conflict
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.mandates import mandate_policy
from services.kit.outbox import Event, Receipt
from services.kit.policy import Policy, Role, Rule, Verb
from services.kit.principal import PLATFORM
from services.kit.vault import AssociatedData
from tests.harness import Harness, Person


@dataclass(frozen=True, slots=True)
class TouchThing:
    """Seal a text about an object and tell the others; `fails` raises after the work."""

    object_id: UUID
    fails: bool = False


class ThingClosed(Conflict):
    """The thing is closed."""


async def touch_thing(work: Work, command: TouchThing) -> Receipt:
    """A command as any."""
    await work.seal("a text", AssociatedData(command.object_id, "thing", "text", command.object_id))
    message = audit_pb2.ProducerHeight(producer="case")
    work.publish(Event("thing.touched", message))
    if command.fails:
        raise ThingClosed
    return Receipt(new_id(), "TOUCHED", 1)


@dataclass(frozen=True, slots=True)
class Dwell:
    """Stay inside the transaction until the event is set."""

    inside: asyncio.Event
    leave: asyncio.Event


async def dwell(work: Work, command: Dwell) -> None:
    """Never ends by itself."""
    await work.session.execute(text("SELECT pg_backend_pid()"))
    command.inside.set()
    await command.leave.wait()


@dataclass(frozen=True, slots=True)
class WhoIs(Question[str]):
    """A question for the sign-in service."""

    email: str


@dataclass(frozen=True, slots=True)
class NameThing:
    """Whose thing it is; `fails` refuses before anybody is asked."""

    emails: tuple[str, ...]
    fails: bool = False


async def name_thing(work: Work, command: NameThing) -> Receipt:
    """Asks for one person after another, each in the light of what was answered before."""
    work.trail.detail["asked"] = "yes"
    work.publish(Event("thing.touched", audit_pb2.ProducerHeight(producer="case")))
    if command.fails:
        raise ThingClosed
    names = [work.ask(WhoIs(email)) for email in command.emails]
    assert work.ask_all([WhoIs(email) for email in command.emails]) == names
    return Receipt(new_id(), ",".join(names), 1)


@dataclass(frozen=True, slots=True)
class ReadScope:
    """The case an act concerns, in a part of the command."""

    thing: TouchThing


async def read_scope(work: Work, query: ReadScope) -> list[str]:
    """What the walls are told, before and after."""
    before = await work.transaction.raw.fetchval("SELECT current_setting('rondetafel.about')")
    await work.scope_to(PLATFORM)
    return [before, await work.transaction.raw.fetchval("SELECT current_setting('rondetafel.about')")]


POLICY: Policy = {
    touch_thing: Rule(Verb.ALTER, roles=frozenset({Role.COORDINATOR}), fields=("content",)),
    name_thing: Rule(Verb.ALTER, roles=frozenset({Role.COORDINATOR})),
    read_scope: Rule(Verb.CONSULT, roles=frozenset({Role.COORDINATOR}), scope="thing.object_id"),
    dwell: Rule(Verb.CONSULT, roles=frozenset({Role.COORDINATOR})),
    **mandate_policy("case"),
}


async def records(administrator: asyncpg.Connection, cell_id: UUID, action: str) -> list[audit_pb2.AuditRecord]:
    """The audit records of one action in one cell, in the producer's order."""
    rows = await administrator.fetch(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq", cell_id
    )
    found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in found if record.action == action]


async def coordinator(harness: Harness) -> Person:
    cell = await harness.cell()
    return await cell.person(Role.COORDINATOR)
