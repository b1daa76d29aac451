"""Invariant 15, from door to door: when a mandate has ended, its holder reads nothing any more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.msg import Msg

from deploy.local.caller import Caller
from deploy.local.platform import Platform
from rondetafel.kit.v1 import kit_pb2
from services.kit.catalogue import beat_subject
from tests.e2e.bodies import Pen
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.pages.scene import PLANNED, played


async def test_invariant_15_a_read_is_refused_after_the_end_of_the_mandate(platform: Platform, table: Table) -> None:
    nele, an = table["nele"], table["an"]
    made = await nele.post(table.path("signals"), Pen().signal(table.nis_code))
    path = table.path(f"signals/{made.body['id']}")
    mandates = (await an.get(table.path("mandates"), page_size=50)).body["mandates"]
    mine = next(mandate for mandate in mandates if mandate["given_name"] == "Nele")
    reads: list[tuple[float, int]] = []
    async with reading(nele, path, reads), heartbeats(platform) as beats:
        await until_read(reads, beats)
        before = beats[-1]
        end = table.path(f"mandates/{mine['mandate_id']}/end")
        await an.post(end, {"reason": "left"}, if_match=f'"{mine["version"]}"')
        ended = time.monotonic()
        # The beat that names the new fact, and one more: at the second all have heard the first.
        while len([beat for beat in beats if beat != before]) < 2:
            await asyncio.sleep(0.01)
        settled = time.monotonic()
        refused = await nele.send("GET", path)
        assert refused.status_code == 404
        assert (await an.get(path)).body["signal_id"] == made.body["id"], "the others read on"
    assert [status for began, status in reads if began > settled] == [404] * len([1 for at, _ in reads if at > settled])
    first = next(began for began, status in reads if status == 404)
    print(f"\nThe first refused read began {1000 * (first - ended):.0f} ms after the answer to the end of the mandate")


async def test_invariant_15_whoever_left_a_circle_reads_it_nowhere(platform: Platform, table: Table) -> None:
    """The case service refuses at once; the meeting service, told of the circle, closes the point of the session."""
    story = await played(table, *PLANNED)
    sofie, an, case = table["sofie"], table["an"], table.path(f"cases/{story.case}")
    point = table.path(f"sessions/{story.session}")

    async def closed() -> bool | None:
        return (await sofie.get(point)).body["items"][0]["case_id"] != story.case or None

    assert not await closed()
    found = await an.get(case)
    entry = next(entry for entry in found.body["circle"] if entry["person_id"] == story.ids["sofie"])
    assert entry["opened"] is True
    await an.post(f"{case}/circle/{entry['entry_id']}/end", {"reason": "conflict_of_interest"}, if_match=found.etag)
    assert (await sofie.send("GET", case)).status_code == 404
    unknown = await sofie.send("GET", table.path(f"cases/{story.ids['sofie']}"))
    assert (await sofie.send("GET", case)).json()["code"] == unknown.json()["code"]
    await until("the meeting service hears who left the circle", closed)
    told = (await an.get(case)).body
    assert [past["person_id"] for past in told["ended_invitations"]] == [story.ids["sofie"]]
    shared = {written["author_id"] for written in told["contributions"]}
    assert story.ids["sofie"] in shared, "what was shared stays"


@asynccontextmanager
async def reading(person: Caller, path: str, reads: list[tuple[float, int]]) -> AsyncIterator[None]:
    """Somebody reads all the time; each read is noted with the moment it began."""

    async def read_on() -> None:
        while True:
            began = time.monotonic()
            reads.append((began, (await person.send("GET", path)).status_code))

    reader = asyncio.create_task(read_on())
    try:
        yield
        assert not reader.done()
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


async def until_read(reads: list[tuple[float, int]], beats: list[bytes]) -> None:
    """Wait for the first read, which succeeds, and the first heartbeat."""
    while not (reads and beats):
        await asyncio.sleep(0.01)
    assert reads[0][1] == 200


@asynccontextmanager
async def heartbeats(platform: Platform) -> AsyncIterator[list[bytes]]:
    """The numbers of the directory's heartbeats, as any service hears them."""
    beats: list[bytes] = []

    async def heard(message: Msg) -> None:
        beats.append(kit_pb2.Envelope.FromString(message.data).payload)

    client = await platform.nats.connect("case")
    await client.subscribe(beat_subject(), cb=heard)
    try:
        yield beats
    finally:
        await client.close()
