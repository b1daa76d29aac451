"""The real Keycloak with our realm, and people of its own for every test."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from deploy.local.code_flow import CodeFlow
from deploy.local.gate import Gate
from deploy.local.instance import Instance
from deploy.local.keycloak import Keycloak, client_key_file
from deploy.local.people import Person
from deploy.local.realm_admin import RealmAdmin
from deploy.local.servers import Servers
from services.kit.identity import CALLERS, Revocations, TokenVerifier
from services.kit.oidc import OidcClient, load_client_key
from services.kit.signing_keys import keys_of
from services.portal.api.bearers import API_CLIENTS
from tests.keycloak.slow import invite_the_slow, walk_slowly
from tests.ready_made import ReadyMade

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def keycloak(servers: Servers) -> Iterator[Keycloak]:
    """Keycloak and the gate before it, started once; any event loop may use them."""
    keycloak, gate = ReadyMade(servers.instance, servers.postgres.keycloak_jdbc), Gate(servers.instance)
    try:
        asyncio.run(gate.start())
        asyncio.run(keycloak.start())
        yield keycloak
    finally:
        asyncio.run(gate.stop())
        asyncio.run(keycloak.stop())


@pytest.fixture(scope="session")
async def master(keycloak: Keycloak) -> AsyncIterator[RealmAdmin]:
    """All realms, by the way back that operations.md tells to who has lost the operator's key."""
    await keycloak.recover()
    async with keycloak.recovery() as master:
        yield master


@pytest.fixture(scope="session", autouse=True)
def slow_walks(request: pytest.FixtureRequest) -> Iterator[Future[dict[str, str]] | None]:
    """Sign-ins that take minutes, begun with the first test when one of the last will look at them."""
    if not any("slow_walks" in getattr(item, "fixturenames", ()) and is_slow(item) for item in request.session.items):
        yield None
        return
    keycloak, instance = request.getfixturevalue("keycloak"), request.getfixturevalue("instance")
    asyncio.run(invite_the_slow(keycloak, instance))
    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(asyncio.run, walk_slowly(keycloak, instance))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow walks are looked at last; then only Keycloak is killed, which ends every sign-in under way."""
    items.sort(key=lambda item: (kills(item), is_slow(item)))


def is_slow(item: pytest.Item) -> bool:
    """Whether it looks at the slow walks."""
    return item.name.startswith("test_who_takes_time")


def kills(item: pytest.Item) -> bool:
    """Whether it lets Keycloak crash."""
    return item.name.startswith("test_with_keycloak_away")


@pytest.fixture(scope="session")
async def admin(keycloak: Keycloak) -> AsyncIterator[RealmAdmin]:
    async with keycloak.admin() as admin:
        yield admin


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as http:
        yield http


@pytest.fixture
def flow(keycloak: Keycloak, instance: Instance) -> CodeFlow:
    return CodeFlow(instance)


@pytest.fixture
async def person(flow: CodeFlow, admin: RealmAdmin) -> Person:
    """Somebody who never signed in before."""
    number = next(NUMBERS)
    person = Person.invent(f"person{number}", f"Person Number{number}", "test.example")
    await flow.people.add(admin, [person])
    return person


@pytest.fixture(scope="module")
async def organisation(admin: RealmAdmin) -> AsyncIterator[None]:
    """With one, the address is asked for on a page of its own."""
    wanted = {"name": "Somebody", "alias": "somebody", "domains": [{"name": "somebody.example"}]}
    place = (await admin.post("organizations", wanted)).headers["location"].rpartition("/")[2]
    yield
    await admin.delete(f"organizations/{place}")


@pytest.fixture
def client(http: httpx.AsyncClient, instance: Instance) -> Callable[[str], OidcClient]:
    """Any of our clients, with its own key."""

    def named(name: str) -> OidcClient:
        return OidcClient(http, instance.issuer, name, load_client_key(client_key_file(instance.secrets, name)))

    return named


@pytest.fixture
def verifier(http: httpx.AsyncClient, keycloak: Keycloak, instance: Instance) -> Callable[[str], TokenVerifier]:
    """The check of one service, or of the portal's REST door."""

    def of(audience: str) -> TokenVerifier:
        clients = API_CLIENTS if audience == "portal" else CALLERS
        keys = keys_of(instance.issuer, http)
        return TokenVerifier(instance.issuer, audience, keys, Revocations(), clients=clients)

    return of
