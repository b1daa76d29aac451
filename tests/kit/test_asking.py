"""What a handler asks from outside: never inside its transaction, never for who is refused."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, RoleMissing, Unavailable
from services.kit.policy import Role
from tests.databases import Migrated
from tests.harness import Harness
from tests.kit.things import (
    POLICY,
    NameThing,
    ThingClosed,
    TouchThing,
    WhoIs,
    coordinator,
    name_thing,
    records,
    touch_thing,
)


@pytest.fixture
def harness(database: Migrated) -> Harness:
    return Harness("case", database, POLICY)


@pytest.mark.usefixtures("database")
async def test_what_is_asked_from_outside_is_asked_without_a_transaction(
    servers: Servers, administrator: asyncpg.Connection
) -> None:
    """With one connection alone: an answerer that needs one would wait for ever."""
    database = Migrated(servers, "case", size=1)
    harness = Harness("case", database, POLICY)
    person, asked = await coordinator(harness), []

    async def answer(question: WhoIs) -> str:
        asked.append(question.email)
        await person.run(touch_thing, TouchThing(uuid4()))
        return question.email.upper()

    harness.executor.answerers = {WhoIs: answer}
    receipts = [await person.run(name_thing, NameThing(("an", "jo", "an")), idempotency_key="k") for _ in range(2)]
    assert (receipts[0], receipts[0].state) == (receipts[1], "AN,JO,AN")
    assert asked == ["an", "jo"]
    first, repeat = await records(administrator, person.cell.cell_id, "name_thing")
    assert ("repeat" in first.detail, repeat.detail["repeat"]) == (False, "yes")
    told = await administrator.fetchval(
        "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND type = 'thing.touched'", person.cell.cell_id
    )
    assert told == len(asked) + 1
    await database.close()


async def test_nobody_is_asked_for_a_refused_command(harness: Harness, administrator: asyncpg.Connection) -> None:
    person, asked, failure = await coordinator(harness), [], Unavailable()

    async def answer(question: WhoIs) -> str:
        asked.append(question.email)
        if question.email == "away":
            raise failure
        return question.email

    harness.executor.answerers = {WhoIs: answer}
    assert await person.run(name_thing, NameThing(("an",)))
    with pytest.raises(ThingClosed):
        await person.run(name_thing, NameThing(("jo",), fails=True))
    participant = await person.cell.person(Role.PARTICIPANT)
    with pytest.raises(RoleMissing):
        await participant.run(name_thing, NameThing(("jo",)))
    with pytest.raises(Unavailable):
        await person.run(name_thing, NameThing(("away",)))
    assert asked == ["an", "away"]
    outcomes = [record.outcome for record in await records(administrator, person.cell.cell_id, "name_thing")]
    assert outcomes == ["allow", "error", "deny"]


async def test_a_handler_that_asks_without_end_is_stopped(harness: Harness) -> None:
    person = await coordinator(harness)

    async def answer(question: WhoIs) -> str:
        return question.email

    harness.executor.answerers = {WhoIs: answer}
    assert (await person.run(name_thing, NameThing(("a", "b", "c")))).state == "a,b,c"
    with pytest.raises(RuntimeError):
        await person.run(name_thing, NameThing(("a", "b", "c", "d")))


async def test_invariant_15_a_mandate_that_ends_while_somebody_outside_thinks_gives_nothing(harness: Harness) -> None:
    person = await coordinator(harness)

    async def at_once(question: WhoIs) -> str:
        return question.email

    async def slowly(question: WhoIs) -> str:
        harness.clock.advance(days=366)
        return question.email

    harness.executor.answerers = {WhoIs: at_once}
    assert await person.run(name_thing, NameThing(("an",)))
    harness.executor.answerers = {WhoIs: slowly}
    with pytest.raises(CellNotFound):
        await person.run(name_thing, NameThing(("an",)))
