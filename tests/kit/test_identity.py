"""Tokens of our own making: the rightful one passes, and every way of bending it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import identity
from services.kit.errors import Unauthenticated
from services.kit.identities import Revocation, Revoked, identity_id, person_id
from services.kit.identity import EndedSession, Revocations
from tests.kit.issuer import (
    ISSUER,
    NOW,
    PRIVATE,
    STRANGER,
    Issuer,
    claims,
    signed,
    signed_with_the_public_key,
    unsigned,
)


@pytest.mark.parametrize("algorithm", PRIVATE)
async def test_a_rightful_token_says_who_calls(issuer: Issuer, algorithm: str) -> None:
    token = await issuer.verifier.verify(signed(claims(idp="caw", organization={"caw": {"id": "o-1"}}), algorithm))

    assert (token.issuer, token.subject, token.session_id, token.client_id) == (
        ISSUER,
        "a-subject",
        "a-session",
        "portal",
    )
    assert (token.acr, token.is_service) == (2, False)
    assert (token.provider, token.organisations) == ("caw", frozenset({"o-1"}))
    assert token.auth_time == NOW - timedelta(seconds=60)
    assert (token.issued_at, token.expires_at) == (NOW, NOW + timedelta(seconds=300))


async def test_a_client_of_its_own_has_no_level(issuer: Issuer) -> None:
    token = await issuer.verifier.verify(
        signed(claims(client_id="host", azp="host", sid=None, auth_time=None, acr="1"))
    )
    assert (token.is_service, token.session_id, token.acr, token.client_id) == (True, None, 0, "host")


HOSTILE: dict[str, Callable[[], str]] = {
    "no signature": lambda: unsigned({"alg": "none", "typ": "JWT", "kid": "EdDSA"}),
    "algorithm none, signed": lambda: unsigned({"alg": "none", "typ": "JWT", "kid": "EdDSA"}, b"x" * 64),
    "public key as secret": signed_with_the_public_key,
    "another algorithm of the same key": lambda: signed(claims(), "RS512", PRIVATE["RS256"], kid="RS256"),
    "an algorithm of ours with another's key": lambda: signed(claims(), "ES256", PRIVATE["ES256"], kid="EdDSA"),
    "a stranger's key": lambda: signed(claims(), key=STRANGER),
    "a stranger's key in the header": lambda: signed(
        claims(),
        key=STRANGER,
        jwk=json.loads(jwt.get_algorithm_by_name("EdDSA").to_jwk(STRANGER.public_key())),
    ),
    "unknown kid": lambda: signed(claims(), kid="another"),
    "no kid": lambda: jwt.encode(claims(), PRIVATE["EdDSA"], "EdDSA"),
    "a changed byte": lambda: signed(claims())[:-8] + "AAAAAAAA",
    "other issuer": lambda: signed(claims(iss="http://localhost:1/realms/master")),
    "another client's": lambda: signed(claims(azp="rondetafel-cli")),
    "no client's": lambda: signed(claims(azp=None)),
    "of no sign-in": lambda: signed(claims(sid=None)),
    "no issuer": lambda: signed(claims(iss=None)),
    "other audience": lambda: signed(claims(aud=["meeting"])),
    "no audience": lambda: signed(claims(aud=None)),
    "expired": lambda: signed(claims(iat=int(NOW.timestamp()) - 301, exp=int(NOW.timestamp()))),
    "no expiry": lambda: signed(claims(exp=None)),
    "expiry that is no number": lambda: signed(claims(exp="tomorrow")),
    "expiry beyond all times": lambda: signed(claims(exp=1e300)),
    "too long a life": lambda: signed(claims(exp=int(NOW.timestamp()) + 3600)),
    "not yet valid": lambda: signed(claims(nbf=int(NOW.timestamp()) + 60)),
    "issued in the future": lambda: signed(claims(iat=int(NOW.timestamp()) + 60)),
    "an id token": lambda: signed(claims(typ="ID")),
    "a refresh token": lambda: signed(claims(typ="Refresh")),
    "a logout token": lambda: signed(claims(), typ="logout+jwt"),
    "no subject": lambda: signed(claims(sub=None)),
    "no client": lambda: signed(claims(azp=None)),
    "organisations of another shape": lambda: signed(claims(organization=["caw"])),
    "too long": lambda: signed(claims(padding="x" * 20_000)),
    "no token": lambda: "",
    "nonsense": lambda: "a.b.c",
}


@pytest.mark.parametrize("bend", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_bent_token_is_refused(issuer: Issuer, bend: Callable[[], str]) -> None:
    await issuer.verifier.verify(signed(claims()))
    with pytest.raises(Unauthenticated):
        await issuer.verifier.verify(bend())
    await issuer.verifier.verify(signed(claims()))


async def test_a_remembered_token_expires(issuer: Issuer) -> None:
    token = signed(claims())
    await issuer.verifier.verify(token)
    issuer.now += timedelta(seconds=299)
    await issuer.verifier.verify(token)
    issuer.now += timedelta(seconds=1)
    with pytest.raises(Unauthenticated):
        await issuer.verifier.verify(token)


async def test_what_is_remembered_is_bounded(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "MAX_REMEMBERED", 3)
    tokens = [signed(claims(jti=str(number))) for number in range(5)]
    for token in (*tokens, *tokens):
        await issuer.verifier.verify(token)
    assert len(issuer.verifier._remembered) == 3


REVOKED = [
    (Revoked.SESSION, "a-session"),
    (Revoked.SUBJECT, "a-subject"),
    (Revoked.PROVIDER, "caw"),
    (Revoked.ORGANISATION, "o-1"),
]


def revoked(kind: Revoked, value: str, at: datetime, *, number: int = 1, refuses_all: bool = False) -> Revocation:
    return Revocation(identity_id(ISSUER, kind, value), kind, at, refuses_all, number)


@pytest.mark.parametrize(("kind", "value"), REVOKED)
async def test_a_revoked_token_is_refused_although_it_is_remembered(issuer: Issuer, kind: Revoked, value: str) -> None:
    token = signed(claims(idp="caw", organization={"caw": {"id": "o-1"}}))
    other = signed(claims(sub="another", sid="another", idp="clb", organization={"clb": {"id": "o-2"}}))
    await issuer.verifier.verify(token)

    issuer.revocations.add(revoked(kind, value, NOW, refuses_all=kind is Revoked.SESSION))

    with pytest.raises(Unauthenticated):
        await issuer.verifier.verify(token)
    await issuer.verifier.verify(other)


@pytest.mark.parametrize(("kind", "value"), REVOKED[1:])
async def test_a_sign_in_after_the_revocation_counts_again(issuer: Issuer, kind: Revoked, value: str) -> None:
    issuer.revocations.add(revoked(kind, value, NOW, number=2))
    issuer.revocations.add(revoked(kind, value, NOW - timedelta(hours=1), number=1, refuses_all=True))
    issuer.now += timedelta(seconds=30)
    later = {"iat": int(issuer.now.timestamp()), "exp": int(issuer.now.timestamp()) + 300}
    organisation = {"caw": {"id": "o-1"}}

    await issuer.verifier.verify(signed(claims(idp="caw", organization=organisation, **later)))
    with pytest.raises(Unauthenticated):
        await issuer.verifier.verify(signed(claims(idp="caw", organization=organisation)))


async def test_an_ended_sign_in_is_known_for_a_day_and_what_is_disabled_for_ever(issuer: Issuer) -> None:
    issuer.revocations.end("a-session")
    issuer.revocations.add(revoked(Revoked.SUBJECT, "another", NOW, refuses_all=True))

    issuer.now += identity.SIGN_INS_KEPT - timedelta(seconds=1)
    later = {"iat": int(issuer.now.timestamp()), "exp": int(issuer.now.timestamp()) + 300}
    issuer.revocations.end("yet-another")
    for refused in ({}, {"sub": "another", "sid": "a-new-one"}):
        with pytest.raises(Unauthenticated, match="ended"):
            await issuer.verifier.verify(signed(claims(**later | refused)))

    issuer.now += timedelta(minutes=11)
    issuer.revocations.end("yet-another")
    assert len(issuer.revocations._known) == 2


@given(order=st.permutations(range(4)), again=st.integers(0, 3))
def test_no_order_of_delivery_weakens_a_revocation(order: list[int], again: int) -> None:
    """Disabled, enabled, disabled, enabled: whatever comes when, and again, the last one counts."""
    told = [
        revoked(
            Revoked.SUBJECT, "a-subject", NOW + timedelta(minutes=number), number=number, refuses_all=number % 2 == 0
        )
        for number in range(1, 5)
    ]
    known = Revocations(clock=lambda: NOW)
    for number in (*order, again):
        known.add(told[number])
    assert list(known._known.values()) == [told[3]]


def test_the_person_behind_a_token_has_the_same_id_everywhere() -> None:
    assert person_id(ISSUER, "a-subject") == person_id(ISSUER, "a-subject")
    assert len({person_id(ISSUER, "a"), person_id(ISSUER, "b"), person_id(f"{ISSUER}2", "a")}) == 3


def logout_claims(**changed: Any) -> dict[str, Any]:
    event: dict[str, Any] = {identity.LOGOUT_EVENT: {}}
    return claims(aud="portal", typ="Logout", events=event, acr=None, **changed)


async def test_a_logout_token_names_the_session_that_ended(issuer: Issuer) -> None:
    token = signed(logout_claims(), typ="logout+jwt")
    assert await issuer.verifier.verify_logout(token, "portal") == EndedSession("a-subject", "a-session")


@pytest.mark.parametrize(
    ("changed", "header"),
    [
        ({}, {"typ": "JWT"}),
        ({"aud": "rondetafel-cli"}, {}),
        ({"events": {}}, {}),
        ({"nonce": "n"}, {}),
        ({"sub": None, "sid": None}, {}),
        ({"iat": int(NOW.timestamp()) - 301, "exp": int(NOW.timestamp())}, {}),
        ({}, {"key": STRANGER}),
    ],
)
async def test_a_bent_logout_token_is_refused(issuer: Issuer, changed: dict[str, Any], header: dict[str, Any]) -> None:
    await issuer.verifier.verify_logout(signed(logout_claims(), typ="logout+jwt"), "portal")
    content = {name: value for name, value in (logout_claims() | changed).items() if value is not None}
    bent = signed(content, **{"typ": "logout+jwt", **header})
    with pytest.raises(Unauthenticated):
        await issuer.verifier.verify_logout(bent, "portal")


def id_claims(**changed: Any) -> dict[str, Any]:
    return claims(**{"aud": "portal", "typ": "ID", "nonce": "a-nonce", **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "rondetafel-cli"},
        {"iss": "http://localhost:1/realms/master"},
        {"typ": "Bearer"},
        {"iat": int(NOW.timestamp()) - 301, "exp": int(NOW.timestamp())},
    ],
)
async def test_an_id_token_answers_one_sign_in_of_one_client(issuer: Issuer, changed: dict[str, Any]) -> None:
    await issuer.verifier.verify_id_token(signed(id_claims()), "portal", "a-nonce")
    with pytest.raises(Unauthenticated):
        await issuer.verifier.verify_id_token(signed(id_claims(**changed)), "portal", "a-nonce")
