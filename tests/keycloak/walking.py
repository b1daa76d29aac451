"""People at Keycloak's pages: those who have no second factor yet, and the way through form by form."""

from __future__ import annotations

import asyncio
import html
import itertools
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp

from deploy.local.browser import Browser, Form, forms
from deploy.local.instance import Instance
from deploy.local.people import PERIOD
from deploy.local.realm_admin import RealmAdmin
from services.kit.oidc import OidcClient, SignInRequest, Tokens

NUMBERS = itertools.count(1)
# With an icon of its own: else a browser asks for one, maybe when nobody answers here any more, and complains.
ARRIVED = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n"
    b'<!doctype html><title>Arrived</title><link rel="icon" href="data:,"><p>OK</p>'
)
PASSWORD = "four ordinary words here"


@dataclass(frozen=True)
class Novice:
    """Somebody with a password and nothing else."""

    id: str
    email: str


async def novice(admin: RealmAdmin, *actions: str) -> Novice:
    """A new one, of whom Keycloak asks these actions at the next sign-in."""
    email = f"novice{next(NUMBERS)}@test.example"
    user = {
        "username": email,
        "email": email,
        "emailVerified": True,
        "enabled": True,
        "requiredActions": actions,
        "credentials": [{"type": "password", "value": PASSWORD}],
    }
    answer = await admin.post("users", user)
    return Novice(answer.headers["location"].rpartition("/")[2], email)


def parse_code(key: str, *, ahead: int = 0) -> str:
    """The code an app shows for the key that the set-up page tells, or for one of the next periods."""
    return pyotp.TOTP(key.replace(" ", "")).at(int(time.time()) + ahead * PERIOD)


def text_key(page: httpx.Response) -> str:
    """The key as it stands on the set-up page, for who types it."""
    found = re.search(r'id="kc-totp-secret-key"[^>]*>([^<]+)<', page.text)
    assert found, page.text
    return html.unescape(found[1])


def language_of(page: httpx.Response) -> str:
    """The language a page says it is in."""
    found = re.search(r'<html lang="([\w-]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def page_id(page: httpx.Response) -> str:
    """Which page of Keycloak it is."""
    found = re.search(r'data-page-id="login-([\w-]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def form_with(page: httpx.Response, name: str) -> Form:
    """The form that asks for this."""
    found = [form for form in forms(page) if name in form.fields]
    assert found, page.text
    return found[0]


class Walk:
    """One sign-in as the portal begins it, at the server's real pages."""

    def __init__(self, browser: Browser, portal: OidcClient, instance: Instance) -> None:
        self.browser = browser
        self.portal = portal
        self.callback = f"{instance.portal_url}/signin/callback"
        self.request: SignInRequest | None = None

    async def begin(self, email: str, *, language: str = "nl", action: str | None = None) -> httpx.Response:
        """The first page for this address."""
        self.request = await self.portal.pushed_authorization_request(
            self.callback, login_hint=email, language=language, action=action
        )
        return await self.browser.open(self.request.url, until=self.callback)

    async def fill(self, page: httpx.Response, **values: str) -> httpx.Response:
        """Answer the form that asks for the first of these."""
        names = {name.replace("_", "-"): value for name, value in values.items()}
        form = form_with(page, next(iter(names)))
        return await self.browser.submit(form, names, until=self.callback)

    async def tokens(self, page: httpx.Response) -> Tokens:
        """What the portal gets for the code with which the browser comes back."""
        assert page.has_redirect_location, page.text
        assert self.request is not None
        return await self.portal.exchange_code(self.request, self.answer(page)["code"])

    def answer(self, page: httpx.Response) -> dict[str, str]:
        """What the browser brings back to the portal."""
        query = parse_qs(urlsplit(page.headers["location"]).query)
        return {name: value for name, (value,) in query.items()}


@asynccontextmanager
async def arrivals(instance: Instance) -> AsyncIterator[asyncio.Queue[dict[str, list[str]]]]:
    """Answers where the portal would, and hands on what browsers bring back."""
    arrived: asyncio.Queue[dict[str, list[str]]] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        if urlsplit(address).path == "/signin/callback":
            arrived.put_nowait(parse_qs(urlsplit(address).query))
        writer.write(ARRIVED)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", instance.ports.portal):
        yield arrived
