"""Around the handlers: the rows themselves, as the app role sees them for one acting person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from google.protobuf.message import Message
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from rondetafel.audit.v1 import audit_pb2
from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.kit.database import Transaction
from services.kit.principal import Principal, PrincipalKind
from tests.harness import Person

Administrator = asyncpg.Connection
"""The database's superuser: what no wall stops."""

MESSAGES: dict[str, type[Message]] = {
    "signal.received": pb.SignalReceived,
    "case.proposed": pb.CaseChanged,
    "case.listed": pb.CaseChanged,
    "case.state_changed": pb.CaseChanged,
    "circle.changed": pb.CircleChanged,
    "contribution.shared": pb.ContributionShared,
}


@asynccontextmanager
async def transaction_of(person: Person) -> AsyncIterator[Transaction]:
    """A transaction of the app role for this person, in the cell the person addresses."""
    harness = person.cell.harness
    principal = Principal(PrincipalKind.PERSON, person.person_id, person.cell.cell_id, acr=2)
    async with harness.database.transaction(principal, harness.clock()) as transaction:
        yield transaction


@asynccontextmanager
async def as_actor(person: Person) -> AsyncIterator[AsyncSession]:
    """SQLAlchemy's session in such a transaction."""
    async with transaction_of(person) as transaction:
        yield transaction.session


BY_COLUMNS = {
    "question": "tenant_id, question_id, asker, state, asked_on, answered_on, closed_on, erased_on, version",
    "question_text": "tenant_id, question_id, question, asked_by, answer, became",
}
"""Tables that nobody reads as a whole: which transaction wrote a row would tell too much."""


async def rows(person: Person, table: str) -> Sequence[Row[Any]]:
    """The rows of a table this person sees."""
    async with as_actor(person) as session:
        return (await session.execute(text(f"SELECT {BY_COLUMNS.get(table, '*')} FROM {table}"))).all()


async def events_of(person: Person) -> dict[tuple[str, int], Any]:
    """The events of the person's cell by type and version, but what people are written about (`notices_of`)."""
    found = await person.cell.harness.database.unwalled(
        "SELECT type, payload FROM outbox WHERE tenant_id = $1 AND stream = 'event' AND type <> 'case.notice_asked'",
        person.cell.cell_id,
    )
    messages = [(row["type"], MESSAGES[row["type"]].FromString(row["payload"])) for row in found]
    events = {(name, getattr(message, "version", 0)): message for name, message in messages}
    assert len(events) == len(found), "two events of one type and version"
    return events


async def notices_of(person: Person) -> list[kit_pb2.NoticeAsked]:
    """What the directory was asked to write to people about in the person's cell, oldest first."""
    found = await person.cell.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'case.notice_asked' ORDER BY message_id",
        person.cell.cell_id,
    )
    return [kit_pb2.NoticeAsked.FromString(row["payload"]) for row in found]


async def records_of(person: Person, action: str) -> list[audit_pb2.AuditRecord]:
    """The audit records of one handler in the person's cell, oldest first."""
    found = await person.cell.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq",
        person.cell.cell_id,
    )
    records = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in found]
    return [record for record in records if record.action == action]


async def hold(person: Person, case_id: UUID) -> None:
    """The state a hold leaves behind; its command is not part of this service yet."""
    await pause(person, case_id, "ON_HOLD")


async def pause(person: Person, case_id: UUID, state: str) -> None:
    """A state of which no command is part of this service yet."""
    paused = "state" if state in ("ON_HOLD", "RESTRICTED") else "NULL"
    async with as_actor(person) as session:
        await session.execute(
            text(f"UPDATE case_frame SET paused_from = {paused}, state = :state WHERE case_id = :case"),
            {"case": case_id, "state": state},
        )
