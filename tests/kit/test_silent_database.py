"""PostgreSQL over connections that silently carry nothing any more: an act ends, may be repeated, and all goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import cast
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.errors import Unavailable
from services.kit.patience import Queries
from services.kit.policy import DatabaseRole
from services.kit.relay import Relay
from tests.background import running
from tests.databases import Migrated
from tests.harness import Cell, Harness, Person
from tests.kit.things import POLICY, Dwell, ReadScope, TouchThing, coordinator, dwell, read_scope, records, touch_thing
from tests.silence import WAIT_SECONDS, Way, way_to

PATIENT = Queries(WAIT_SECONDS, WAIT_SECONDS, WAIT_SECONDS, WAIT_SECONDS, WAIT_SECONDS, WAIT_SECONDS)


@dataclass
class Service:
    """A service whose way to its database may fall silent; `person` acts there."""

    way: Way
    person: Person

    async def act(self, key: str | None = None) -> object:
        return await self.person.run(touch_thing, TouchThing(uuid4()), idempotency_key=key)

    async def acts_again(self) -> None:
        """Without anybody's help; each try until then is Unavailable."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                try:
                    await self.act()
                except Unavailable:
                    continue
                return


@pytest.fixture
async def way(servers: Servers) -> AsyncIterator[Way]:
    async with way_to(servers.postgres.port) as way:
        yield way


def over(way: Way, servers: Servers, role: str) -> str:
    """The address of the case service's database, over that way."""
    host, _, port = way.target.partition(":")
    url = servers.postgres.database_url("case", role)
    there = f"host={quote(str(servers.postgres.socket_directory))}&port={servers.postgres.port}"
    assert there in url
    return url.replace(there, f"host={host}&port={port}")


@asynccontextmanager
async def service(way: Way, servers: Servers, database: Migrated, patience: Queries) -> AsyncIterator[Service]:
    """A person there has acted: the rightful one succeeds, over one connection."""
    person = await coordinator(Harness("case", database, POLICY))
    silent = Database({DatabaseRole.APP: over(way, servers, "app")}, size=4, patience=patience)
    harness = Harness("case", cast("Migrated", silent), POLICY)
    own = replace(person, cell=Cell(harness, person.cell.cell_id, person.cell.nis_codes))
    service = Service(way, own)
    await service.act()
    assert way.made == 1
    try:
        yield service
    finally:
        await silent.close()


async def test_idle_connections_that_lead_nowhere_cost_no_act(way: Way, servers: Servers, database: Migrated) -> None:
    """The first notices, all are dropped, and it goes on: nothing was done yet."""
    async with service(way, servers, database, replace(PATIENT, begin_seconds=2)) as there:
        await asyncio.gather(*(there.act() for _ in range(3)))
        before = way.made
        way.forget()
        await there.act()
        assert way.made == before + 1
        await asyncio.gather(*(there.act() for _ in range(3)))


async def test_an_act_in_the_middle_of_which_all_falls_silent_is_unavailable(
    way: Way, servers: Servers, database: Migrated, administrator: asyncpg.Connection
) -> None:
    async with service(way, servers, database, replace(PATIENT, statement_seconds=1)) as there:
        inside, leave = asyncio.Event(), asyncio.Event()
        acting = asyncio.create_task(there.person.run(dwell, Dwell(inside, leave)))
        await inside.wait()
        way.forget()
        leave.set()
        with pytest.raises(Unavailable) as ended:
            await acting
        assert (ended.value.code, ended.value.retry_after) == ("Unavailable", 2)
        await there.acts_again()
        assert await records(administrator, there.person.cell.cell_id, "dwell") == []


@pytest.mark.parametrize("committed", [True, False])
async def test_an_act_of_which_nobody_knows_whether_it_was_committed_may_be_repeated(
    way: Way, servers: Servers, database: Migrated, administrator: asyncpg.Connection, *, committed: bool
) -> None:
    """With the same key it has its effect once, and answers the same: whether its COMMIT arrived or was lost.

    Where it was lost, its transaction stays open with all its locks until PostgreSQL ends what was abandoned.
    """
    async with service(way, servers, database, replace(PATIENT, statement_seconds=2, abandoned_seconds=2)) as there:
        thing, cell_id = TouchThing(uuid4()), there.person.cell.cell_id
        before = await records(administrator, cell_id, "touch_thing")
        way.forget_at(b"COMMIT", heard=committed)
        with pytest.raises(Unavailable):
            await there.person.run(touch_thing, thing, idempotency_key="once")
        direct = replace(there.person, cell=Cell(Harness("case", database, POLICY), cell_id, ()))
        receipt = await direct.run(touch_thing, thing, idempotency_key="once")
        assert await direct.run(touch_thing, thing, idempotency_key="once") == receipt
        new = (await records(administrator, cell_id, "touch_thing"))[len(before) :]
        assert [record.detail.get("repeat") for record in new] == [None, *(["yes"] * (1 + committed))]
        told = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND type = 'thing.touched'"
        assert await administrator.fetchval(told, cell_id) == len(before) + 1


async def test_where_new_connections_hang_too_an_act_is_unavailable_until_they_do_not(
    way: Way, servers: Servers, database: Migrated
) -> None:
    async with service(way, servers, database, replace(PATIENT, connect_seconds=1, begin_seconds=1)) as there:
        way.forget()
        way.hanging = True
        with pytest.raises(Unavailable):
            await there.act()
        assert way.made == 2
        way.hanging = False
        await there.acts_again()


async def connected(servers: Servers) -> Bus:
    """The case service's way to NATS."""
    bus = Bus(servers.instance.nats_url, servers.nats.seed_file("case"), "case")
    await bus.connect_for_ever()
    return bus


async def told_until_done(told: Callable[[], Awaitable[None]]) -> None:
    """As the log tells: again while it is Unavailable."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            with suppress(Unavailable):
                return await told()


@pytest.mark.parametrize("word", [None, b"COMMIT"])
async def test_the_relay_goes_on(
    way: Way, servers: Servers, database: Migrated, administrator: asyncpg.Connection, word: bytes | None
) -> None:
    """Silent while it is idle, or in the middle of what it carries: then it is carried again."""
    harness = Harness("case", database, POLICY)
    await database.forget_untold()
    person, bus = await coordinator(harness), await connected(servers)
    patience = replace(PATIENT, unattended_seconds=1, abandoned_seconds=2)
    relay = Relay(over(way, servers, "relay"), bus, "case", harness.seals, patience=patience)

    async def carried() -> None:
        await person.run(read_scope, ReadScope(TouchThing(uuid4())))
        relay.wake()
        query = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND published_at IS NULL"
        async with asyncio.timeout(WAIT_SECONDS):
            while await administrator.fetchval(query, person.cell.cell_id):
                await asyncio.sleep(0.02)

    try:
        async with running(relay.run()):
            await carried()
            before = way.made
            if word is None:
                way.forget()
            else:
                way.forget_at(word, heard=False)
            await carried()
            assert way.made > before
            height = await administrator.fetchrow(
                "SELECT epoch, seq FROM producer_height WHERE tenant_id = $1", person.cell.cell_id
            )
            assert height is not None
        confirmed = partial(relay.merged, person.cell.cell_id, height["epoch"], height["seq"])
        # Nobody else is at work any more: the connection this one leaves behind is the next one's.
        await told_until_done(confirmed)
        way.forget()
        with pytest.raises(Unavailable):
            await confirmed()
        await told_until_done(confirmed)
    finally:
        await relay.close()
        await bus.close()
