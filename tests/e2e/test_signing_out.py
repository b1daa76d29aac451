"""Invariant 15, from door to door, with NATS hung or gone: who signed out or was shut out reaches nothing any more."""

from __future__ import annotations

import importlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import grpc
import httpx
import jwt
import pytest

from deploy.local.browser import Browser, forms
from deploy.local.caller import Caller, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.demo import seeder
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from services.kit.calling import call_metadata
from services.kit.channel import Channel
from services.kit.principal import PLATFORM
from tests.e2e.fresh import fresh_table
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.exchanging import for_services
from tests.patience import ANSWERED_WITHIN

RPCS = {
    "partner_directory": ("Cell", "ListMyCells"),
    "case": ("Signal", "ListSignals"),
    "meeting": ("Session", "ListSessions"),
    "audit": ("Audit", "SearchAudit"),
}
"""A question at each service, which it answers everybody who holds the right mandate."""
REST = {"partner_directory": "/me", "case": "signals", "meeting": "sessions", "audit": "audit"}
BY = {"nele": ("partner_directory", "case", "meeting"), "tom": ("audit",)}


@pytest.fixture(scope="session")
def platform(storm: Platform) -> Platform:
    """The one of which parts may be stopped."""
    return storm


@pytest.fixture
async def table(platform: Platform) -> AsyncIterator[Table]:
    """With people of its own, who are signed out and shut out here."""
    async with fresh_table(platform) as table:
        yield table


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser at the portal, and an access token of the same sign-in: for the API, and what it is exchanged for."""

    platform: Platform
    table: Table
    browser: Browser
    token: str
    exchanged: str
    services: tuple[str, ...]

    async def rest(self, service: str) -> int:
        """The status of a question over REST."""

        async def token() -> str:
            return self.token

        path = REST[service]
        async with api_client(self.platform.instance.portal_url) as http:
            path = path if path.startswith("/") else self.table.path(path)
            return (await Caller(http, token).send("GET", path)).status_code

    async def grpc(self, service: str) -> grpc.StatusCode:
        """The status of the same question, straight at the service."""
        instance, (name, method) = self.platform.instance, RPCS[service]
        stubs = importlib.import_module(f"rondetafel.{service}.v1.{service}_pb2_grpc")
        messages = importlib.import_module(f"rondetafel.{service}.v1.{service}_pb2")
        channel = Channel(f"127.0.0.1:{instance.ports.grpc[service]}", service, instance.tls("portal"))
        cell = PLATFORM if service == "partner_directory" else UUID(self.table.cell)
        try:
            stub = getattr(stubs, f"{name}ServiceStub")(channel.get())
            request = getattr(messages, f"{method}Request")()
            await getattr(stub, method)(
                request, metadata=call_metadata(cell, token=self.exchanged), timeout=ANSWERED_WITHIN
            )
        except grpc.aio.AioRpcError as error:
            return error.code()
        finally:
            await channel.close()
        return grpc.StatusCode.OK

    async def sign_out(self) -> None:
        """By the form of the page."""
        portal = self.platform.instance.portal_url
        page = await self.browser.open(f"{portal}/me")
        form = next(form for form in forms(page) if form.action == f"{portal}/signout")
        assert str((await self.browser.submit(form, {})).url) == f"{portal}/?out=1"

    async def reaches_all(self) -> None:
        """The rightful call works at every service."""
        for service in self.services:
            assert await self.rest(service) == 200, service
            assert await self.grpc(service) is grpc.StatusCode.OK, service

    async def reaches_nothing(self) -> None:
        """Wait until each service refuses the very same call, by both doors; from then on it stays refused."""

        async def refused(service: str) -> bool | None:
            answer = await self.grpc(service)
            assert answer in (grpc.StatusCode.OK, grpc.StatusCode.UNAUTHENTICATED)
            return answer is grpc.StatusCode.UNAUTHENTICATED or None

        for service in self.services:
            await until(f"{service} refuses", lambda service=service: refused(service))  # type: ignore[misc]
        for service in self.services:
            assert await self.rest(service) == 401, service
            assert await self.grpc(service) is grpc.StatusCode.UNAUTHENTICATED, service


@asynccontextmanager
async def signed_in(platform: Platform, table: Table, name: str) -> AsyncIterator[SignedIn]:
    """At the portal by a browser, then at the API's client by the same sign-in."""
    flow = CodeFlow(platform.instance)
    async with Browser() as browser:
        await flow.sign_in_at_portal(browser, platform.instance.portal_url, table.account(name))
        tokens = await flow.sign_in(flow.people[table.account(name)], browser)
        exchanged = await for_services(platform.instance, tokens.access_token)
        yield SignedIn(platform, table, browser, tokens.access_token, exchanged, BY[name])


@asynccontextmanager
async def without_nats(platform: Platform, fault: str) -> AsyncIterator[None]:
    """NATS stops answering and keeps its connections, or is gone."""
    if fault == "gone":
        await platform.stop_server("nats")
    else:
        os.kill(platform.nats.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        if fault == "gone":
            await platform.start_server("nats")
        else:
            os.kill(platform.nats.process.pid, signal.SIGCONT)


@pytest.mark.parametrize("fault", ["hung", "gone"])
async def test_invariant_15_signing_out_ends_everything_while_nats_is(
    platform: Platform, table: Table, fault: str
) -> None:
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(signed_in(platform, table, name)) for name in BY]
        await stack.enter_async_context(without_nats(platform, fault))
        for person in people:
            await person.reaches_all()
        for person in people:
            await person.sign_out()
        for person in people:
            await person.reaches_nothing()


async def test_invariant_15_who_is_shut_out_reaches_nothing_until_let_in_again(
    platform: Platform, table: Table
) -> None:
    async with signed_in(platform, table, "nele") as nele, host(platform, table) as host_client:
        await nele.reaches_all()
        body = {"kind": "subject", "value": subject_of(nele.token)}
        async with without_nats(platform, "hung"):
            await host_client.post("/identities/disable", body)
            await nele.reaches_nothing()
            page = await nele.browser.open(f"{platform.instance.portal_url}/me")
            assert httpx.URL(str(page.url)).path != "/me"
        await host_client.post("/identities/enable", body)
        await nele.reaches_nothing()


@asynccontextmanager
async def host(platform: Platform, table: Table) -> AsyncIterator[Caller]:
    """The host's client at the API."""
    instance = platform.instance
    async with seeder(platform, Progress(instance.root / f"host-{table.tag}.json")) as town_hall:
        yield town_hall.host


def subject_of(token: str) -> str:
    """Whom a token names."""
    subject: str = jwt.decode(token, options={"verify_signature": False})["sub"]
    return subject
