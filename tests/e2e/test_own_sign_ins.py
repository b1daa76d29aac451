"""Where somebody is signed in, from door to door: ended one by one, at the partner, and when it was somebody else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from deploy.local.browser import Browser
from deploy.local.invited import code_of
from deploy.local.platform import Platform
from tests.e2e.partners import CAW_HOME, the_host, the_provider
from tests.e2e.table import Table
from tests.e2e.test_partners import Partner, Worker, accounts, comes, invited, promises, streaming
from tests.e2e.waiting import until
from tests.keycloak.walking import form_with
from tests.pages.scene import PLANNED, played


@pytest.fixture(scope="module")
async def partner(platform: Platform) -> AsyncIterator[Partner]:
    """The one partner of this machine, enabled."""
    async with the_host(platform) as host:
        partner = Partner(platform, host, CAW_HOME, await the_provider(platform, host))
        if (await partner.read()).body["state"] != "ENABLED":
            await partner.switch("enable")
        yield partner


@pytest.fixture
async def worker(partner: Partner) -> Worker:
    """Somebody new of the partner."""
    return await partner.worker()


def out(worker: Worker, browser: Browser) -> Callable[[], Awaitable[bool | None]]:
    """Whether this browser is signed out."""

    async def asked() -> bool | None:
        return await worker.status(browser) == 401 or None

    return asked


def sessions(platform: Platform, worker: Worker, *, here: int, there: int) -> Callable[[], Awaitable[bool | None]]:
    """Whether the sign-in service and the partner have so many sign-ins of somebody."""

    async def asked() -> bool | None:
        (account,) = await accounts(platform, worker.email)
        async with platform.keycloak.admin() as admin, platform.keycloak.partner() as theirs:
            mine = await admin.get(f"users/{account['id']}/sessions")
            at_home = await theirs.get(f"users/{worker.id}/sessions")
        return (len(mine), len(at_home)) == (here, there) or None

    return asked


async def ended(stream: httpx.Response) -> None:
    """The stream is over."""
    async for _ in stream.aiter_bytes():
        pass


async def my_sign_ins(worker: Worker, browser: Browser) -> httpx.Response:
    return await browser.open(f"{worker.partner.portal}/me/sign-ins")


async def at_a_table(worker: Worker, table: Table, browser: Browser) -> str:
    """The worker sits at the table and promised secrecy; what a page of a session listens to."""
    address, invitation = await invited(worker.partner, table, worker.email)
    story = await played(table, *PLANNED)
    await worker.sign_in(browser)
    await comes(worker, address, await code_of(worker.partner.platform.instance, invitation))
    await promises(worker, table)
    return f"{table.cell}/{story.session}"


async def test_invariant_15_one_of_the_own_sign_ins_is_ended_from_another(
    platform: Platform, worker: Worker, table: Table
) -> None:
    """With its open stream, at the sign-in service, and at the partner; this one goes on."""
    async with Browser() as there, Browser() as here:
        listens = await at_a_table(worker, table, there)
        await worker.sign_in(here)
        page = await my_sign_ins(worker, here)
        assert page.text.count("via CAW Oost") == 2, "both by the own organisation"
        async with streaming(worker.partner, there, listens) as stream:
            assert stream.status_code == 200
            over = asyncio.create_task(ended(stream))
            done = await here.submit(form_with(page, "sign_in"), {})
            assert "?ended=1" in str(done.url)
            await over
        await until("the other browser is out", out(worker, there))
        assert await worker.status(here) == 200
        assert len(re.findall("via CAW Oost", (await my_sign_ins(worker, here)).text)) == 1
        await until("both ends know it", sessions(platform, worker, here=1, there=1))


async def test_invariant_15_signing_out_at_the_partner_signs_out_here(
    platform: Platform, worker: Worker, table: Table
) -> None:
    async with Browser() as browser, Browser() as stranger:
        listens = await at_a_table(worker, table, browser)
        other = await worker.partner.worker()
        await other.sign_in(stranger)
        async with streaming(worker.partner, browser, listens) as stream:
            over = asyncio.create_task(ended(stream))
            async with platform.keycloak.partner() as theirs:
                await theirs.post(f"users/{worker.id}/logout", {})
            await until("the portal knows it", out(worker, browser))
            await over
        assert await other.status(stranger) == 200
        await until("the sign-in is over there", sessions(platform, worker, here=0, there=0))


async def test_invariant_15_that_was_not_me_ends_every_sign_in_and_the_host_sees_that_it_was(
    platform: Platform, worker: Worker
) -> None:
    async with Browser() as there, Browser() as here:
        await worker.sign_in(there)
        await worker.sign_in(here)
        page = await here.open(f"{worker.partner.portal}/me/sign-ins/not-me")
        done = await here.submit(form_with(page, "key"), {})
        assert "out=stolen" in str(done.url)
        for browser in (here, there):
            await until("it is out", out(worker, browser))
        await until("both ends know it", sessions(platform, worker, here=0, there=0))

        async def followed() -> bool | None:
            found = (await worker.partner.host.get("/thefts")).body["thefts"]
            assert set(found[0]) <= {"theft_id", "reported_at", "followed_at"}
            return bool(found[0].get("followed_at")) or None

        await until("the host sees it was followed", followed)
