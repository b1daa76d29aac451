"""Invariant 15, from door to door: when a mandate has ended, its holder reads nothing any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from deploy.local.platform import Platform
from tests.e2e.bodies import Pen
from tests.e2e.reading import reading
from tests.e2e.story import Story
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.pages.scene import PLANNED, played


async def test_invariant_15_a_read_is_refused_after_the_end_of_the_mandate(platform: Platform, table: Table) -> None:
    nele, an = table["nele"], table["an"]
    made = await nele.post(table.path("signals"), Pen().signal(table.nis_code))
    path = table.path(f"signals/{made.body['id']}")
    mandates = (await an.get(table.path("mandates"), page_size=50)).body["mandates"]
    mine = next(mandate for mandate in mandates if mandate["given_name"] == "Nele")
    async with reading(platform, nele, path) as reader:
        end = table.path(f"mandates/{mine['mandate_id']}/end")
        await an.post(end, {"reason": "left"}, if_match=f'"{mine["version"]}"')
        await reader.is_refused()
        assert (await an.get(path)).body["signal_id"] == made.body["id"], "the others read on"
    reader.check("the answer to the end of the mandate")


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


async def test_invariant_21_a_seat_with_a_conflict_of_interest_reads_the_case_nowhere(
    platform: Platform, table: Table
) -> None:
    """By a seat, where no invitation could be ended; once it is lifted the seat reads again."""
    story = await played(table, *PLANNED, Story.lieve_opens_it)
    lieve, an, case = table["lieve"], table["an"], table.path(f"cases/{story.case}")

    async def decides() -> bool:
        (point,) = (await lieve.get(table.path(f"sessions/{story.session}"))).body["items"]
        return "record_decision" in point["may"]

    assert await decides()
    await lieve.post(f"{case}/conflict", {})
    unknown = await lieve.send("GET", table.path(f"cases/{story.ids['sofie']}"))
    refused = await lieve.send("GET", case)
    assert (refused.status_code, refused.json()["code"]) == (404, unknown.json()["code"])
    await until("the meeting service hears who is kept out", lambda: _not(decides))
    told = await an.get(case)
    assert [(out["person_id"], out["may_lift"]) for out in told.body["kept_out"]] == [(story.ids["lieve"], True)]
    await an.post(f"{case}/kept-out/{story.ids['lieve']}/lift", {}, if_match=told.etag)
    assert (await lieve.get(case)).body["frame"]["case_id"] == story.case
    await until("the meeting service hears that it is lifted", lambda: _so(decides))


async def _not(question: Callable[[], Awaitable[bool]]) -> bool | None:
    return not await question() or None


async def _so(question: Callable[[], Awaitable[bool]]) -> bool | None:
    return await question() or None
