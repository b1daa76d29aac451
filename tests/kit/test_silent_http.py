"""Keycloak over connections that silently carry nothing any more: it counts as away, and the next question arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from deploy.local.ports import LOOPBACK
from services.gate.errors import KeycloakAway
from services.gate.upstream import Upstream
from services.kit.errors import Unavailable
from services.kit.http import HttpServer
from services.kit.http_client import http_client
from services.kit.oidc import OidcClient
from services.kit.patience import Requests
from tests.background import running
from tests.silence import WAIT_SECONDS, Way, way_to

QUICK = Requests(answer_seconds=1, idle_seconds=WAIT_SECONDS)
"""On a busy machine an answer may be late on a way that carries too: then the next one comes."""


@dataclass
class Keycloak:
    """Gives a token to whoever asks, and counts."""

    way: Way
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: Request) -> JSONResponse:
        self.asked.append(request.method)
        return JSONResponse({"access_token": "a", "expires_in": 300})

    async def falls_silent(self, ask: Callable[[], Awaitable[object]], away: type[Exception]) -> None:
        """It was asked and answers; then it hears and is not heard; then all is as before."""
        await ask()
        before, made = len(self.asked), self.way.made
        self.way.forget(heard=True)
        with pytest.raises(away):
            await ask()
        assert len(self.asked) == before + 1, "what may have been done is not tried again"
        while True:
            try:
                await ask()
            except away:
                continue
            break
        assert self.way.made > made


@pytest.fixture
async def keycloak() -> AsyncIterator[Keycloak]:
    way = Way(LOOPBACK, 0)
    keycloak = Keycloak(way)
    app = Starlette(routes=[Route("/{path:path}", keycloak.answer, methods=["GET", "POST"])])
    server = HttpServer(app, f"{LOOPBACK}:0")
    async with running(server.run()), way_to(server.port) as way:
        keycloak.way = way
        yield keycloak
        await server.stop()


async def test_a_client_of_the_sign_in_service(keycloak: Keycloak) -> None:
    async with http_client(QUICK) as http:
        issuer = f"http://{keycloak.way.target}/realms/rondetafel"
        client = OidcClient(http, issuer, "portal", ec.generate_private_key(ec.SECP256R1()))
        await keycloak.falls_silent(client.client_credentials, Unavailable)


async def test_the_gate_before_it(keycloak: Keycloak) -> None:
    upstream = Upstream(f"http://{keycloak.way.target}", QUICK)

    async def ask() -> None:
        answer = await upstream.send("GET", "/realms/rondetafel", [], b"")
        assert answer.status == 200
        await answer.whole()

    await keycloak.falls_silent(ask, KeycloakAway)
    await upstream.close()
