"""API clients at the front door: their token stays here, the services get another, and the pages' token is refused."""

from __future__ import annotations

import asyncio

from services.portal.api import bearers
from tests.portal.backends import Backends
from tests.portal.conftest import Front, cookies_of
from tests.portal.keycloak import body_of

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


async def status(front: Front, token: str) -> int:
    """Of one question with this token."""
    return (await front.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})).status_code


async def test_a_token_is_exchanged_once_however_often_it_comes(front: Front, backends: Backends) -> None:
    token = front.keycloak.api_token()
    front.keycloak.slow.clear()
    asked = [asyncio.create_task(status(front, token)) for _ in range(5)]
    await front.keycloak.asked.wait()
    front.keycloak.slow.set()
    assert set(await asyncio.gather(*asked)) == {200}
    assert await status(front, token) == 200
    (exchange,) = [name for name in front.keycloak.used if name.get("grant_type") == EXCHANGE]
    assert exchange["subject_token"] == token
    sent = {call.metadata["authorization"] for call in backends.calls}
    assert sent == {f"Bearer {front.keycloak.given}"}
    assert await status(front, front.keycloak.api_token(jti="another")) == 200
    assert front.keycloak.count(EXCHANGE) == 2


async def test_one_who_gives_up_does_not_take_the_answer_from_the_others(front: Front) -> None:
    token = front.keycloak.api_token()
    front.keycloak.slow.clear()
    impatient = asyncio.create_task(status(front, token))
    await front.keycloak.asked.wait()
    patient = asyncio.create_task(status(front, token))
    impatient.cancel()
    front.keycloak.slow.set()
    assert await patient == 200
    assert front.keycloak.count(EXCHANGE) == 1


async def test_what_a_service_was_given_is_refused_at_this_door(front: Front, backends: Backends) -> None:
    """The attack: a service that is not honest takes the token of its caller back to the front door."""
    assert await status(front, front.keycloak.api_token()) == 200
    replayed = backends.last.metadata["authorization"].removeprefix("Bearer ")
    assert await status(front, replayed) == 401
    assert await status(front, front.keycloak.token(aud=["portal", "case"])) == 401, "of the pages, whoever it is for"


async def test_the_token_behind_a_page_is_refused_at_this_door(front: Front, backends: Backends) -> None:
    await front.sign_in()
    assert (await front.client.get("/api/v1/me")).status_code == 200
    of_the_page = backends.last.metadata["authorization"].removeprefix("Bearer ")
    assert cookies_of(front)
    front.client.cookies.clear()
    assert await status(front, of_the_page) == 401


async def test_the_hosts_own_token_is_passed_on_and_never_exchanged(front: Front, backends: Backends) -> None:
    """Exchanged it would lose what tells it from a person's."""
    token = front.keycloak.api_token(client_id="host", azp="host", sid=None, aud=["portal", "partner_directory"])
    assert await status(front, token) == 200
    assert backends.last.metadata["authorization"] == f"Bearer {token}"
    assert front.keycloak.count(EXCHANGE) == 0


async def test_a_token_the_sign_in_service_does_not_exchange_is_refused(front: Front) -> None:
    token = front.keycloak.api_token()
    front.keycloak.refuses = True
    answer = await front.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, body_of(answer)["code"]) == (401, "Unauthenticated")
    front.keycloak.refuses = False
    assert await status(front, token) == 200


async def test_with_the_sign_in_service_away_known_tokens_go_on(front: Front) -> None:
    known, new = front.keycloak.api_token(), front.keycloak.api_token(jti="new")
    assert await status(front, known) == 200
    front.keycloak.away = True
    assert await status(front, known) == 200
    assert await status(front, new) == 503


async def test_an_exchanged_token_is_used_until_it_ends(front: Front) -> None:
    now = int(front.issuer.now.timestamp())
    token = front.keycloak.api_token(exp=now + 600)
    assert await status(front, token) == 200
    front.advance(seconds=299)
    assert await status(front, token) == 200
    assert front.keycloak.count(EXCHANGE) == 1
    front.advance(seconds=1)
    assert await status(front, token) == 200
    assert front.keycloak.count(EXCHANGE) == 2


def test_the_pages_client_is_no_api_client() -> None:
    assert "portal" not in bearers.API_CLIENTS
