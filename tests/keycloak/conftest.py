"""The real Keycloak with our realm, and people of its own for every test."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from deploy.local.code_flow import CodeFlow
from deploy.local.gate import Gate
from deploy.local.instance import Instance
from deploy.local.keycloak import Keycloak, client_key_file
from deploy.local.people import Person
from deploy.local.realm_admin import RealmAdmin
from deploy.local.servers import Servers
from services.kit.identity import Revocations, TokenVerifier
from services.kit.oidc import OidcClient, load_client_key
from services.kit.signing_keys import keys_of

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def keycloak(servers: Servers) -> Iterator[Keycloak]:
    """Keycloak and the gate before it, started once; any event loop may use them."""
    keycloak, gate = Keycloak(servers.instance, servers.postgres.keycloak_jdbc), Gate(servers.instance)
    asyncio.run(keycloak.start())
    try:
        asyncio.run(gate.start())
        yield keycloak
    finally:
        asyncio.run(gate.stop())
        asyncio.run(keycloak.stop())


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
    """The check of one service."""

    def of(audience: str) -> TokenVerifier:
        return TokenVerifier(instance.issuer, audience, keys_of(instance.issuer, http), Revocations())

    return of
