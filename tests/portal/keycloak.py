"""Plays the sign-in service for what cannot be provoked at the real one: slow, away, refusing; counts its use."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from services.kit.identity import LOGOUT_EVENT
from services.kit.oidc import OidcClient
from tests.kit.issuer import ISSUER, Issuer, claims, signed, signed_in_at

PORTAL = "http://portal.test"


class Keycloak:
    """Token, pushed request and logout endpoints over the keys and the clock of the kit's test issuer."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self.away = False
        self.refuses = False
        self.slow = asyncio.Event()
        self.slow.set()
        self.asked = asyncio.Event()
        self.used: list[dict[str, str]] = []
        self.nonce = ""
        self.given = ""
        self.sid = "a-session"
        self.by: dict[str, str] = {}
        """What its tokens say of a partner's provider."""
        self.subject = "a-subject"
        self.audience = ["partner_directory", "case"]
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.oidc = OidcClient(self.http, ISSUER, "portal", ec.generate_private_key(ec.SECP256R1()), clock=issuer.clock)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.used.append({"path": request.url.path.rpartition("openid-connect/")[2], **form})
        self.asked.set()
        await self.slow.wait()
        if self.away:
            raise httpx.ConnectError("away")
        if self.refuses:
            return httpx.Response(400, json={"error": "invalid_grant"})
        if request.url.path.endswith("/par/request"):
            self.nonce = form["nonce"]
            return httpx.Response(201, json={"request_uri": "urn:ietf:params:oauth:request_uri:1", "expires_in": 60})
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json=self._tokens())
        return httpx.Response(204)

    def _tokens(self) -> dict[str, Any]:
        self.given = self.token(jti=str(len(self.used)))
        return {
            "access_token": self.given,
            "expires_in": 300,
            "refresh_token": f"refresh-{len(self.used)}",
            "refresh_expires_in": 1800,
            "id_token": self.token(typ="ID", aud="portal", nonce=self.nonce),
        }

    def token(self, **changed: Any) -> str:
        """An access token of now."""
        now = seconds(self.issuer.now)
        own = {
            "aud": self.audience,
            "sub": self.subject,
            "sid": self.sid,
            "iat": now,
            "exp": now + 300,
            **signed_in_at(now - 60),
            **self.by,
        }
        return signed(claims(**(own | changed)))

    def api_token(self, **changed: Any) -> str:
        """One of an API client."""
        return self.token(**({"aud": "portal", "azp": "rondetafel-cli"} | changed))

    def logout_token(self, **changed: Any) -> str:
        """What Keycloak sends when a session ended."""
        now = seconds(self.issuer.now)
        rightful = {
            "iss": ISSUER, "aud": "portal", "sub": "a-subject", "sid": self.sid, "jti": "1", "typ": "Logout",
            "iat": now, "exp": now + 120, "events": {LOGOUT_EVENT: {}},
        }  # fmt: skip
        return signed(
            {name: value for name, value in (rightful | changed).items() if value is not None}, typ="logout+jwt"
        )

    def count(self, grant: str) -> int:
        """How often a grant was used."""
        return sum(name.get("grant_type") == grant for name in self.used)


def seconds(moment: datetime) -> int:
    """Unix time."""
    return int(moment.timestamp())


def body_of(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer."""
    body: dict[str, Any] = json.loads(answer.content)
    return body
