"""Invariant 15, from door to door: when the turn of a deputy is over, the deputy reads nothing any more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx

from deploy.local.browser import Browser
from deploy.local.code_flow import CodeFlow
from deploy.local.platform import Platform
from tests.e2e.deputies import Turn, turn
from tests.e2e.reading import reading
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.pages.scene import PLANNED, played
from tests.patience import HANGS_AFTER


async def test_invariant_15_a_deputy_is_refused_once_the_holder_is_back_streams_included(
    platform: Platform, table: Table
) -> None:
    story = await played(table, *PLANNED)
    async with turn(platform, table) as at_work, listening(platform, table, at_work, story.session) as over:
        async with reading(platform, at_work.deputy, at_work.signal) as reader:
            assert not over.done()
            back = table.path(f"absences/{at_work.absence.body['id']}/end")
            await table["joris"].post(back, {}, if_match=at_work.absence.etag)
            await reader.is_refused()
            closed = await asyncio.wait_for(over, HANGS_AFTER)
        assert (await table["an"].get(at_work.signal)).body["signal_id"], "the others read on"
    reader.check("the answer to the holder's return")
    print(f"The open stream ended {1000 * (closed - reader.ended):.0f} ms after it")


async def test_invariant_15_the_clock_of_the_directory_ends_a_deputys_turn_everywhere(
    platform: Platform, table: Table
) -> None:
    """The absence is moved to its end in the directory alone: what the case service does then, it was told."""
    async with turn(platform, table) as at_work:
        assert (await at_work.deputy.send("GET", at_work.signal)).status_code == 200
        connection = await platform.postgres.connect("rondetafel_partner_directory")
        try:
            async with connection.transaction():
                await connection.execute(
                    "UPDATE absence SET ends_at = now() WHERE absence_id = $1", UUID(at_work.absence.body["id"])
                )
                moved = "UPDATE term SET due_at = now(), next_at = now() WHERE kind = 'deputy' AND object_id = $1"
                assert await connection.execute(moved, UUID(at_work.mandate_id)) == "UPDATE 1"

            async def told() -> bool | None:
                return (await at_work.deputy.send("GET", at_work.signal)).status_code == 404 or None

            await until("the case service is told that the turn is over", told)
        finally:
            await connection.close()
        assert (await table["an"].get(at_work.signal)).body["signal_id"], "the others read on"


@asynccontextmanager
async def listening(
    platform: Platform, table: Table, at_work: Turn, session: str
) -> AsyncIterator[asyncio.Future[float]]:
    """The deputy's open page of a session listens; the moment at which its stream has ended, and is refused anew."""
    portal = platform.instance.portal_url
    async with Browser() as browser:
        await CodeFlow(platform.instance).sign_in_at_portal(browser, portal, at_work.account)
        stream, begun = f"{portal}/events?of={table.cell}/{session}", asyncio.Event()

        async def listen() -> float:
            async with httpx.AsyncClient(trust_env=False, timeout=HANGS_AFTER) as http:
                while True:
                    request = http.build_request("GET", stream)
                    browser.cookies.set_cookie_header(request)
                    answer = await http.send(request, stream=True)
                    if answer.status_code != httpx.codes.OK:
                        await answer.aclose()
                        return time.monotonic()
                    wait = 0.0
                    async for said in answer.aiter_lines():
                        begun.set()
                        wait = float(said.removeprefix("retry:")) / 1000 if said.startswith("retry:") else wait
                    await asyncio.sleep(wait)

        task = asyncio.ensure_future(listen())
        try:
            await asyncio.wait_for(begun.wait(), HANGS_AFTER)
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
