"""The gate before a server that answers as Keycloak does, both over real HTTP, with a clock of the test."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from deploy.local.theme import lay_out_look
from services.gate.app import Gate
from services.gate.device import Devices
from services.gate.headers import Callers, Public
from services.gate.pages import Pages
from services.gate.routes import Routes
from services.gate.slowing import Slowing
from services.gate.steps import Steps
from services.gate.upstream import Upstream
from services.kit.grid import Grid
from services.kit.http import BodyLimit, Caught, HttpServer, Traced
from tests.gate.clock import Seconds

SIGN_IN = "/realms/rondetafel/login-actions/authenticate?client_id=portal&tab_id=t&session_code=s"
CALLBACK = "http://localhost:1/signin/callback"
GRID = 0.5


def session(name: str) -> dict[str, str]:
    """The cookie of a sign-in, as Keycloak writes it."""
    value = base64.urlsafe_b64encode(f"{name}.signature".encode()).rstrip(b"=").decode()
    return {"cookie": f"AUTH_SESSION_ID={value}"}


@dataclass
class Pretended:
    """Answers forms as Keycloak does; everybody in `passwords` is known. `busy` is how long it works, on the clock."""

    clock: Seconds
    passwords: dict[str, str] = field(default_factory=dict)
    busy: dict[str, float] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note what came, and answer."""
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body = (await receive()).get("body", b"")
        self.asked.append((scope["method"], scope["raw_path"].decode(), headers, body))
        form = {name: parse_q for name, (parse_q, *_) in parse_qs(body.decode(), keep_blank_values=True).items()}
        self.clock.now += self.busy.get(form.get("username", ""), 0.0)
        page, location = "login-login", ""
        if "otp" in form:
            page, location = ("", f"{CALLBACK}?code=c&state=s") if form["otp"] == "123456" else ("login-login-otp", "")
        elif form.get("password") and self.passwords.get(form.get("username", "")) == form["password"]:
            page = "login-login-otp"
        who = f' data-account="{form["username"]}"' if page == "login-login-otp" and "username" in form else ""
        said = [(b"content-type", b"text/html"), (b"set-cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2; Path=/")]
        said += [(b"location", location.encode())] if location else []
        await send({"type": "http.response.start", "status": 302 if location else 200, "headers": said})
        html = f'<html lang="fr"><body data-page-id="{page}"{who}>'
        await send({"type": "http.response.body", "body": html.encode()})


@dataclass
class Scene:
    """The gate, what stands behind it, and the clock."""

    clock: Seconds
    behind: Pretended
    url: str

    def browser(self, address: str = "127.0.0.1") -> httpx.AsyncClient:
        """A client from this address that keeps no cookies of its own accord."""
        way = httpx.AsyncHTTPTransport(local_address=address, trust_env=False)
        return httpx.AsyncClient(transport=way, base_url=self.url, trust_env=False)

    async def try_password(
        self, account: str, password: str, *, address: str = "127.0.0.1", name: str = "", also: str = ""
    ) -> httpx.Response:
        """One try in a sign-in of its own, of which the page was shown."""
        headers = session(name or f"{account}-{address}")
        headers["cookie"] += f"; {also}" if also else ""
        async with self.browser(address) as browser:
            await browser.get(SIGN_IN, headers=headers)
            form = {"username": account, "password": password}
            return await browser.post(SIGN_IN, data=form, headers=headers)


@contextlib.asynccontextmanager
async def serving(server: HttpServer) -> AsyncIterator[str]:
    """While it serves; its address."""
    task = asyncio.create_task(server.run())
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()
        await task


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The gate's own pages in the product's look."""
    look = tmp_path_factory.mktemp("look") / "files"
    lay_out_look(look)
    return Pages(look)


@pytest.fixture
async def scene(pages: Pages) -> AsyncIterator[Scene]:
    """A gate of its own for each test."""
    clock = Seconds()
    behind = Pretended(clock, {"nele@caw.example": "right one"})
    async with serving(HttpServer(behind, "127.0.0.1:0")) as keycloak:
        upstream = Upstream(keycloak)
        steps = Steps(Slowing(clock), Devices(b"k" * 32), Grid(GRID, clock, clock.sleep))
        public = Public.of("https://signin.example/realms/rondetafel")
        gate = Gate(Routes("rondetafel"), public, Callers([]), upstream, pages, steps)
        async with serving(HttpServer(Traced(Caught(BodyLimit(gate))), "127.0.0.1:0")) as url:
            yield Scene(clock, behind, url)
        await upstream.close()
