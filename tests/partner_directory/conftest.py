"""The partner directory's handlers on its real database, and the real Keycloak for the few tests that sign in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.gate import Gate
from deploy.local.keycloak import Keycloak, client_key_file
from deploy.local.servers import Servers
from services.kit.oidc import OidcClient, load_client_key
from services.partner_directory.policy import POLICY
from tests.databases import Migrated, migrated
from tests.harness import Harness
from tests.mailbox import open_mailbox
from tests.partner_directory.noticing import Seated, arrived
from tests.partner_directory.post import Post
from tests.partner_directory.town import Host, leave_towns
from tests.ready_made import ReadyMade


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Migrated]:
    """The migrated database, through its roles."""
    database = await migrated(servers, "partner_directory")
    yield database
    await database.close()


@pytest.fixture
async def harness(database: Migrated) -> Harness:
    """An executor with a clock of its own, by which nothing of other tests falls due; there are towns enough."""
    await database.forget_due()
    await leave_towns(database)
    return Harness("partner_directory", database, POLICY)


@pytest.fixture
def host(harness: Harness) -> Host:
    """The host's administration, with a sign-in service of the test."""
    return Host(harness)


@pytest.fixture
async def post(tmp_path: Path, servers: Servers, host: Host) -> AsyncIterator[Post]:
    """A mail server, where the letters of the host of the test arrive."""
    async with open_mailbox(tmp_path) as mailbox:
        yield Post(mailbox, servers, host)


@pytest.fixture(scope="session")
def keycloak(servers: Servers) -> Iterator[Keycloak]:
    """The real Keycloak and the gate before it, started for the tests that ask for it."""
    keycloak, gate = ReadyMade(servers.instance, servers.postgres.keycloak_jdbc), Gate(servers.instance)
    try:
        asyncio.run(gate.start())
        asyncio.run(keycloak.start())
        yield keycloak
    finally:
        asyncio.run(gate.stop())
        asyncio.run(keycloak.stop())


@pytest.fixture
async def client(keycloak: Keycloak, servers: Servers) -> AsyncIterator[OidcClient]:
    """The directory's own client of the realm."""
    instance = servers.instance
    async with httpx.AsyncClient(trust_env=False) as http:
        key = load_client_key(client_key_file(instance.secrets, "partner-directory"))
        yield OidcClient(http, instance.issuer, "partner-directory", key)


@pytest.fixture
async def seated(host: Host, post: Post) -> Seated:
    """A town, its coordinator and a partner; letters of others are sent and forgotten."""
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    await arrived(host, post)
    return town, coordinator, partner
