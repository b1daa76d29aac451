"""After the moment of sign-out nothing stays on the screen: how a page knows that moment, and where it goes then."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx

from tests.portal.backends import Backends
from tests.portal.conftest import Front, csrf_of
from tests.portal.tables import sit

MOMENT = re.compile(r'<noscript><meta http-equiv="refresh" content="(\d+);url=([^"]+)"></noscript>')
OF_THE_SCRIPT = re.compile(r'data-left="(\d+)" data-who="([0-9a-f]+)"')


async def left(front: Front) -> dict[str, object]:
    answer = await front.client.get("/signin/left")
    assert answer.status_code == 200
    told: dict[str, object] = answer.json()
    return told


async def test_a_page_knows_the_moment_with_and_without_script(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    page = await front.client.get(path)
    moment, scripted = MOMENT.search(page.text), OF_THE_SCRIPT.search(page.text)
    assert moment
    assert scripted
    assert moment.groups() == (str(30 * 60 + 5), f"/signin/over?to={path}")
    assert scripted.groups() == (str(30 * 60), (await left(front))["who"])


async def test_a_public_page_does_not_go_away(front: Front) -> None:
    for path in ("/", "/help", "/help/privacy", "/nothing"):
        page = await front.client.get(path)
        assert "refresh" not in page.text
        assert "data-left" not in page.text
    await front.sign_in()
    assert MOMENT.search((await front.client.get("/help/privacy")).text)


async def test_to_ask_renews_nothing(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    await front.client.get(path)
    front.advance(minutes=20)
    assert (await left(front))["left"] == 10 * 60
    assert (await front.client.get("/signin/over", params={"to": path})).status_code == 200
    assert (await left(front))["left"] == 10 * 60
    await front.client.get(path)
    assert (await left(front))["left"] == 30 * 60, "looking at a page does renew it"
    front.advance(minutes=30)
    assert await left(front) == {"left": 0, "who": ""}


async def test_who_is_signed_in_is_told_apart(front: Front) -> None:
    await front.sign_in()
    first = (await left(front))["who"]
    front.keycloak.sid = str(uuid4())
    await front.sign_in()
    assert (await left(front))["who"] == first, "the same person, anew"
    front.keycloak.subject, front.keycloak.sid = "another-subject", str(uuid4())
    await front.sign_in()
    assert (await left(front))["who"] not in (first, "")


async def over(front: Front, to: str) -> httpx.Response:
    return await front.client.get("/signin/over", params={"to": to})


async def test_when_it_is_over_one_reads_so_and_comes_back(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    assert (await over(front, path)).status_code == 200
    front.advance(minutes=31)
    answer = await over(front, path)
    assert answer.status_code == 303
    page = await front.client.get(answer.headers["location"])
    assert "Je bent afgemeld omdat er een tijd niets gebeurde." in page.text
    assert f'name="to" value="{path}"' in page.text
    kept = await front.client.get((await over(front, f"{path}?draft={uuid4()}")).headers["location"])
    assert "Wat je schreef, is bewaard" in kept.text
    assert (await over(front, "https://elsewhere.test/")).headers["location"] == "/?to=%2F&over=1"


async def test_signed_in_by_another_page_one_goes_on_by_oneself(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    page = await over(front, path)
    assert "Deze pagina werd afgedekt" in page.text
    assert f'href="{path}"' in page.text
    await front.client.post("/signout", data={"csrf_token": await csrf_of(front)})
    assert (await over(front, path)).status_code == 303
