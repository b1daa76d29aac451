"""What HTTP itself promises, over pages and API alike: HEAD, packing, and by what an answer varies (RFC 9110)."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.head import HeadAsGet
from services.portal.web.request.packed import PAGE_VARIES
from services.portal.web.ui.assets import STATIC
from tests.patience import HANGS_AFTER
from tests.portal.backends import Backends
from tests.portal.conftest import Front, Told

CHANGING = {"x-trace-id", "content-length"}
"""What is another at each asking: the trace, and the length of a page that names it."""


async def shown(front: Front, backends: Backends) -> list[str]:
    """Addresses of pages and of the API, of each kind of answer."""
    mine = directory_pb.MyCell(
        cell_id=str(front.cell), name="Vaartbeke", roles=["coordinator"], undertaking_accepted=True
    )
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=[mine])
    backends.answers["ReadTable"] = directory_pb.Table(cell=mine)
    await front.sign_in()
    api = f"/api/v1/cells/{front.cell}"
    return ["/", "/help", "/me", "/elsewhere", "/signout", "/api/v1/me", f"{api}/cases", f"{api}/nothing"]


async def test_head_answers_as_get_does_but_for_the_body(front: Front, backends: Backends) -> None:
    """It asks the services what GET asks them, so that the log has the same record of it."""
    for path in await shown(front, backends):
        answers, asked = [], []
        for method in ("GET", "HEAD"):
            backends.calls.clear()
            answers.append(await front.client.request(method, path, headers={"accept-encoding": "identity"}))
            asked.append(sorted(call.method for call in backends.calls))
        got, head = answers
        assert (head.status_code, head.content) == (got.status_code, b""), path
        said = [{name: of for name, of in answer.headers.items() if name not in CHANGING} for answer in answers]
        assert said[0] == said[1], path
        assert ("content-length" in head.headers) == ("content-length" in got.headers), path
        assert asked[0] == asked[1], path


async def test_head_of_an_asset_has_its_length(front: Front) -> None:
    address = front.web.renderer.assets.address("rondetafel.css")
    for encoding in ("identity", "gzip"):
        got, head = [
            await front.client.request(method, address, headers={"accept-encoding": encoding})
            for method in ("GET", "HEAD")
        ]
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-length", "content-encoding", "vary", "cache-control", "content-type"):
            assert head.headers.get(name) == got.headers.get(name)


async def test_what_needs_a_post_is_not_done_by_head(front: Front, told: Told) -> None:
    await front.sign_in()
    assert (await front.client.head("/signout")).status_code == 404
    assert (await front.client.get("/api/v1/me")).status_code == 200
    assert await told.ended() == 0


async def test_head_of_what_never_ends_ends(front: Front) -> None:
    """The app is told that nobody listens, and stops by itself."""
    sent: list[dict[str, Any]] = []

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        assert scope["method"] == "GET"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            await send({"type": "http.response.body", "body": b"still here", "more_body": True})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async with asyncio.timeout(HANGS_AFTER):
        await HeadAsGet(endless)({"type": "http", "method": "HEAD"}, receive, send)
    assert [(message["type"], message.get("body"), message.get("more_body")) for message in sent] == [
        ("http.response.start", None, None),
        ("http.response.body", b"", False),
    ]


async def test_every_page_says_by_what_it_varies(front: Front, backends: Backends) -> None:
    for path in await shown(front, backends):
        for encoding in ("identity", "gzip"):
            answer = await front.client.get(path, headers={"accept-encoding": encoding})
            page = answer.headers["content-type"].startswith("text/html")
            assert answer.headers.get("vary") == (PAGE_VARIES if page else None), path
    style = await front.client.get(front.web.renderer.assets.address("rondetafel.css"))
    assert style.headers["vary"] == "accept-encoding"


async def test_what_is_kept_may_do_nothing_by_itself(front: Front) -> None:
    """A picture opened alone is a page that may hold a script; what guards pages alone does not travel with files."""
    page = (await front.client.get("/help")).headers
    picture = (await front.client.get(front.web.renderer.assets.address("icons.svg"))).headers
    assert "script-src 'self'" in page["content-security-policy"]
    assert picture["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert {"permissions-policy", "referrer-policy"} <= set(page) - set(picture)
    for headers in (page, picture):
        assert (headers["x-content-type-options"], headers["cross-origin-resource-policy"]) == (
            "nosniff",
            "same-origin",
        )


async def test_scripts_travel_without_their_comments(front: Front) -> None:
    script = await front.client.get(front.web.renderer.assets.address("live.js"))
    assert any(line.strip().startswith("//") for line in (STATIC / "live.js").read_text().splitlines())
    assert not [line for line in script.text.splitlines() if line.startswith(("//", " ")) or not line]
    assert "hurry(" in script.text


@pytest.mark.parametrize(
    ("encoding", "packed"), [("gzip", True), ("*", True), ("gzip;q=0", False), ("gzip; q=0.0, *", False), ("br", False)]
)
async def test_pages_and_assets_are_packed_for_who_takes_it(front: Front, encoding: str, packed: bool) -> None:
    for address in ("/help", front.web.renderer.assets.address("rondetafel.css")):
        async with front.client.stream("GET", address, headers={"accept-encoding": encoding}) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
        assert raw[:2] == gzip.compress(b"")[:2] if packed else raw.lstrip()[:1] in (b"<", b"@", b":", b"/")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("fr; q=0.8, nl; q=0.1", "fr"),
        ("nl;q=0, de;q=0.1", "de"),
        ("fr-BE, nl;q=0.9", "fr"),
        ("*", "nl"),
        (";q=,\t", "nl"),
    ],
)
async def test_a_page_comes_in_the_language_that_is_wanted(front: Front, wanted: str, language: str) -> None:
    page = await front.client.get("/help", headers={"accept-language": wanted})
    assert f'<html lang="{language}"' in page.text
