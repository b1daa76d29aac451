"""Plays Keycloak for tests of the checks: makes tokens, rightful and bent, with keys of its own."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.kit.identity import Revocations, TokenVerifier
from services.kit.signing_keys import SigningKeys

ISSUER = "http://localhost:1/realms/rondetafel"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PRIVATE: dict[str, Any] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
}
STRANGER = ed25519.Ed25519PrivateKey.generate()


class Issuer:
    """Plays Keycloak: publishes keys, moves the clock, may be away; counts how often it was asked."""

    def __init__(self) -> None:
        self.now = NOW
        self.asked = 0
        self.away = False
        self.published = [public(algorithm) for algorithm in PRIVATE]
        self.keys = SigningKeys(self.fetch, clock=self.clock)
        self.revocations = Revocations(clock=self.clock)
        self.verifier = TokenVerifier(ISSUER, "case", self.keys, self.revocations, clock=self.clock)

    def clock(self) -> datetime:
        return self.now

    async def fetch(self) -> Mapping[str, Any]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise httpx.ConnectError("away")
        return {"keys": self.published}


def public(algorithm: str, kid: str | None = None) -> dict[str, Any]:
    implementation = jwt.get_algorithm_by_name(algorithm)
    key: dict[str, Any] = json.loads(implementation.to_jwk(PRIVATE[algorithm].public_key()))
    return key | {"kid": kid or algorithm, "use": "sig", "alg": algorithm}


def claims(**changed: Any) -> dict[str, Any]:
    rightful = {
        "iss": ISSUER,
        "aud": ["partner_directory", "case", "audit"],
        "sub": "a-subject",
        "sid": "a-session",
        "azp": "portal",
        "typ": "Bearer",
        "acr": "2",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300,
        **signed_in_at(int(NOW.timestamp()) - 60),
    }
    return {name: value for name, value in (rightful | changed).items() if value is not None}


def signed_in_at(seconds: int) -> dict[str, Any]:
    """The claims of a sign-in with two factors at this moment."""
    return {"auth_time": seconds, "loa": {"2": seconds}}


def signed(content: dict[str, Any], algorithm: str = "EdDSA", key: Any = None, **header: Any) -> str:
    return jwt.encode(content, key or PRIVATE[algorithm], algorithm, headers={"kid": algorithm, **header})


def unsigned(header: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims()).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def signed_with_the_public_key() -> str:
    """HS256 with what everybody knows as its secret; made by hand, because libraries refuse to."""
    pem = PRIVATE["RS256"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    message = unsigned({"alg": "HS256", "typ": "JWT", "kid": "RS256"}).rpartition(".")[0]
    signature = hmac.digest(pem, message.encode(), "sha256")
    return f"{message}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
