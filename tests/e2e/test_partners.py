"""People of a partner sign in at their own organisation, from door to door; a realm of the same server plays it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyotp
import pytest

from deploy.local.browser import Browser, forms, visible_text
from deploy.local.caller import Answer, Caller
from deploy.local.invited import code_of
from deploy.local.people import PERIOD
from deploy.local.platform import Platform
from deploy.local.towns import DECREE
from tests.e2e.bodies import day
from tests.e2e.fresh import table_of_the_pool
from tests.e2e.partners import CAW_HOME, CLB_HOME, Home, the_host, the_provider
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.keycloak.walking import PASSWORD, form_with, page_id, text_key
from tests.pages.scene import PLANNED, played
from tests.patience import HANGS_AFTER


@dataclass
class Partner:
    """The partner's provider as the host and its people meet it."""

    platform: Platform
    host: Caller
    home: Home
    id: str = ""

    @property
    def portal(self) -> str:
        return self.platform.instance.portal_url

    async def read(self) -> Answer:
        return await self.host.get(f"/providers/{self.id}")

    async def switch(self, act: str) -> Answer:
        """Enabled or disabled, once the sign-in service is as far."""

        async def ready() -> Answer | None:
            found = await self.read()
            return found if f"{act}_provider" in found.body["may"] else None

        found = await until(f"the provider can be {act}d", ready)
        return await self.host.post(f"/providers/{self.id}/{act}", {}, if_match=found.etag)

    async def worker(self, email: str = "") -> Worker:
        """Somebody who works there, with a password there."""
        email = email or f"{secrets.token_hex(6)}@{self.home.domain}"
        person = {
            "username": email, "email": email, "emailVerified": True, "firstName": "Nele", "lastName": "Claes",
            "enabled": True, "credentials": [{"type": "password", "value": PASSWORD}],
        }  # fmt: skip
        async with self.platform.keycloak.partner(self.home.realm) as theirs:
            made = await theirs.post("users", person)
        return Worker(self, made.headers["location"].rpartition("/")[2], email)


@dataclass
class Worker:
    """One of the partner's people, in a browser; `key` is that of the app with one-time codes."""

    partner: Partner
    id: str
    email: str
    key: str = ""
    used: list[int] = field(default_factory=list)
    browser: Browser = field(default_factory=Browser)

    async def sign_in(self, browser: Browser | None = None) -> httpx.Response:
        """From the portal by the address to the provider, by the second step here, and back to the portal."""
        self.browser = browser or self.browser
        start = await self.browser.open(f"{self.partner.portal}/signin")
        page = await self._carried(await self.browser.submit(form_with(start, "username"), {"username": self.email}))
        assert f"/realms/{self.partner.home.realm}/" in str(page.url), visible_text(page)[:300]
        page = await self.browser.submit(form_with(page, "password"), {"username": self.email, "password": PASSWORD})
        return await self._second_step(await self._carried(page))

    async def _carried(self, page: httpx.Response) -> httpx.Response:
        """What one side has the browser carry to the other, in a form that is sent by itself."""
        while found := [form for form in forms(page) if {"SAMLRequest", "SAMLResponse"} & form.fields.keys()]:
            page = await self.browser.submit(found[0], {})
        return page

    async def _second_step(self, page: httpx.Response) -> httpx.Response:
        """The app with one-time codes: set up at the first time, and then the codes around now, each once."""
        if str(page.url).startswith(self.partner.portal):
            return page
        if page_id(page) == "login-config-totp":
            self.key = text_key(page)
            page = await self.browser.submit(form_with(page, "totp"), {"totp": await self._code()})
        else:
            page = await self.browser.submit(form_with(page, "otp"), {"otp": await self._code()})
        assert str(page.url).startswith(self.partner.portal), visible_text(page)[:300]
        return page

    async def _code(self) -> str:
        """One that Keycloak takes now; each is taken once."""

        async def unused() -> int | None:
            now = int(time.time()) // PERIOD
            return next((step for step in (now, now + 1, now - 1) if step not in self.used), None)

        self.used.append(await until("a code is not used yet", unused))
        return pyotp.TOTP(self.key.replace(" ", "")).at(self.used[-1] * PERIOD)

    async def becomes(self, **changes: Any) -> None:
        """The partner changes the account."""
        async with self.partner.platform.keycloak.partner(self.partner.home.realm) as theirs:
            person = await theirs.get(f"users/{self.id}")
            await theirs.put(f"users/{self.id}", person | changes)

    async def status(self, browser: Browser | None = None) -> int:
        """What the portal says to this browser's sign-in."""
        return (await (browser or self.browser).open(f"{self.partner.portal}/api/v1/me")).status_code

    async def cells(self) -> list[str]:
        """At which tables the person sits."""
        found = (await self.browser.open(f"{self.partner.portal}/api/v1/me")).json()
        return [cell["cell_id"] for cell in found["cells"]]


@pytest.fixture(scope="module", params=[CAW_HOME, CLB_HOME], ids=["by OpenID Connect", "by SAML"])
async def partner(platform: Platform, request: pytest.FixtureRequest) -> AsyncIterator[Partner]:
    """A partner of this machine, enabled."""
    async with the_host(platform) as host:
        partner = Partner(platform, host, request.param, await the_provider(platform, host, request.param))
        if (await partner.read()).body["state"] != "ENABLED":
            await partner.switch("enable")
        yield partner


@pytest.fixture(scope="module")
async def table(platform: Platform, partner: Partner) -> AsyncIterator[Table]:
    """One for all people of a partner: each test invites somebody new."""
    async with table_of_the_pool(platform) as table:
        yield table


async def accounts(platform: Platform, email: str) -> list[dict[str, Any]]:
    """Of the sign-in service here."""
    async with platform.keycloak.admin() as admin:
        found: list[dict[str, Any]] = await admin.get("users", email=email, exact=True)
    return found


async def invited(partner: Partner, table: Table, email: str) -> tuple[str, str]:
    """Invited to the table; the page of the invitation and its code."""
    organisation = partner.home.organisation["kbo_number"]
    body = {
        "email": email, "given_name": "Nele", "family_name": "Claes", "kbo_number": organisation, "role": "participant",
        "nis_codes": [table.nis_code], "from": day(0), "to": day(300), "legal_basis": DECREE,
    }  # fmt: skip
    made = await table["an"].post(table.path("mandates"), body)
    return f"/invitation/{table.cell}/{made.body['id']}", made.body["id"]


async def test_a_worker_comes_by_the_own_organisation_and_by_the_code_and_stays_the_same_person(
    platform: Platform, partner: Partner, table: Table
) -> None:
    """No account is made for the invitation, no password is ever had here; another name and address change nothing."""
    worker = await partner.worker()
    address, invitation = await invited(partner, table, worker.email)
    code = await code_of(platform.instance, invitation)
    assert await accounts(platform, worker.email) == []
    async with Browser() as browser:
        arrived = await worker.sign_in(browser)
        assert str(arrived.url).startswith(partner.portal)
        assert await worker.cells() == []
        await comes(worker, address, code)
        assert await worker.cells() == [table.cell]
    (account,) = await accounts(platform, worker.email)
    async with platform.keycloak.admin() as admin:
        assert {found["type"] for found in await admin.get(f"users/{account['id']}/credentials")} == {"otp"}
        assert "UPDATE_PASSWORD" not in account["requiredActions"]
    other = f"other-{worker.email}"
    await worker.becomes(username=other, email=other, lastName="Peeters")
    worker.email, first = other, worker.email
    async with Browser() as browser:
        await worker.sign_in(browser)
        assert await worker.cells() == [table.cell]
    assert await accounts(platform, other) == []
    assert [found["lastName"] for found in await accounts(platform, first)] == ["Peeters"]


async def test_invariant_15_a_foreign_address_is_refused_at_a_later_sign_in_too_and_ended(
    platform: Platform, partner: Partner
) -> None:
    worker = await partner.worker()
    async with Browser() as browser:
        await worker.sign_in(browser)
        assert await worker.status() == 200
    own = worker.email
    await worker.becomes(email=f"{own.partition('@')[0]}@elsewhere.example")
    async with Browser() as browser:
        refused = await worker.sign_in(browser)
        assert (refused.status_code, "e-mailadres" in refused.text) == (403, True)
        assert await worker.status(browser) == 401
    (account,) = await accounts(platform, own)
    async with platform.keycloak.admin() as admin:
        assert len(await admin.get(f"users/{account['id']}/sessions")) == 1
    await worker.becomes(email=own)
    async with Browser() as browser:
        await worker.sign_in(browser)
        assert await worker.status() == 200


@asynccontextmanager
async def streaming(partner: Partner, browser: Browser, of: str) -> AsyncIterator[httpx.Response]:
    """A page's stream of changes, open."""
    async with httpx.AsyncClient(trust_env=False, timeout=HANGS_AFTER) as http:
        request = http.build_request("GET", f"{partner.portal}/events?of={of}")
        browser.cookies.set_cookie_header(request)
        answer = await http.send(request, stream=True)
        try:
            yield answer
        finally:
            await answer.aclose()


async def test_invariant_15_a_disabled_provider_ends_its_people_and_their_streams(
    platform: Platform, partner: Partner, table: Table
) -> None:
    """Enabled again they come in anew; what they held before is worth nothing, and the others never noticed."""
    worker = await partner.worker()
    address, invitation = await invited(partner, table, worker.email)
    story = await played(table, *PLANNED)
    async with Browser() as before, Browser() as after:
        await worker.sign_in(before)
        await comes(worker, address, await code_of(platform.instance, invitation))
        await promises(worker, table)
        async with streaming(partner, before, f"{table.cell}/{story.session}") as stream:
            assert (stream.status_code, await worker.status(before)) == (200, 200)
            ended = asyncio.create_task(_end_of(stream))
            await partner.switch("disable")
            done = time.monotonic()
            await until("the sign-in ends", lambda: out(worker, before))
            session = time.monotonic() - done
            stream_ended = await ended - done
            print(f"\nafter the act was done: session {session:.3f} s, stream {stream_ended:.3f} s")
        start = await after.open(f"{partner.portal}/signin")
        refused = await after.submit(form_with(start, "username"), {"username": worker.email})
        assert f"/realms/{partner.home.realm}/" not in str(refused.url)
        assert (await table["an"].get(table.path("mandates"))).body
        await partner.switch("enable")
        assert await worker.status(before) == 401
        # Tokens of the ten seconds after it was enabled are refused: clocks may differ by that much.
        await until("a new sign-in counts", lambda: comes_in(partner))
        await worker.sign_in(after)
        assert (await worker.status(after), await worker.cells()) == (200, [table.cell])


async def comes(worker: Worker, address: str, code: str) -> None:
    """By the page of the invitation."""
    page = await worker.browser.open(f"{worker.partner.portal}{address}")
    done = await worker.browser.submit(form_with(page, "code"), {"code": code})
    assert done.status_code == 200, visible_text(done)[:300]


async def promises(worker: Worker, table: Table) -> None:
    """Secrecy, by its page; returns when it counts."""
    page = await worker.browser.open(f"{worker.partner.portal}/cells/{table.cell}/undertaking")
    # Where it leads to may be asked for before the other services have heard of it: that it counts is seen below.
    await worker.browser.submit(form_with(page, "text_version"), {"accept": "1"})

    async def heard() -> bool | None:
        sessions = f"{worker.partner.portal}/api/v1/cells/{table.cell}/sessions"
        return (await worker.browser.open(sessions)).status_code == 200 or None

    await until("the meeting service hears of it", heard)


async def comes_in(partner: Partner) -> bool | None:
    """Whether somebody who comes by it for the first time is let in."""
    newcomer = await partner.worker()
    async with Browser() as browser:
        await newcomer.sign_in(browser)
        return await newcomer.status() == 200 or None


async def _end_of(stream: httpx.Response) -> float:
    async for _ in stream.aiter_bytes():
        pass
    return time.monotonic()


async def out(worker: Worker, browser: Browser) -> bool | None:
    return await worker.status(browser) == 401 or None
