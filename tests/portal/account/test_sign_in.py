"""Sign-in, session and sign-out of a browser, with a sign-in service that can be slow, away or refusing."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.errors import CellNotFound
from services.portal.api.guards import COOKIE
from services.portal.web.request.attempts import COOKIES, LIFETIME, name_of
from services.portal.web.request.sign_ins import SignIns
from tests.kit.issuer import ISSUER
from tests.portal.backends import Backends
from tests.portal.conftest import Front, Told, cookies_of
from tests.portal.keycloak import body_of
from tests.portal.operations import OPERATIONS


async def test_a_browser_signs_in_and_sees_its_cells(front: Front, backends: Backends) -> None:
    mine = directory_pb.MyCell(
        cell_id=str(front.cell), name="Vaartbeke <&>", roles=["coordinator"], undertaking_accepted=True
    )
    backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=[mine])
    backends.answers["ReadTable"] = directory_pb.Table(cell=mine)
    answer = await front.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert set(cookies_of(front)) == {COOKIE, name_of(front.keycloak.used[0]["state"])}
    page = await front.client.get("/")
    assert "Vaartbeke &lt;&amp;&gt;</a></h3>" in page.text
    assert "coördinator" in page.text
    assert backends.last.metadata["authorization"].startswith("Bearer ")


async def test_the_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(front: Front) -> None:
    begun = await front.client.get("/signin")
    finished = await front.sign_in()
    lasts = {f"max-age={int(LIFETIME.total_seconds())}"}
    for answer, name, more in ((begun, COOKIES, lasts), (finished, f"{COOKIE}=", set()), (finished, COOKIES, lasts)):
        cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith(name))
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert parts == {"httponly", "secure", "samesite=lax", "path=/"} | more
    assert not any(token in str(finished.headers) + finished.text for token in ("refresh-", "eyJ"))


async def test_the_request_is_pushed_with_pkce_state_and_nonce(front: Front) -> None:
    begun = await front.client.get("/signin")
    pushed = front.keycloak.used[-1]
    assert pushed["path"] == "ext/par/request"
    assert pushed["code_challenge_method"] == "S256"
    assert pushed["acr_values"] == "2"
    assert pushed["client_assertion"]
    location = begun.headers["location"]
    assert location.startswith(f"{ISSUER}/protocol/openid-connect/auth?")
    assert not any(pushed[name] in location for name in ("state", "nonce", "code_challenge"))


BENT = ("state", "iss", "code", "cookie", "another cookie", "other browser", "late", "nonce", "audience")


@pytest.mark.parametrize("bent", BENT)
async def test_an_answer_that_is_not_ours_signs_nobody_in(front: Front, bent: str) -> None:
    await front.client.get("/signin")
    query = {"code": "c", "state": front.keycloak.used[-1]["state"], "iss": ISSUER}
    if bent in query:
        query = {name: "bent" if name == bent else value for name, value in query.items()}
    if bent == "code":
        query = {"error": "access_denied", "state": query["state"]}
    if bent == "cookie":
        front.client.cookies.set(name_of(query["state"]), "bent", domain="portal.test")
    if bent == "other browser":
        front.client.cookies.clear()
    if bent == "another cookie":
        sealed = cookies_of(front)[name_of(query["state"])]
        await front.client.get("/signin")
        query["state"] = front.keycloak.used[-1]["state"]
        front.client.cookies.set(name_of(query["state"]), sealed, domain="portal.test")
    if bent == "late":
        front.advance(seconds=LIFETIME.total_seconds())
    if bent == "nonce":
        front.keycloak.nonce = "bent"
    if bent == "audience":
        front.keycloak.audience = ["case"]
    answer = await front.client.get("/signin/callback", params=query)
    assert answer.status_code == 401
    assert "Aanmelden is niet gelukt" in answer.text
    assert COOKIE not in cookies_of(front)


async def test_the_cookie_of_before_is_worth_nothing_after_a_new_sign_in(front: Front, told: Told) -> None:
    """Else whoever copied it goes on; the sign-in itself goes on too when it was only stepped up."""
    await front.sign_in()
    before = cookies_of(front)[COOKIE]
    await front.sign_in()
    assert (await front.client.get("/api/v1/me")).status_code == 200
    front.client.cookies.set(COOKIE, before, domain="portal.test")
    assert (await front.client.get("/api/v1/me")).status_code == 401
    assert await told.ended() == 0


async def test_another_sign_in_in_the_same_browser_ends_the_one_of_before(front: Front, told: Told) -> None:
    await front.sign_in()
    bearer = front.bearer()
    assert (await front.client.get("/api/v1/me", headers=bearer)).status_code == 200
    front.keycloak.sid = "another-sign-in"
    await front.sign_in()
    assert (await front.client.get("/api/v1/me")).status_code == 200
    assert (await front.client.get("/api/v1/me", headers=bearer)).status_code == 401
    assert await told.ended() == 1


async def test_who_looked_for_a_phone_all_that_time_is_let_in(front: Front) -> None:
    """As long as the sign-in service waits for a person, and the way back to us (docs/lifetimes.md)."""
    await front.client.get("/signin")
    query = {"code": "c", "state": front.keycloak.used[-1]["state"], "iss": ISSUER}
    front.advance(seconds=LIFETIME.total_seconds() - 1)
    answer = await front.client.get("/signin/callback", params=query)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_signed_in_person_without_a_mandate_gets_an_explanation(front: Front) -> None:
    await front.sign_in()
    assert "geen mandaat" in (await front.client.get("/")).text


async def test_what_was_asked_for_before_the_sign_in_is_shown_after_it(front: Front) -> None:
    wanted = f"/cells/{front.cell}/signals/new"
    sent_away = await front.client.get(wanted)
    assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/?" + urlencode({"to": wanted}))
    start = await front.client.get(sent_away.headers["location"])
    assert f'name="to" value="{wanted}"' in start.text
    for address, lands_at in ((wanted, wanted), ("//elsewhere.test/", "/"), ("https://elsewhere.test", "/")):
        await front.client.post("/signin", data={"email": "nele@caw.example", "to": address})
        asked = front.keycloak.used[-1]
        assert asked["login_hint"] == "nele@caw.example"
        query = {"code": "c", "state": asked["state"], "iss": ISSUER}
        assert (await front.client.get("/signin/callback", params=query)).headers["location"] == lands_at


async def test_the_sign_in_service_is_told_the_language(front: Front) -> None:
    for language in ("fr", "nl"):
        await front.client.get("/signin", headers={"accept-language": language})
        assert front.keycloak.used[-1]["ui_locales"] == language


async def test_pages_refuse_in_words(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ListMyCells"] = CellNotFound()
    page = await front.client.get("/")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (await front.client.get("/elsewhere")).status_code == 404


async def test_the_session_serves_the_api_and_commands_need_the_csrf_token(front: Front, backends: Backends) -> None:
    await front.sign_in()
    mine = await front.client.get("/api/v1/me")
    assert mine.status_code == 200
    address, body = f"/api/v1/cells/{front.cell}/signals", OPERATIONS["enter_signal"].body
    headers = {"Idempotency-Key": "k", "X-CSRF-Token": mine.headers["x-csrf-token"]}
    assert (await front.client.post(address, json=body, headers=headers)).status_code == 201
    asked = len(backends.calls)
    for bad in ("", "0" * 64, headers["X-CSRF-Token"][:-1]):
        refused = await front.client.post(address, json=body, headers=headers | {"X-CSRF-Token": bad})
        assert (refused.status_code, body_of(refused)["code"]) == (403, "CsrfTokenMissing")
    assert len(backends.calls) == asked


async def test_a_bearer_needs_no_csrf_token_and_gets_none(front: Front) -> None:
    answer = await front.client.get("/api/v1/me", headers=front.bearer())
    assert "x-csrf-token" not in answer.headers


async def test_tokens_are_refreshed_once_for_all_who_wait(front: Front) -> None:
    await front.sign_in()
    front.advance(minutes=4, seconds=50)
    front.keycloak.slow.clear()
    waiting = [asyncio.create_task(front.client.get("/api/v1/me")) for _ in range(8)]
    while front.keycloak.count("refresh_token") == 0:
        await asyncio.sleep(0.01)
    front.keycloak.slow.set()
    answers = await asyncio.gather(*waiting)
    assert {answer.status_code for answer in answers} == {200}
    assert front.keycloak.count("refresh_token") == 1


async def test_a_browser_that_gives_up_does_not_lose_the_session(front: Front) -> None:
    await front.sign_in()
    front.advance(minutes=4, seconds=50)
    front.keycloak.slow.clear()
    impatient = asyncio.create_task(front.client.get("/api/v1/me"))
    while front.keycloak.count("refresh_token") == 0:
        await asyncio.sleep(0.01)
    impatient.cancel()
    front.keycloak.slow.set()
    assert (await front.client.get("/api/v1/me")).status_code == 200
    assert front.keycloak.count("refresh_token") == 1


async def test_a_second_process_waits_for_the_first(front: Front) -> None:

    await front.sign_in()
    front.advance(minutes=4, seconds=50)
    one = front.web.sign_ins
    other = SignIns(front.harness.executor, front.keycloak.oidc, one._services, one._revocations, front.harness.clock)
    cookie = cookies_of(front)[COOKIE]
    front.keycloak.slow.clear()
    tasks = [asyncio.create_task(one.caller(cookie)), asyncio.create_task(other.caller(cookie))]
    while front.keycloak.count("refresh_token") == 0:
        await asyncio.sleep(0.01)
    front.keycloak.slow.set()
    first, second = await asyncio.gather(*tasks)
    assert first.token == second.token
    assert front.keycloak.count("refresh_token") == 1


async def test_while_the_sign_in_service_is_away_people_go_on_until_their_token_ends(front: Front) -> None:
    await front.sign_in()
    front.keycloak.away = True
    front.advance(minutes=4, seconds=50)
    assert (await front.client.get("/api/v1/me")).status_code == 200
    front.advance(seconds=11)
    away = await front.client.get("/api/v1/me")
    assert (away.status_code, "retry-after" in away.headers) == (503, True)
    front.keycloak.away = False
    assert (await front.client.get("/api/v1/me")).status_code == 200


async def test_every_answer_is_protected(front: Front) -> None:
    for path in ("/", "/signin", "/elsewhere", "/api/v1/me", "/api/v1/openapi.json"):
        headers = (await front.client.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "strict-transport-security" not in headers
