"""A handler that was renamed keeps the name that records and repeats know."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import IdempotencyKeyReused
from services.kit.execute import Work
from services.kit.mandates import mandate_policy
from services.kit.outbox import Receipt
from services.kit.policy import Policy, Role, Rule, Verb
from tests.databases import Migrated
from tests.harness import Harness


@dataclass(frozen=True, slots=True)
class MoveThing:
    """The same under either name."""

    object_id: UUID


async def move_thing(work: Work, command: MoveThing) -> Receipt:
    """What it was called at first."""
    return Receipt(command.object_id, "MOVED", 1)


async def carry_thing(work: Work, command: MoveThing) -> Receipt:
    """What it is called now."""
    return Receipt(uuid4(), "CARRIED", 1)


async def drag_thing(work: Work, command: MoveThing) -> Receipt:
    """Another, that nobody told the former name."""
    return Receipt(uuid4(), "DRAGGED", 1)


_RULE = Rule(Verb.ALTER, roles=frozenset({Role.COORDINATOR}))
POLICY: Policy = {
    move_thing: _RULE,
    carry_thing: Rule(Verb.ALTER, roles=frozenset({Role.COORDINATOR}), action="move_thing"),
    drag_thing: _RULE,
    **mandate_policy("case"),
}


async def test_a_renamed_handler_is_recorded_and_repeats_under_its_former_name(
    servers: Servers, database: Migrated
) -> None:
    person = await (await Harness("case", database, POLICY).cell()).person(Role.COORDINATOR)
    moved = await person.run(move_thing, MoveThing(uuid4()), idempotency_key="before the upgrade")
    command = MoveThing(moved.id)
    assert await person.run(carry_thing, command, idempotency_key="before the upgrade") == moved
    with pytest.raises(IdempotencyKeyReused):
        await person.run(drag_thing, command, idempotency_key="before the upgrade")
    await person.run(carry_thing, command)
    connection: asyncpg.Connection = await servers.postgres.connect("rondetafel_case")
    rows = await connection.fetch(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq",
        person.cell.cell_id,
    )
    await connection.close()
    actions = [audit_pb2.AuditRecord.FromString(row["payload"]).action for row in rows]
    assert actions[-4:] == ["move_thing", "move_thing", "drag_thing", "move_thing"]
