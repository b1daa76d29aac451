"""Keycloak's public keys: fetched once for all, renewed, kept while Keycloak is away."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.kit.errors import Unauthenticated, Unavailable
from services.kit.signing_keys import COOL_DOWN, RENEW_AFTER
from tests.kit.issuer import PRIVATE, Issuer, claims, public, signed


async def test_many_callers_share_one_fetch(issuer: Issuer) -> None:
    tokens = [signed(claims(jti=str(number))) for number in range(20)]
    await asyncio.gather(*map(issuer.verifier.verify, tokens))
    assert issuer.asked == 1


async def test_a_caller_who_gives_up_does_not_take_the_keys_from_the_others(issuer: Issuer) -> None:
    impatient = asyncio.create_task(issuer.keys.get("EdDSA"))
    patient = asyncio.create_task(issuer.keys.get("EdDSA"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).key_id == "EdDSA"
    assert issuer.asked == 1


async def test_unknown_kids_cannot_make_us_ask_again_and_again(issuer: Issuer) -> None:
    await issuer.verifier.verify(signed(claims()))
    issuer.now += COOL_DOWN
    for number in range(50):
        with pytest.raises(Unauthenticated):
            await issuer.verifier.verify(signed(claims(), kid=f"unknown-{number}"))
    assert issuer.asked == 2


async def test_a_new_key_is_found_and_an_old_one_is_dropped(issuer: Issuer) -> None:
    await issuer.verifier.verify(signed(claims()))
    issuer.published = [public("ES256", kid="new")]
    issuer.now += COOL_DOWN
    await issuer.verifier.verify(signed(claims(), "ES256", kid="new"))
    with pytest.raises(Unauthenticated):
        await issuer.verifier.verify(signed(claims(jti="fresh")))


async def test_known_keys_go_on_while_keycloak_is_away(issuer: Issuer) -> None:
    await issuer.verifier.verify(signed(claims()))
    issuer.away = True
    issuer.now += RENEW_AFTER * 3
    later = {"iat": int(issuer.now.timestamp()), "exp": int(issuer.now.timestamp()) + 300}
    for number in range(3):
        await issuer.verifier.verify(signed(claims(jti=str(number), **later)))
        await asyncio.sleep(0)
    assert issuer.asked == 2
    with pytest.raises(Unavailable):
        await issuer.verifier.verify(signed(claims(**later), kid="unknown"))


async def test_without_any_keys_nobody_can_be_checked_yet(issuer: Issuer) -> None:
    issuer.away = True
    for _ in range(3):
        with pytest.raises(Unavailable):
            await issuer.verifier.verify(signed(claims()))
    assert issuer.asked == 1
    issuer.away = False
    issuer.now += COOL_DOWN
    await issuer.verifier.verify(signed(claims()))


@pytest.mark.parametrize("published", [{"keys": 1}, {}, [], {"keys": [{"use": "sig", "alg": "ES256"}]}])
async def test_keys_of_a_wrong_shape_change_nothing(issuer: Issuer, published: Any) -> None:
    await issuer.verifier.verify(signed(claims()))

    async def fetch() -> Any:
        return published

    issuer.keys._fetch = fetch
    issuer.now += COOL_DOWN
    with pytest.raises(Unavailable):
        await issuer.verifier.verify(signed(claims(), kid="unknown"))
    await issuer.verifier.verify(signed(claims(jti="fresh")))


async def test_keys_for_other_purposes_are_not_used(issuer: Issuer) -> None:
    for_encryption = public("RS256", kid="enc") | {"use": "enc"}
    of_another_kind = public("RS256", kid="other") | {"alg": "RS512"}
    issuer.published = [public("RS256"), for_encryption, of_another_kind]
    await issuer.verifier.verify(signed(claims(), "RS256"))
    for token in (signed(claims(), "RS256", kid="enc"), signed(claims(), "RS512", PRIVATE["RS256"], kid="other")):
        with pytest.raises(Unauthenticated):
            await issuer.verifier.verify(token)
