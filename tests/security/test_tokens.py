"""Every kind of token at every door: each opens what it was made for and nothing else.

The attack behind it: a service that is given a token, and is not honest, takes it somewhere else.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Mapping
from uuid import UUID, uuid4

import grpc
import httpx
import pytest

from deploy.local.browser import Browser
from deploy.local.code_flow import CodeFlow
from deploy.local.people import Person
from deploy.local.platform import Platform
from services.kit.calling import call_metadata
from services.kit.channel import Channel
from services.kit.principal import PLATFORM
from tests.exchanging import client_of, for_services
from tests.keycloak.walking import Walk
from tests.patience import ANSWERED_WITHIN

DOORS = ("partner_directory", "case", "meeting", "audit")
ASKED = {
    "partner_directory": ("MandateService", "ListMandates", "portal"),
    "case": ("CaseService", "ListCases", "portal"),
    "meeting": ("SessionService", "ListSessions", "portal"),
    "audit": ("AuditService", "SearchAudit", "portal"),
}
"""One question at each door, and whose certificate may ask it. Who is let in without a mandate is told NOT_FOUND."""
EVERYWHERE = frozenset(DOORS)
OPENS: Mapping[str, frozenset[str]] = {
    "of a page": EVERYWHERE,
    "of a page, refreshed": EVERYWHERE,
    "of an API client": frozenset({"REST"}),
    "of an API client, exchanged": EVERYWHERE,
    "of the host": frozenset({"REST", "partner_directory"}),
    "of the host, exchanged": frozenset(),
    "of the directory": frozenset(),
    "of the operator": frozenset(),
    "id token": frozenset(),
    "refresh token": frozenset(),
    "none": frozenset(),
}


@pytest.fixture(scope="module")
async def tokens(platform: Platform) -> AsyncIterator[dict[str, str]]:
    """One of each kind, of one person and of our clients."""
    instance, name = platform.instance, f"bearer{uuid4().hex[:8]}"
    flow = CodeFlow(instance)
    async with platform.keycloak.admin() as admin:
        await flow.people.add(admin, [Person.invent(name, f"Bearer {name}", "test.example")])
    async with httpx.AsyncClient(trust_env=False) as http, Browser() as browser:
        portal, walk = client_of(http, instance, "portal"), Walk(browser, client_of(http, instance, "portal"), instance)
        person = flow.people[name]
        page = await flow.walk(browser, await walk.begin(person.email), person, until=walk.callback)
        of_the_page = await walk.tokens(page)
        refreshed = await portal.refresh(of_the_page.refresh_token or "")
        of_the_client = await flow.sign_in(person)
        own = {
            client: (await client_of(http, instance, client).client_credentials()).access_token for client in CLIENTS
        }
        yield {
            "of a page": of_the_page.access_token,
            "of a page, refreshed": refreshed.access_token,
            "of an API client": of_the_client.access_token,
            "of an API client, exchanged": await for_services(instance, of_the_client.access_token),
            "of the host": own["host"],
            "of the host, exchanged": (await portal.exchange_token(own["host"])).access_token,
            "of the directory": own["partner-directory"],
            "of the operator": own["operator"],
            "id token": of_the_client.id_token or "",
            "refresh token": of_the_client.refresh_token or "",
            "none": "not-a-token",
        }


CLIENTS = ("host", "partner-directory", "operator")


async def opens(platform: Platform, door: str, token: str) -> bool:
    """Whether this token is good at this door, whatever it may do behind it."""
    if door == "REST":
        async with httpx.AsyncClient(trust_env=False) as http:
            address = f"{platform.instance.portal_url}/api/v1/cells/{PLATFORM}/mandates"
            answer = await http.get(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in (200, 401, 404), answer.text
        return answer.status_code != 401
    service, method, certificate = ASKED[door]
    module = importlib.import_module(f"rondetafel.{door}.v1.{door}_pb2")
    grpc_module = importlib.import_module(f"rondetafel.{door}.v1.{door}_pb2_grpc")
    channel = Channel(f"127.0.0.1:{platform.instance.ports.grpc[door]}", door, platform.instance.tls(certificate))
    try:
        ask = getattr(getattr(grpc_module, f"{service}Stub")(channel.get()), method)
        request = getattr(module, f"{method}Request")()
        await ask(request, metadata=call_metadata(UUID(str(PLATFORM)), token=token), timeout=ANSWERED_WITHIN)
    except grpc.aio.AioRpcError as error:
        if error.code() not in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.NOT_FOUND):
            raise
        return error.code() is grpc.StatusCode.NOT_FOUND
    finally:
        await channel.close()
    return True


@pytest.mark.parametrize("kind", OPENS)
async def test_each_token_opens_what_it_is_for(platform: Platform, tokens: dict[str, str], kind: str) -> None:
    found = {door for door in ("REST", *DOORS) if await opens(platform, door, tokens[kind])}
    assert found == OPENS[kind]


async def test_what_a_service_was_given_is_worth_nothing_at_the_front_door(
    platform: Platform, tokens: dict[str, str]
) -> None:
    """The caller first, with the very same request."""
    assert await opens(platform, "REST", tokens["of an API client"])
    assert await opens(platform, "case", tokens["of an API client, exchanged"])
    assert not await opens(platform, "REST", tokens["of an API client, exchanged"])
    assert not await opens(platform, "REST", tokens["of a page"])
