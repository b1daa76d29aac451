"""The gate as a proxy: what passes as it is, what does not, and what it says when Keycloak is away."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from services.gate.app import Gate
from services.gate.device import Devices
from services.gate.headers import Callers, Public
from services.gate.pages import Pages
from services.gate.routes import LOOK, Routes
from services.gate.slowing import Slowing
from services.gate.steps import Steps
from services.gate.upstream import Upstream
from services.kit.grid import Grid
from services.kit.http import BodyLimit, Caught, HttpServer
from tests.gate.conftest import SIGN_IN, Scene, serving, session

REALM = "/realms/rondetafel"
PUBLIC = Public.of("https://signin.example/realms/rondetafel")


def gate_before(url: str, pages: Pages) -> BodyLimit:
    steps = Steps(Slowing(), Devices(b"k" * 32), Grid(0.001))
    return BodyLimit(Gate(Routes("rondetafel"), PUBLIC, Callers([]), Upstream(url), pages, steps))


async def test_what_is_not_on_the_list_is_not_there_and_nobody_is_asked(scene: Scene) -> None:
    async with scene.browser() as browser:
        assert (await browser.get(SIGN_IN)).status_code == 200
        before = len(scene.behind.asked)
        for path in ("/", "/admin/", "/realms/master", f"{REALM}/account", f"{SIGN_IN}&auth_session_id=x"):
            answer = await browser.get(path)
            assert answer.status_code == 404
            assert answer.json()["code"] == "NotFound"
        assert (await browser.request("PUT", SIGN_IN)).status_code == 404
    assert len(scene.behind.asked) == before


async def test_keycloak_hears_the_public_address_whatever_the_client_says(scene: Scene) -> None:
    lies = {
        "host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher",
        "x-forwarded-for": "8.8.8.8", "forwarded": "for=8.8.8.8;host=evil.example", "x-forwarded-prefix": "/evil",
    }  # fmt: skip
    async with scene.browser("127.0.0.9") as browser:
        assert (await browser.get(SIGN_IN, headers=lies)).status_code == 200
    _, _, heard, _ = scene.behind.asked[-1]
    assert heard["host"] == heard["x-forwarded-host"] == "signin.example"
    assert (heard["x-forwarded-proto"], heard["x-forwarded-for"]) == ("https", "127.0.0.9")
    assert "evil" not in str(heard)


async def test_cookies_come_back_one_by_one_and_no_cookie_of_one_person_goes_out_for_another(scene: Scene) -> None:
    async with scene.browser() as one, scene.browser() as other:
        answer = await one.get(SIGN_IN, headers=session("one"))
        assert answer.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2; Path=/"]
        await other.get(SIGN_IN)
    assert "AUTH_SESSION_ID" in scene.behind.asked[0][2]["cookie"]
    assert "cookie" not in scene.behind.asked[1][2]


async def test_a_body_of_more_than_a_mebibyte_is_not_taken_in(scene: Scene) -> None:
    async with scene.browser() as browser:
        small = await browser.post(f"{REALM}/protocol/openid-connect/token", content=b"x" * 1000)
        assert small.status_code == 200
    reader, writer = await asyncio.open_connection("127.0.0.1", int(scene.url.rpartition(":")[2]))
    writer.write(f"POST {REALM}/protocol/openid-connect/token HTTP/1.1\r\nhost: x\r\n".encode())
    writer.write(b"content-length: 1100000\r\n\r\n")
    assert b" 413 " in await reader.readline()
    writer.close()
    assert len(scene.behind.asked) == 1


async def test_head_has_the_head_of_get_and_begins_nothing(scene: Scene) -> None:
    async with scene.browser() as browser:
        for path in (f"{REALM}/login-actions/detached-info", f"{REALM}/protocol/openid-connect/certs"):
            got, head = await browser.get(path), await browser.head(path)
            assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
            assert head.headers["content-type"] == got.headers["content-type"]
        assert [method for method, *_ in scene.behind.asked] == ["GET", "HEAD"] * 2
        link = f"{REALM}/login-actions/action-token?key=x"
        assert (await browser.head(link)).status_code == 404
        assert len(scene.behind.asked) == 4, "a link that is only looked at stays good"
        assert (await browser.get(link)).status_code == 200


async def test_what_is_no_page_flows_through_as_it_comes(pages: Pages) -> None:
    go_on = asyncio.Event()

    async def slowly(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-encoding", b"gzip")]})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await go_on.wait()
        await send({"type": "http.response.body", "body": b"second"})

    async with (
        serving(HttpServer(slowly, "127.0.0.1:0")) as behind,
        serving(HttpServer(gate_before(behind, pages), "127.0.0.1:0")) as url,
        httpx.AsyncClient(trust_env=False) as http,
        http.stream("GET", f"{url}/resources/x/login/y.css") as answer,
    ):
        parts = answer.aiter_raw()
        assert await anext(parts) == b"first"
        go_on.set()
        assert await anext(parts) == b"second"
        assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "geen antwoord"),
        ("fr-BE", "ne répond pas"),
        ("de", "antwortet nicht"),
        ("en-GB;q=0.9", "does not answer"),
        ("it", "geen antwoord"),
        ("nl; q=0, fr; q=0.5", "ne répond pas"),
    ],
)
async def test_when_keycloak_is_away_people_are_told_so_in_their_language(
    pages: Pages, language: str, words: str
) -> None:
    async with (
        serving(HttpServer(Caught(gate_before("http://127.0.0.1:9", pages)), "127.0.0.1:0")) as url,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        answer = await http.get(f"{url}{SIGN_IN}", headers={"accept-language": language})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert words in answer.text
        style = await http.get(f"{url}{LOOK}rondetafel.css")
        assert style.status_code == 200
        assert style.headers["content-type"].startswith("text/css")
        assert (await http.get(f"{url}{LOOK}../secrets")).status_code == 404
        client = await http.get(f"{url}{REALM}/protocol/openid-connect/certs")
        assert (client.status_code, client.json()["code"]) == (503, "KeycloakAway")


async def test_a_form_of_another_kind_is_refused(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get(SIGN_IN, headers=session("one"))
        right = await browser.post(SIGN_IN, data={"username": "a", "password": "b"}, headers=session("one"))
        assert right.status_code == 200
        twice = "username=a&password=b&password=c"
        kind = {"content-type": "application/x-www-form-urlencoded", **session("one")}
        assert (await browser.post(SIGN_IN, content=twice, headers=kind)).status_code == 400
        files = await browser.post(SIGN_IN, files={"password": b"b"}, headers=session("one"))
        assert files.status_code == 400
