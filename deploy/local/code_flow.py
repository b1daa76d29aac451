"""Signs people in by the real code flow through Keycloak's real pages, and keeps their tokens."""

import asyncio
import contextlib
import fcntl
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from deploy.local.browser import Browser, Form, forms, visible_text
from deploy.local.instance import Instance
from deploy.local.keycloak import client_key_file
from deploy.local.people import People, Person
from deploy.local.process import StartFailed
from deploy.local.secret_files import write_private
from deploy.local.trust import trusted
from services.kit.clock import utc_now
from services.kit.errors import Unauthenticated
from services.kit.oidc import OidcClient, Tokens, load_client_key

CLIENT = "rondetafel-cli"
REDIRECT_URI = "http://127.0.0.1/callback"
MAX_PAGES = 8
MOST_TRIES = 2
"""With the same answers: a third time would only count as guessing at the gate."""
LEAST_LIFETIME = timedelta(seconds=60)


class SignInFailed(StartFailed):
    """The sign-in ended at a page of Keycloak that says why."""


class CodeFlow:
    """Access tokens for the people of one instance, as client `rondetafel-cli`."""

    def __init__(self, instance: Instance) -> None:
        self.people = People(instance)
        self._issuer = instance.issuer
        self._key_file = client_key_file(instance.secrets, CLIENT)
        self.directory = instance.root / "secrets" / "tokens"

    async def token(self, name: str) -> str:
        """An access token that is good for a minute at least: the kept one, a refreshed one, or a new sign-in.

        One at a time per person, over all processes: a refresh token that is used twice ends the session.
        """
        file = self.directory / f"{name}.json"
        async with _held(file.with_suffix(".lock")):
            kept = _read(file)
            if kept is None or kept.expires_at < utc_now() + LEAST_LIFETIME:
                kept = await self._renewed(name, kept)
                write_private(file, _written(kept))
            return kept.access_token

    def forget(self, name: str) -> None:
        """Drop what is kept: the next token comes from a new sign-in."""
        (self.directory / f"{name}.json").unlink(missing_ok=True)

    async def sign_in(self, person: Person, browser: Browser | None = None) -> Tokens:
        """Sign in from nothing, by password and one-time code; or go on with the sign-in this browser holds."""
        async with httpx.AsyncClient(verify=trusted(), trust_env=False) as http, Browser() as new:
            browser = browser or new
            client = self._client(http)
            request = await client.pushed_authorization_request(REDIRECT_URI)
            start = await browser.open(request.url, until=REDIRECT_URI)
            page = await self.walk(browser, start, person, until=REDIRECT_URI)
            answer = parse_qs(urlsplit(page.headers.get("location", "")).query)
            if answer.get("state") != [request.state] or "code" not in answer:
                raise SignInFailed(f"Keycloak did not sign {person.name} in: {visible_text(page)[:300]}")
            return await client.exchange_code(request, answer["code"][0])

    async def sign_in_at_portal(self, browser: Browser, portal_url: str, name: str) -> httpx.Response:
        """Sign in as a browser does, from the portal's `/signin` back to the portal; gives the page where it ends.

        Afterwards `browser` holds the portal's session cookie and Keycloak's own.
        """
        page = await self.walk(browser, await browser.open(f"{portal_url}/signin"), self.people[name])
        if str(page.url).startswith(self._issuer):
            raise SignInFailed(f"Keycloak did not sign {name} in: {visible_text(page)[:300]}")
        return page

    async def walk(
        self, browser: Browser, page: httpx.Response, person: Person, *, until: str | None = None
    ) -> httpx.Response:
        """Fill in Keycloak's forms as this person, beginning with `page`.

        Gives the first page that is not Keycloak's or has nothing to fill in, or the redirect to `until`.
        """
        asked: Counter[frozenset[str]] = Counter()
        for _ in range(MAX_PAGES):
            form = next((form for form in forms(page) if form.fields.keys() & {"username", "password", "otp"}), None)
            if page.has_redirect_location or not str(page.url).startswith(self._issuer) or form is None:
                return page
            asked[frozenset(form.fields)] += 1
            if asked[frozenset(form.fields)] > MOST_TRIES:
                break
            page = await browser.submit(form, await self._answers(form, person), until=until)
        raise SignInFailed(f"Keycloak keeps asking {person.name}: {visible_text(page)[:300]}")

    async def _answers(self, form: Form, person: Person) -> dict[str, str]:
        answers = {"username": person.email, "password": person.password}
        if "otp" in form.fields:
            answers["otp"] = await self.people.take_code(person.name)
        return {name: value for name, value in answers.items() if name in form.fields}

    async def _renewed(self, name: str, kept: Tokens | None) -> Tokens:
        if kept is not None and kept.refresh_token is not None:
            with contextlib.suppress(Unauthenticated):
                async with httpx.AsyncClient(verify=trusted(), trust_env=False) as http:
                    return await self._client(http).refresh(kept.refresh_token)
        return await self.sign_in(self.people[name])

    def _client(self, http: httpx.AsyncClient) -> OidcClient:
        return OidcClient(http, self._issuer, CLIENT, load_client_key(self._key_file))


@contextlib.asynccontextmanager
async def _held(lock: Path) -> AsyncIterator[None]:
    """Hold a lock between processes without holding up the event loop, which may be the holder's own."""
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.02)
        yield


def _read(file: Path) -> Tokens | None:
    if not file.exists():
        return None
    kept = json.loads(file.read_text())
    return Tokens(kept["access_token"], datetime.fromisoformat(kept["expires_at"]), kept["refresh_token"])


def _written(tokens: Tokens) -> bytes:
    kept = {
        "access_token": tokens.access_token,
        "expires_at": tokens.expires_at.isoformat(),
        "refresh_token": tokens.refresh_token,
    }
    return json.dumps(kept).encode()
