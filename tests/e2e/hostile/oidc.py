"""A small provider of OpenID Connect that is no Keycloak: it follows the standard, until a test bends it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.e2e.hostile.serving import Asked, Told
from tests.saml import key_of

CLIENT = "rondetafel"
LIVES = 120


@dataclass
class Token:
    """An id token in the making; `key` is a private key, or a secret."""

    claims: dict[str, Any]
    headers: dict[str, Any]
    key: Any
    algorithm: str = "RS256"

    def __str__(self) -> str:
        return jwt.encode(self.claims, self.key, algorithm=self.algorithm, headers=self.headers)


Bend = Callable[[Token], str]
"""Makes another token of the right one."""


@dataclass
class Provider:
    """Signs in at once whoever `sub` and `email` say, without a page. `bend` is what it does to the next tokens."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: key_of("hostile oidc"))
    at: str = ""
    sub: str = ""
    email: str = ""
    bend: Bend = str
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    @property
    def asked(self) -> dict[str, str]:
        """What the host writes of it."""
        return {"issuer": self.at, "client_id": CLIENT, "client_secret": "", "trusted_levels": ""}

    @property
    def public_pem(self) -> bytes:
        """What everybody may know of its key."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def answer(self, asked: Asked) -> Told:
        if asked.path == "/.well-known/openid-configuration":
            return _json({
                "issuer": self.at, "authorization_endpoint": f"{self.at}/auth", "token_endpoint": f"{self.at}/token",
                "jwks_uri": f"{self.at}/keys", "id_token_signing_alg_values_supported": ["RS256"],
            })  # fmt: skip
        if asked.path == "/keys":
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return _json({"keys": [jwk | {"kid": "own", "use": "sig", "alg": "RS256"}]})
        return self._auth(asked) if asked.path == "/auth" else self._token(asked)

    def _auth(self, asked: Asked) -> Told:
        code = secrets.token_urlsafe()
        self.codes[code] = dict(asked.query)
        back = f"{asked.query['redirect_uri']}?code={code}&state={asked.query['state']}"
        return Told(status="302 Found", headers={"location": back})

    def _token(self, asked: Asked) -> Told:
        """Once for each code, by whoever began it (PKCE)."""
        begun = self.codes.pop(asked.form["code"])
        digest = hashlib.sha256(asked.form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == begun["code_challenge"]
        assert asked.form["redirect_uri"] == begun["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.at, "aud": CLIENT, "sub": self.sub, "iat": now, "exp": now + LIVES, "nonce": begun["nonce"],
            "email": self.email, "email_verified": True, "given_name": "Nele", "family_name": "Claes",
        }  # fmt: skip
        self.tokens.append(self.bend(Token(claims, {"kid": "own"}, self.key)))
        return _json({
            "access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": LIVES,
            "id_token": self.tokens[-1],
        })  # fmt: skip


def _json(said: dict[str, Any]) -> Told:
    return Told(json.dumps(said).encode(), "application/json")
