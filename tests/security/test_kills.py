"""30 kills (-9) at random moments under load: what was acknowledged is stored, told and logged, once each.

A moment is a number of further acknowledgements, drawn with a fixed seed; no clock decides anything.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.caller import Caller, api_client
from deploy.local.keeper import Keeper
from deploy.local.platform import Platform
from deploy.local.ports import LOOPBACK, SERVICES, Ports, process_name
from deploy.local.service import Service
from deploy.local.together import together
from services.kit.errors import Unavailable
from tests.e2e.bodies import Pen
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.instances import UNHURRIED
from tests.patience import ANSWERED_WITHIN, HANGS_AFTER
from tests.security.journal import Journal, Kept, look, losses, settled

KILLS = 30
WORKERS = 4
DOUBLED = ("case", "partner_directory", "meeting", "audit")
"""The portal's clients go where it listens themselves: tests/kit/test_several_processes.py."""
VICTIMS = ("portal", "case", "partner_directory", "meeting", "audit", "nats", "postgres")
RETRYABLE = {500, 502, 503, 504}
AHEAD = 25
"""Acknowledgements for which the load of the thirty kills goes on while what was killed comes back, then it waits: more
would be more of the same. At each kill, and after it, every client has a request under way."""


class Load:
    """Clients that enter signals for ever; a request without an answer is repeated under its key until it has one.

    `ahead` is how many more may be acknowledged than somebody waited for.
    """

    def __init__(self, table: Table, journal: Journal, ahead: float = math.inf) -> None:
        self._table = table
        self._journal = journal
        self._moved = asyncio.Condition()
        self._ahead = ahead
        self._most = ahead
        self.repeated = 0
        """Requests that got no answer, or were refused for now, and were sent again."""
        self.stopping = False

    async def worker(self) -> None:
        """One client."""
        while not self.stopping:
            key = str(uuid4())
            signal_id = await self._until_acknowledged(key)
            self._journal.note(key, signal_id)
            async with self._moved:
                self._moved.notify_all()
                await self._moved.wait_for(lambda: self.stopping or len(self._journal.acknowledged) < self._most)

    async def _until_acknowledged(self, key: str) -> str:
        body = Pen().signal(self._table.nis_code)
        while True:
            try:
                answer = await self._table["nele"].send(
                    "POST", self._table.path("signals"), {"Idempotency-Key": key}, json=body
                )
            except (httpx.HTTPError, Unavailable):
                # Nobody answers; or the token is to be renewed while the sign-in service's database is killed.
                self.repeated += 1
                await asyncio.sleep(0.05)
                continue
            if answer.is_success:
                return str(answer.json()["id"])
            assert answer.status_code in RETRYABLE, answer.text
            self.repeated += 1
            await asyncio.sleep(0.05)

    async def acknowledged(self, more: int) -> None:
        """Returns after so many further acknowledgements."""
        goal = len(self._journal.acknowledged) + more
        async with self._moved, asyncio.timeout(HANGS_AFTER):
            self._most = goal + self._ahead
            self._moved.notify_all()
            await self._moved.wait_for(lambda: len(self._journal.acknowledged) >= goal)

    async def stop(self) -> None:
        """Those that wait go home; the others when they have their answer."""
        async with self._moved:
            self.stopping = True
            self._moved.notify_all()


@asynccontextmanager
async def doubled(platform: Platform) -> AsyncIterator[tuple[Mapping[str, Keeper], Ports]]:
    """A second process of each service, kept running, and where they listen: that portal asks both in turn."""
    own, more = platform.instance.ports, Ports.free()
    grpc = {process_name(name, 2): port for name, port in more.grpc.items()}
    metrics = {process_name(name, 2): port for name, port in more.metrics.items()}
    ports = replace(own, grpc={**own.grpc, **grpc}, metrics={**own.metrics, **metrics}, portal=more.portal)
    instance = replace(platform.instance, ports=ports)
    parts = {name: Service(name, instance, platform.postgres, platform.nats, UNHURRIED, 2) for name in SERVICES}
    keepers = {name: Keeper(part, lambda: None, print) for name, part in parts.items()}
    try:
        await together(*(keeper.start() for keeper in keepers.values()))
        yield keepers, ports
    finally:
        await together(*(keeper.stop() for keeper in keepers.values()))


async def entered(ports: Ports) -> bool | None:
    """Whether the second process of the case service has entered a signal since it was started."""
    async with httpx.AsyncClient(trust_env=False) as http:
        address = f"http://{LOOPBACK}:{ports.metrics[process_name('case', 2)]}/metrics"
        families = text_string_to_metric_families((await http.get(address, timeout=ANSWERED_WITHIN)).text)
    acts = (sample for family in families if family.name == "rondetafel_acts" for sample in family.samples)
    return any(act.labels.get("handler") == "enter_signal" and act.value > 0 for act in acts) or None


async def unharmed(platform: Platform, cell: str, journal: Journal) -> bool | None:
    """Whether all that was acknowledged is kept; else it says what is not."""
    lost = losses(journal, await look(platform, cell))
    print(*lost[:10], sep="\n")
    return lost == [] or None


async def settle(platform: Platform, cell: str) -> Kept:
    """What is kept once everything under way has arrived."""

    async def ask() -> Kept | None:
        kept = await look(platform, cell)
        return kept if settled(kept) else None

    return await until("outboxes empty and the log complete", ask)


async def test_nothing_acknowledged_is_lost_or_doubled_by_thirty_kills(platform: Platform, table: Table) -> None:
    journal = Journal()
    load = Load(table, journal, AHEAD)
    chance = random.Random(20261124)
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(KILLS)]
    chance.shuffle(victims)
    workers = [asyncio.create_task(load.worker()) for _ in range(WORKERS)]
    try:
        for victim in victims:
            await load.acknowledged(chance.randint(1, 12))
            platform.kill(victim)
            await platform.is_up(victim)
        await load.acknowledged(5)
    finally:
        await load.stop()
        await asyncio.gather(*workers)
    kept = await settle(platform, table.cell)
    print(f"{KILLS} kills, {len(journal.acknowledged)} acknowledged, {sum(kept.counted.values())} records")
    # What a killed process of the log had in hand comes again after half a minute; the new one is ahead until then.
    await until("nothing is lost or doubled", lambda: unharmed(platform, table.cell, journal))


async def test_what_a_second_process_of_a_service_does_the_first_goes_on_with(platform: Platform, table: Table) -> None:
    """Of each kill at most what was under way there is asked again; the killed one takes its share when it is back."""
    journal, chance = Journal(), random.Random(20261129)
    async with (
        doubled(platform) as (second, ports),
        api_client(replace(platform.instance, ports=ports).portal_url) as http,
    ):
        people = {name: Caller(http, caller.token) for name, caller in table.people.items()}
        load = Load(replace(table, people=people), journal)
        workers = [asyncio.create_task(load.worker()) for _ in range(WORKERS)]
        try:
            for victim in DOUBLED:
                await load.acknowledged(chance.randint(5, 12))
                before = load.repeated
                second[victim].kill()
                await second[victim].is_up()
                assert load.repeated - before <= WORKERS, f"more was lost than what the {victim} had in hand"
            await until("the second process of the case service takes its share again", lambda: entered(ports))
        finally:
            await load.stop()
            await asyncio.gather(*workers)
    # What the killed process of the log had in hand comes again after half a minute; the other is ahead until then.
    await until("nothing is lost or doubled", lambda: unharmed(platform, table.cell, journal))


@pytest.mark.parametrize("stream", ["audit", "event"])
async def test_the_checker_reports_one_lost_outbox_row(platform: Platform, table: Table, stream: str) -> None:
    journal = Journal()

    async def enter() -> None:
        key = str(uuid4())
        body = Pen().signal(table.nis_code)
        journal.note(key, (await table["nele"].post(table.path("signals"), body, key=key)).body["id"])

    await enter()
    assert losses(journal, await settle(platform, table.cell)) == []
    await platform.stop_server("nats")
    await enter()
    connection = await platform.postgres.connect("rondetafel_case")
    deleted = await connection.execute(
        "DELETE FROM outbox WHERE message_id = (SELECT message_id FROM outbox WHERE tenant_id = $1::uuid"
        " AND stream = $2 AND published_at IS NULL AND type IN ('signal.received', 'audit.record') LIMIT 1)",
        table.cell, stream,
    )  # fmt: skip
    await connection.close()
    assert deleted == "DELETE 1"
    await platform.start_server("nats")
    await enter()

    async def arrived() -> Kept | None:
        kept = await look(platform, table.cell)
        return kept if settled(kept) else None

    reported = losses(journal, await until("the rest arrived", arrived))
    assert len(reported) == 1
