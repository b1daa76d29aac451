"""The front door on its real database, before real gRPC servers, with a clock of the test."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.local.platform import Platform
from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.identities import person_id
from services.kit.identity import TokenVerifier
from services.portal.api.bearers import API_CLIENTS, AUDIENCE, Bearers
from services.portal.api.refused import RefusedSignIns
from services.portal.backends.calls import Services
from services.portal.backends.provisioning import ProvisioningJob
from services.portal.commands.set_preference import SetPreference, set_preference
from services.portal.policy import POLICY
from services.portal.web.account.routes import PAGES_AUDIENCE
from services.portal.web.app import build_app
from services.portal.web.request.attempts import Attempts
from services.portal.web.request.live import Changes
from services.portal.web.request.origin import Proofs
from services.portal.web.request.sign_ins import SignIns
from services.portal.web.request.web import Web
from services.portal.web.ui.assets import Assets
from services.portal.web.ui.language import Languages
from services.portal.web.ui.render import Renderer
from tests.databases import Migrated, migrated
from tests.harness import Harness, TestClock
from tests.kit.issuer import ISSUER, NOW, Issuer
from tests.portal.backends import Backends
from tests.portal.keycloak import PORTAL, Keycloak


@pytest.fixture(scope="session")
def platform(storm: Platform) -> Platform:
    """The one of which the portal may be stopped."""
    return storm


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Migrated]:
    """The migrated database, through its roles."""
    database = await migrated(servers, "portal")
    yield database
    await database.close()


@pytest.fixture
def harness(database: Migrated) -> Harness:
    """An executor with a clock of its own."""
    return Harness("portal", database, POLICY, TestClock(NOW))


@pytest.fixture(scope="session")
async def all_backends(servers: Servers) -> AsyncIterator[Backends]:
    """The gRPC servers."""
    backends = Backends(servers.instance)
    await backends.start()
    yield backends
    await backends.stop()


@pytest.fixture
def backends(all_backends: Backends) -> Backends:
    """The same, as if nobody had asked yet."""
    all_backends.forget()
    return all_backends


@pytest.fixture(scope="session")
async def services(servers: Servers, all_backends: Backends) -> AsyncIterator[Services]:
    """Stubs with the portal's certificate."""
    services = Services(all_backends.targets, servers.instance.tls("portal"))
    yield services
    await services.close()


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """Templates, words and assets, read once."""
    return Renderer(Languages(), Assets())


@dataclass
class Front:
    """The whole door, and a client before it."""

    harness: Harness
    issuer: Issuer
    keycloak: Keycloak
    web: Web
    bearers: Bearers
    client: httpx.AsyncClient
    cell: UUID = field(default_factory=uuid4)

    def advance(self, **span: float) -> None:
        """Move the one clock."""
        self.harness.clock.advance(**span)
        self.issuer.now = self.harness.clock.now

    def bearer(self, **changed: Any) -> dict[str, str]:
        """The header of an API client."""
        return {"Authorization": f"Bearer {self.keycloak.api_token(**changed)}"}

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """GET below the cell, signed in."""
        return await self.client.get(f"/api/v1/cells/{self.cell}{path}", headers=self.bearer(), **more)

    async def post(
        self, path: str, body: object = None, *, headers: dict[str, str] | None = None, drop: tuple[str, ...] = ()
    ) -> httpx.Response:
        """POST below the cell with everything a command needs, but for what is dropped."""
        every = {**self.bearer(), "Idempotency-Key": "k", "If-Match": '"3"', **(headers or {})}
        kept = {name: value for name, value in every.items() if name not in drop}
        return await self.client.post(f"/api/v1/cells/{self.cell}{path}", json=body, headers=kept)

    async def sign_in(self) -> httpx.Response:
        """As a browser does, Keycloak's pages skipped."""
        begun = await self.client.get("/signin")
        state = self.keycloak.used[-1]["state"]
        assert begun.status_code == 303
        return await self.client.get("/signin/callback", params={"code": "c", "state": state, "iss": ISSUER})


@pytest.fixture
async def front(harness: Harness, services: Services, backends: Backends, renderer: Renderer) -> AsyncIterator[Front]:
    """A front door of its own."""
    backends.clock = harness.clock
    issuer = Issuer()
    issuer.clock = harness.clock  # type: ignore[method-assign]
    keycloak = Keycloak(issuer)
    verifier = TokenVerifier(ISSUER, PAGES_AUDIENCE, issuer.keys, issuer.revocations, clock=harness.clock)
    sign_ins = SignIns(harness.executor, keycloak.oidc, services, issuer.revocations, harness.clock)
    attempts = Attempts(b"a" * 32, harness.clock)
    proofs = Proofs(b"p" * 32, harness.clock)
    refused = RefusedSignIns(harness.executor, harness.service, harness.clock)
    changes = Changes(issuer.revocations, lambda: 60.0)
    web = Web(
        PORTAL, ISSUER, keycloak.oidc, verifier, sign_ins, attempts, proofs, refused, renderer, changes,
        ProvisioningJob(), lambda: True, harness.clock,
    )  # fmt: skip
    bearers = Bearers(verifier.at(AUDIENCE, API_CLIENTS), keycloak.oidc, services, harness.clock)
    transport = httpx.ASGITransport(build_app(web, bearers), raise_app_exceptions=False)
    # https, so that the client sends Secure cookies back.
    async with httpx.AsyncClient(transport=transport, base_url="https://portal.test") as client:
        yield Front(harness, issuer, keycloak, web, bearers, client)
    # It is the same person in every test; what one test chose must not be chosen in the next.
    await sign_ins.own(person_id(ISSUER, "a-subject"), set_preference, SetPreference("", ""))
    await keycloak.http.aclose()


def cookies_of(front: Front) -> dict[str, str]:
    """What the browser holds."""
    return dict(front.client.cookies.items())


async def csrf_of(front: Front) -> str:
    """The token in the form of the page."""
    page = await front.client.get("/me")
    found = re.search('name="csrf_token" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


class Told:
    """What this test made the portal tell the others and the log."""

    def __init__(self, administrator: asyncpg.Connection) -> None:
        self._administrator = administrator

    async def ended(self) -> int:
        """How many ends of sign-ins."""
        count: int = await self._administrator.fetchval("SELECT count(*) FROM outbox WHERE type = 'session.ended'")
        return count

    async def records(self, action: str) -> list[audit_pb2.AuditRecord]:
        """Audit records of one handler."""
        rows = await self._administrator.fetch("SELECT payload FROM outbox WHERE type = 'audit.record'")
        records = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
        return [record for record in records if record.action == action]


@pytest.fixture
async def told(servers: Servers) -> AsyncIterator[Told]:
    """From now on."""
    administrator = await servers.postgres.connect("rondetafel_portal")
    await administrator.execute("TRUNCATE outbox")
    yield Told(administrator)
    await administrator.close()
