"""The end of a sign-in: by the person, by the sign-in service, by a refusal; and who never had one."""

from __future__ import annotations

import pytest

from services.portal.api.guards import COOKIE
from services.portal.api.refused import source_of
from tests.portal.conftest import Front, Told, cookies_of, csrf_of


async def test_a_refused_refresh_ends_the_session_everywhere(front: Front, told: Told) -> None:
    await front.sign_in()
    front.advance(minutes=4, seconds=50)
    front.keycloak.refuses = True
    assert (await front.client.get("/api/v1/me")).status_code == 401
    front.keycloak.refuses = False
    assert (await front.client.get("/api/v1/me")).status_code == 401
    assert await told.ended() == 1


async def test_signing_out_ends_it_here_everywhere_and_there(front: Front, told: Told) -> None:
    await front.sign_in()
    cookie = cookies_of(front)[COOKIE]
    bearer = front.bearer()
    refused = await front.client.post("/signout", data={"csrf_token": "0"})
    assert refused.status_code == 403
    assert (await front.client.get("/api/v1/me")).status_code == 200
    answer = await front.client.post("/signout", data={"csrf_token": await csrf_of(front)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?out=1")
    assert front.keycloak.used[-1]["path"] == "logout"
    assert COOKIE not in cookies_of(front)
    front.client.cookies.set(COOKIE, cookie, domain="portal.test")
    assert (await front.client.get("/api/v1/me")).status_code == 401
    front.client.cookies.clear()
    assert (await front.client.get("/api/v1/me", headers=bearer)).status_code == 401
    assert await told.ended() == 1


async def test_signing_out_works_while_the_sign_in_service_is_away(front: Front, told: Told) -> None:
    await front.sign_in()
    token = await csrf_of(front)
    front.keycloak.away = True
    front.advance(minutes=6)
    assert (await front.client.post("/signout", data={"csrf_token": token})).status_code == 303
    assert await told.ended() == 1


async def test_who_signed_out_while_it_was_away_can_sign_in_anew(front: Front) -> None:
    """The sign-in service still knows the browser, and would go on with the very sign-in that was ended."""
    await front.sign_in()
    token = await csrf_of(front)
    front.keycloak.away = True
    await front.client.post("/signout", data={"csrf_token": token})
    front.keycloak.away = False
    assert (await front.sign_in()).status_code == 401
    assert front.keycloak.used[-1]["path"] == "logout"
    front.keycloak.sid = "another-session"
    assert (await front.sign_in()).status_code == 303


async def test_signing_out_twice_is_no_error(front: Front) -> None:
    assert (await front.client.post("/signout", data={"csrf_token": ""})).status_code == 303


async def test_a_back_channel_logout_ends_the_session_at_once_and_may_repeat(front: Front, told: Told) -> None:
    await front.sign_in()
    for _ in range(2):
        answer = await front.client.post(
            "/signin/backchannel-logout", data={"logout_token": front.keycloak.logout_token()}
        )
        assert answer.status_code == 200
    assert (await front.client.get("/api/v1/me")).status_code == 401
    assert (await front.client.get("/api/v1/me", headers=front.bearer())).status_code == 401
    assert await told.ended() >= 1


@pytest.mark.parametrize(
    "bent",
    [
        {"iss": "http://elsewhere"},
        {"aud": "case"},
        {"events": {}},
        {"nonce": "n"},
        {"exp": 0},
        {"sid": None, "sub": None},
    ],
)
async def test_a_bent_logout_token_ends_nothing(front: Front, told: Told, bent: dict[str, object]) -> None:
    await front.sign_in()
    token = front.keycloak.logout_token(**bent)
    answer = await front.client.post("/signin/backchannel-logout", data={"logout_token": token})
    assert answer.status_code == 400
    answer = await front.client.post("/signin/backchannel-logout", data={"logout_token": front.keycloak.token()})
    assert answer.status_code == 400
    assert (await front.client.get("/api/v1/me")).status_code == 200
    assert await told.ended() == 0


async def test_refused_sign_ins_are_counted_per_source_and_minute(front: Front, told: Told) -> None:
    for _ in range(3):
        await front.client.get("/api/v1/me")
    front.advance(minutes=1)
    await front.client.get("/api/v1/me")
    await front.web.refused.flush()
    await front.web.refused.flush()
    assert sorted(record.count for record in await told.records("record_refusals")) == [1, 3]


@pytest.mark.parametrize(
    ("client", "source"),
    [
        (("192.0.2.7", 5), "192.0.2.7"),
        (("2001:db8::1:2:3:4", 5), "2001:db8::/64"),
        (("not an address", 5), "unknown"),
        (None, "unknown"),
    ],
)
def test_a_source_is_a_network_address(client: object, source: str) -> None:
    assert source_of({"client": client}) == source


async def test_many_sources_cannot_fill_the_log(front: Front, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.kit.refused.MAX_SOURCES", 3)
    for number in range(9):
        front.web.refused.count_request({"client": (f"192.0.2.{number}", 1)})
    await front.web.refused.flush()
    assert sorted(record.count for record in await told.records("record_refusals")) == [1, 1, 1, 6]
