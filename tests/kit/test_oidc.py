"""The client of Keycloak against answers Keycloak should not give; the rightful ones are in tests/keycloak."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.kit.errors import Unauthenticated, Unavailable
from services.kit.oidc import OidcClient, load_client_key

ISSUER = "http://localhost:1/realms/rondetafel"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def client(answer: Callable[[httpx.Request], httpx.Response]) -> OidcClient:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return OidcClient(http, ISSUER, "portal", KEY, clock=lambda: NOW)


def test_the_assertion_is_for_one_audience_short_lived_and_never_the_same() -> None:
    one, other = (client(lambda _: httpx.Response(200)).client_assertion() for _ in range(2))
    options: Any = {"verify_exp": False, "verify_iat": False}
    said = jwt.decode(one, KEY.public_key(), ["ES256"], audience=ISSUER, options=options)
    assert (said["iss"], said["sub"], said["aud"]) == ("portal", "portal", ISSUER)
    assert said["exp"] - said["iat"] == 30
    assert "kid" not in jwt.get_unverified_header(one)
    assert said["jti"] != jwt.decode(other, options={"verify_signature": False})["jti"]


async def test_tokens_end_when_keycloak_says() -> None:
    asked: list[dict[str, list[str]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(parse_qs(request.content.decode()))
        return httpx.Response(200, json={"access_token": "a", "refresh_token": "r", "expires_in": 300})

    tokens = await client(answer).refresh("old")
    assert (tokens.access_token, tokens.refresh_token, tokens.id_token) == ("a", "r", None)
    assert tokens.expires_at == NOW + timedelta(seconds=300)
    assert asked[0]["refresh_token"] == ["old"]
    assert "r'" not in repr(tokens)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_no_is_unauthenticated_and_says_why_in_the_log_only(status: int) -> None:
    reason = {"error": "invalid_grant", "error_description": "Session not active"}
    with pytest.raises(Unauthenticated) as refused:
        await client(lambda _: httpx.Response(status, json=reason)).refresh("old")
    assert "Session" not in str(refused.value)
    assert str(refused.value.__cause__) == f"{status} invalid_grant: Session not active"


def gone(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no answer", request=request)


@pytest.mark.parametrize(
    "answer",
    [gone, *(lambda _, status=status: httpx.Response(status) for status in (302, 429, 500, 502, 503))],
)
async def test_no_answer_is_unavailable(answer: Callable[[httpx.Request], httpx.Response]) -> None:
    with pytest.raises(Unavailable):
        await client(answer).client_credentials()


async def test_an_answer_of_somebody_else_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await client(lambda _: httpx.Response(200, text="<html>")).client_credentials()


async def test_a_no_without_a_reason() -> None:
    with pytest.raises(Unauthenticated):
        await client(lambda _: httpx.Response(401, text="<html>")).client_credentials()


async def test_a_pushed_request_keeps_its_secrets_on_the_server() -> None:
    asked: list[dict[str, list[str]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(parse_qs(request.content.decode()))
        return httpx.Response(201, json={"request_uri": "urn:x", "expires_in": 60})

    request = await client(answer).pushed_authorization_request("http://localhost/cb", login_hint="an@example.org")
    assert request.url == f"{ISSUER}/protocol/openid-connect/auth?client_id=portal&request_uri=urn%3Ax"
    assert asked[0]["acr_values"] == ["2"]
    assert asked[0]["login_hint"] == ["an@example.org"]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["code_challenge"] != [request.code_verifier]
    assert "code_verifier" not in asked[0]
    assert request.code_verifier not in repr(request)


def test_only_a_key_of_the_right_kind_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(KEY))
    assert load_client_key(file).curve.name == "secp256r1"
    file.write_bytes(pem(ec.generate_private_key(ec.SECP384R1())))
    with pytest.raises(ValueError, match="P-256"):
        load_client_key(file)


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
