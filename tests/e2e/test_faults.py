"""Parts of the platform are away, one at a time: what goes on, what is refused and how, what recovers by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from deploy.local.caller import Caller
from deploy.local.platform import Platform
from tests.e2e.bodies import Pen
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.table import Table
from tests.e2e.waiting import until

UNPUBLISHED = "SELECT count(*) FROM outbox WHERE published_at IS NULL"


@pytest.fixture(scope="session")
def platform(storm: Platform) -> Platform:
    """The one of which parts may be stopped."""
    return storm


@pytest.fixture(scope="module")
async def table(platform: Platform) -> AsyncIterator[Table]:
    """One for all of them: each asks about signals of its own, and none changes who sits there."""
    async with table_of_the_pool(platform) as table:
        yield table


@asynccontextmanager
async def away(platform: Platform, part: str) -> AsyncIterator[None]:
    """The part is stopped inside, and started again whatever happens."""
    await platform.stop_server(part)
    try:
        yield
    finally:
        await platform.start_server(part)


async def enter_and_read(table: Table, name: str = "nele") -> str:
    """A signal entered and read back by its reporter; gives its id."""
    person = table[name]
    made = await person.post(table.path("signals"), Pen().signal(table.nis_code))
    read = await person.get(table.path(f"signals/{made.body['id']}"))
    assert read.body["signal_id"] == made.body["id"]
    return str(made.body["id"])


async def unpublished(platform: Platform, service: str = "case") -> int:
    """Outbox rows that are not in the stream yet."""
    connection = await platform.postgres.connect(f"rondetafel_{service}")
    try:
        return int(await connection.fetchval(UNPUBLISHED))
    finally:
        await connection.close()


async def logged(table: Table, signal: str, *actions: str) -> None:
    """Wait until the DPO finds these acts on the signal."""

    async def found() -> bool | None:
        answer = await table["tom"].send("GET", table.path("audit"), params={"object_id": signal, "page_size": 50})
        if answer.status_code != 200:
            assert_unavailable(answer)
            return None
        told = "".join(entry["leaf"] for entry in answer.json()["entries"])
        return all(f'"{action}"' in told for action in actions) or None

    await until(f"the log tells {', '.join(actions)} of the signal", found)


async def answers_again(person: Caller, path: str) -> None:
    """Wait until a read succeeds; until then nothing but Unavailable is answered."""

    async def well() -> bool | None:
        answer = await person.send("GET", path)
        if answer.status_code != 200:
            assert_unavailable(answer)
        return answer.status_code == 200 or None

    await until(f"{path} answers again", well)


def assert_unavailable(answer: httpx.Response) -> None:
    """503 as a problem document, with the time to wait."""
    assert answer.status_code in (503, 504), answer.text
    assert answer.json()["code"] == "Unavailable"
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_nats_away_work_goes_on_and_the_log_is_complete_afterwards(platform: Platform, table: Table) -> None:
    async with away(platform, "nats"):
        signals = [await enter_and_read(table) for _ in range(3)]
        assert await unpublished(platform) >= 2 * len(signals)

    async def drained() -> bool | None:
        return await unpublished(platform) == 0 or None

    await until("the outbox is drained", drained)
    for signal in signals:
        await logged(table, signal, "enter_signal", "read_signal")
    assert (await table["tom"].get(table.path("audit"))).body["findings"] == []


async def test_audit_service_away_work_goes_on_and_the_log_catches_up(platform: Platform, table: Table) -> None:
    async with away(platform, "audit"):
        signal = await enter_and_read(table)
        assert_unavailable(await table["tom"].send("GET", table.path("audit")))
    await logged(table, signal, "enter_signal", "read_signal")


async def test_directory_away_first_nothing_then_unavailable_then_as_before(platform: Platform, table: Table) -> None:
    signal = await enter_and_read(table)
    nele, path = table["nele"], table.path(f"signals/{signal}")
    stopping = asyncio.create_task(platform.stop_server("partner_directory"))
    try:

        async def refused() -> httpx.Response | None:
            """What was heard within a second is good enough until then."""
            answer = await nele.send("GET", path)
            return answer if answer.status_code != 200 else None

        assert_unavailable(await until("the directory is missed", refused))
        entering = {"headers": {"Idempotency-Key": "while-away"}, "json": Pen().signal(table.nis_code)}
        assert_unavailable(await nele.send("POST", table.path("signals"), **entering))
        await stopping
    finally:
        await platform.start_server("partner_directory")
    await answers_again(nele, path)


async def test_postgresql_away_is_unavailable_and_all_recover_by_themselves(platform: Platform, table: Table) -> None:
    signal = await enter_and_read(table)
    nele, path = table["nele"], table.path(f"signals/{signal}")
    processes = {service.name: service.process.pid for service in platform.services}
    async with away(platform, "postgres"):
        assert_unavailable(await nele.send("GET", path))
        entering = {"headers": {"Idempotency-Key": "while-away"}, "json": Pen().signal(table.nis_code)}
        assert_unavailable(await nele.send("POST", table.path("signals"), **entering))
    await answers_again(nele, path)
    await logged(table, await enter_and_read(table), "enter_signal")
    assert {service.name: service.process.pid for service in platform.services} == processes


async def test_keycloak_away_who_is_signed_in_goes_on(platform: Platform, table: Table) -> None:
    for name in ("nele", "tom"):
        await table[name].get("/me")
    async with away(platform, "keycloak"):
        await logged(table, await enter_and_read(table), "enter_signal", "read_signal")


@pytest.mark.parametrize("part", ["case", "portal"])
async def test_a_crashed_service_is_back_and_nothing_acknowledged_is_lost(
    platform: Platform, table: Table, part: str
) -> None:
    signal = await enter_and_read(table)
    platform.kill(part)
    await platform.is_up(part)
    assert (await table["nele"].get(table.path(f"signals/{signal}"))).body["signal_id"] == signal
    await logged(table, signal, "enter_signal")
