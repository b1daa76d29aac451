"""A hostile provider of OpenID Connect before the real sign-in service: what it bends lets nobody in, and is recorded.

The provider is no Keycloak, and rightful sign-ins come by the very same one: what is refused is what was bent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from deploy.local.platform import Platform
from tests.e2e.hostile.coming import Front, enabled, now
from tests.e2e.hostile.oidc import Bend, Provider, Token
from tests.e2e.hostile.serving import served
from tests.e2e.partners import the_host
from tests.saml import key_of


def claims(**changes: object) -> Bend:
    """With other claims; None takes one away."""

    def bend(token: Token) -> str:
        for name, value in changes.items():
            token.claims[name] = value
        token.claims = {name: value for name, value in token.claims.items() if value is not None}
        return str(token)

    return bend


def later(**changes: int) -> Bend:
    """With times that are so many seconds off."""

    def bend(token: Token) -> str:
        for name, seconds in changes.items():
            token.claims[name] += seconds
        return str(token)

    return bend


def unsigned(token: Token) -> str:
    """The signature is left out."""
    return str(token).rpartition(".")[0] + "."


def touched(token: Token) -> str:
    """Signed, and another subject put in afterwards."""
    head, _, signature = str(token).split(".")
    return ".".join((head, _part(token.claims | {"sub": f"{token.claims['sub']}-other"}), signature))


def algorithm_none(token: Token) -> str:
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(token.claims)}."


def by_public_key(token: Token) -> str:
    """HS256, with what everybody knows of the key for a secret: made by hand, for no library makes it any more."""
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'own'})}.{_part(token.claims)}"
    made = hmac.new(Provider().public_pem, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_text(made)}"


def by_another_key(kid: str) -> Bend:
    """Signed by a key that is not among those of the provider."""
    return lambda token: str(replace(token, key=key_of("thief"), headers={"kid": kid}))


def key_brought_along(token: Token) -> str:
    """The key itself stands in the head of the token."""
    head = {"kid": "brought", "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "jku": "http://127.0.0.1:1/keys"}
    return str(replace(token, key=key_of("thief"), headers=head))


def _part(said: object) -> str:
    return _text(json.dumps(said).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


ATTACKS: dict[str, Bend] = {
    "unsigned": unsigned,
    "changed after it was signed": touched,
    "alg none": algorithm_none,
    "HS256 with the public key": by_public_key,
    "keys swapped, the same name": by_another_key("own"),
    "keys swapped, another name": by_another_key("stolen"),
    "a key brought along": key_brought_along,
    "another issuer (mix-up)": claims(iss="https://login.elsewhere.example"),
    "no issuer": claims(iss=None),
    "another audience": claims(aud="somebody-else"),
    "of several audiences another was asked": claims(aud=["rondetafel", "x"], azp="x"),
    "expired": later(iat=-7200, exp=-7200),
    "not valid yet": claims(nbf=4_102_444_800),
    "another nonce (replayed)": claims(nonce="of-another-sign-in"),
    "no nonce": claims(nonce=None),
    "no subject": claims(sub=None),
    "a foreign domain": claims(email="somebody@elsewhere.example"),
    "no address": claims(email=None),
    "an endless name": claims(given_name="x" * 200_000),
}

UNTOLD = {"another nonce (replayed)", "a foreign domain", "no address", "an endless name"}
"""Refused too, at a page of the sign-in service, which tells of no failure then."""


@pytest.fixture(scope="module")
async def partner(platform: Platform) -> AsyncIterator[Front]:
    """The provider, enabled."""
    site = Provider()
    async with served(site), the_host(platform) as host:
        yield await enabled(platform, host, site)


async def test_a_token_that_is_bent_lets_nobody_in_and_stands_in_the_hosts_log(partner: Front) -> None:
    begun, let_in = now(), {}
    assert isinstance(partner.site, Provider)
    bent: dict[str, Bend] = {"rightly": str, **ATTACKS, "rightly again": str}
    for name, bend in bent.items():
        partner.site.bend = bend
        let_in[name] = await partner.lets_in(partner.somebody())
    assert [name for name, taken in let_in.items() if taken] == ["rightly", "rightly again"]
    await partner.expect_recorded(begun, len(ATTACKS.keys() - UNTOLD))


async def test_who_comes_by_another_subject_is_nobody_known(partner: Front) -> None:
    assert isinstance(partner.site, Provider)
    partner.site.bend = str
    await partner.expect_no_other()
