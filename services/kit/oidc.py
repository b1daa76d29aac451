"""Signing people and clients in at Keycloak: the code flow, and nothing else (docs/threats.md).

Pushed authorization requests, PKCE with S256, and clients that prove themselves by a signed assertion (ES256).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.kit.clock import Clock, utc_now
from services.kit.errors import Unauthenticated, Unavailable
from services.kit.patience import HEALTH_SECONDS

ASSERTION_LIFETIME = timedelta(seconds=30)
OF_ACCESS = "urn:ietf:params:oauth:token-type:access_token"


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """A sign-in under way: send the browser to `url`, keep the rest on the server until it comes back."""

    url: str
    redirect_uri: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Keycloak gave. Clients have no refresh token and no id token."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)


class OidcClient:
    """One client of the realm. Holds no tokens; the http client belongs to the caller, who closes it.

    Every method raises Unauthenticated when Keycloak says no, Unavailable when it does not answer. Nothing is
    tried twice: codes, request_uris and refresh tokens work once, so refreshing MUST be single-flight per session.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        issuer: str,
        client_id: str,
        key: EllipticCurvePrivateKey,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._http = http
        self._issuer = issuer
        self._endpoint = f"{issuer}/protocol/openid-connect"
        self._client_id = client_id
        self._key = key
        self._clock = clock

    async def answers(self) -> bool:
        """Whether the sign-in service answers within a second; for the host's health page."""
        try:
            answer = await self._http.get(f"{self._issuer}/.well-known/openid-configuration", timeout=HEALTH_SECONDS)
        except httpx.HTTPError:
            return False
        return answer.is_success

    def client_assertion(self) -> str:
        """A signed statement that we are this client, good for one request within 30 seconds.

        One audience only, and no `kid`: Keycloak refuses lists, and a kid it did not give itself.
        """
        return _assertion(self._client_id, self._issuer, self._key, self._clock())

    async def pushed_authorization_request(
        self, redirect_uri: str, *, acr: int = 2, login_hint: str | None = None, prompt: str | None = None,
        language: str | None = None, action: str | None = None,
    ) -> SignInRequest:  # fmt: skip
        """Begin a sign-in. `login_hint` (e-mail) MUST be given when stepping up; `acr` 1 is never asked for.

        `language` is that of the sign-in service's pages; `action` is one of its own that the person asked for, such as
        "webauthn-register" to add a security key.
        """
        verifier, state, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": redirect_uri,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "acr_values": str(acr),
        }
        optional = {"login_hint": login_hint, "prompt": prompt, "ui_locales": language, "kc_action": action}
        pushed = await self._post("ext/par/request", asked | {k: v for k, v in optional.items() if v is not None})
        url = self.authorization_url(pushed["request_uri"])
        return SignInRequest(url, redirect_uri, state, verifier, nonce)

    def authorization_url(self, request_uri: str) -> str:
        """Where the browser goes with a pushed request."""
        return f"{self._endpoint}/auth?" + urlencode({"client_id": self._client_id, "request_uri": request_uri})

    async def exchange_code(self, request: SignInRequest, code: str) -> Tokens:
        """Tokens for the code with which the browser came back; the caller has compared the state."""
        return await self._tokens(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": request.redirect_uri,
                "code_verifier": request.code_verifier,
            }
        )

    async def refresh(self, refresh_token: str) -> Tokens:
        """New tokens; the old refresh token is used up, and using it again ends the session."""
        return await self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def exchange_token(self, access_token: str) -> Tokens:
        """A token of this client's own for the person whose token was meant for this client (RFC 8693).

        Same person, session, level and time of sign-in; the audiences are those of this client's tokens.
        """
        asked = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": access_token,
            "subject_token_type": OF_ACCESS,
            "requested_token_type": OF_ACCESS,
        }
        return await self._tokens(asked)

    async def client_credentials(self) -> Tokens:
        """A token of the client itself: no person, no level."""
        return await self._tokens({"grant_type": "client_credentials"})

    async def logout(self, refresh_token: str) -> None:
        """End the session at Keycloak from the server side; its other clients are told. Idempotent."""
        await self._post("logout", {"refresh_token": refresh_token})

    def end_session_url(self, id_token: str, return_to: str) -> str:
        """Where the browser goes to sign out of Keycloak, and then back to us."""
        query = {"id_token_hint": id_token, "post_logout_redirect_uri": return_to, "client_id": self._client_id}
        return f"{self._endpoint}/logout?" + urlencode(query)

    async def _tokens(self, form: Mapping[str, str]) -> Tokens:
        asked_at = self._clock()
        given = await self._post("token", form)
        return Tokens(
            access_token=given["access_token"],
            expires_at=asked_at + timedelta(seconds=given["expires_in"]),
            refresh_token=given.get("refresh_token"),
            id_token=given.get("id_token"),
        )

    async def _post(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        proof = _proof(self._client_id, self.client_assertion())
        try:
            answer = await self._http.post(f"{self._endpoint}/{path}", data={**form, **proof})
        except httpx.HTTPError as error:
            raise Unavailable("The sign-in service does not answer.") from error
        if answer.status_code in (400, 401, 403):
            raise Unauthenticated("The sign-in service refused the request.") from _refusal(answer)
        if not answer.is_success:
            raise Unavailable("The sign-in service cannot answer now.")
        try:
            given: dict[str, Any] = answer.json() if answer.content else {}
        except ValueError as error:
            raise Unavailable("The sign-in service answers something else.") from error
        return given


def client_proof(client_id: str, issuer: str, key: EllipticCurvePrivateKey) -> dict[str, str]:
    """What a client adds to one request to the sign-in service, to prove that it is this client."""
    return _proof(client_id, _assertion(client_id, issuer, key, utc_now()))


def _proof(client_id: str, assertion: str) -> dict[str, str]:
    return {
        "client_id": client_id,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }


def _assertion(client_id: str, issuer: str, key: EllipticCurvePrivateKey, now: datetime) -> str:
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": issuer,
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + ASSERTION_LIFETIME,
    }
    return jwt.encode(claims, key, algorithm="ES256")


class Refused(Exception):
    """Keycloak's own reason (error and error_description), for the log."""


def load_client_key(file: Path) -> EllipticCurvePrivateKey:
    """The private key (PEM) by which a client proves who it is."""
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError(f"{file} does not hold an EC P-256 private key")
    return key


def _refusal(answer: httpx.Response) -> Refused:
    try:
        reason = answer.json()
        return Refused(f"{answer.status_code} {reason.get('error')}: {reason.get('error_description')}")
    except (ValueError, AttributeError):
        return Refused(str(answer.status_code))
