"""Somebody comes by a partner's provider of a test, from the portal's door to whatever page it ends at."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from deploy.local.agreeing import posted
from deploy.local.browser import Browser, forms, visible_text
from deploy.local.caller import Caller
from deploy.local.platform import Platform
from deploy.local.postgres import database_name
from services.kit.principal import PLATFORM
from tests.e2e.hostile.oidc import Provider as OidcProvider
from tests.e2e.hostile.saml_idp import Provider as SamlProvider
from tests.e2e.partners import CAW_HOME
from tests.e2e.waiting import until
from tests.keycloak.walking import form_with

LET_IN = 'data-page-id="login-login-config-totp"'
"""Whom Keycloak takes for somebody it asks for the second factor: nobody gets there whom it does not take."""
RECORDS = "SELECT convert_from(leaf, 'UTF8') AS leaf FROM entry WHERE tenant_id = $1::uuid"


@dataclass(frozen=True, slots=True)
class Somebody:
    """As the provider will call this person."""

    sub: str
    email: str


@dataclass
class Front:
    """A provider of a test in the register, enabled, and our door before it."""

    platform: Platform
    host: Caller
    site: OidcProvider | SamlProvider
    alias: str

    @property
    def domain(self) -> str:
        return f"{self.alias}.example"

    def somebody(self) -> Somebody:
        """Whom nobody has seen yet."""
        name = secrets.token_hex(6)
        return Somebody(f"sub-{name}", f"{name}@{self.domain}")

    async def comes(self, who: Somebody, browser: Browser) -> httpx.Response:
        """By the address that is of the partner's domain, whatever the provider will say; the page where it ends."""
        self.site.sub, self.site.email = who.sub, who.email
        start = await browser.open(f"{self.platform.instance.portal_url}/signin")
        typed = f"{who.email.partition('@')[0]}@{self.domain}"
        page = await browser.submit(form_with(start, "username"), {"username": typed})
        while found := [form for form in forms(page) if "SAMLResponse" in form.fields]:
            page = await browser.submit(found[0], {})
        return page

    async def lets_in(self, who: Somebody) -> bool:
        """Whether this person gets as far as our second factor, and is somebody then."""
        async with Browser() as browser:
            page = await self.comes(who, browser)
            taken = LET_IN in page.text
            assert (await browser.open(f"{self.platform.instance.portal_url}/api/v1/me")).status_code == 401
        known = await self.known(who)
        assert bool(known) is taken, visible_text(page)[:200]
        return taken

    async def known(self, who: Somebody) -> list[dict[str, Any]]:
        """Their accounts here, by what the provider calls them or by address."""
        async with self.platform.keycloak.admin() as admin:
            by_name: list[dict[str, Any]] = await admin.get("users", idpAlias=self.alias, idpUserId=who.sub)
            return by_name or await admin.get("users", email=who.email, exact=True)

    async def expect_no_other(self) -> None:
        """Who is known came rightly; another subject with the same address is nobody, and does not come in."""
        who = self.somebody()
        assert await self.lets_in(who)
        (before,) = await self.known(who)
        async with Browser() as browser:
            page = await self.comes(Somebody(f"{who.sub}-other", who.email), browser)
            assert LET_IN not in page.text, visible_text(page)[:200]
        async with self.platform.keycloak.admin() as admin:
            assert await admin.get("users", idpAlias=self.alias, idpUserId=f"{who.sub}-other") == []
            linked = await admin.get(f"users/{before['id']}/federated-identity")
        assert [link["userId"] for link in linked] == [who.sub]

    async def expect_recorded(self, since: float, least: int) -> None:
        """The host's log counts so many failures at the sign-in service since then; of whom is sealed there."""

        async def recorded() -> bool | None:
            connection = await self.platform.postgres.connect(database_name("audit"))
            try:
                rows = await connection.fetch(RECORDS, str(PLATFORM))
            finally:
                await connection.close()
            found = [json.loads(row["leaf"]) for row in rows]
            failures = [record for record in found if record["action"] == "record_sign_in_failures"]
            counted = [
                record["count"] for record in failures if datetime.fromisoformat(record["at"]).timestamp() >= since
            ]
            return sum(counted) >= least or None

        await until(f"{least} failures stand in the host's log", recorded)


async def enabled(platform: Platform, host: Caller, site: OidcProvider | SamlProvider) -> Front:
    """The provider added, mirrored and enabled."""
    await posted(host, "/organisations", CAW_HOME.organisation, existing="OrganisationExists")
    alias = f"hostile-{secrets.token_hex(4)}"
    common = {"alias": alias, "name": "Partner", "kbo_numbers": [CAW_HOME.organisation["kbo_number"]],
              "domains": f"{alias}.example"}  # fmt: skip
    if isinstance(site, SamlProvider):
        made = await host.post("/providers/saml", common | site.asked)
    else:
        made = await host.post("/providers", common | site.asked)

    async def ready() -> str | None:
        found = await host.get(f"/providers/{made.body['id']}")
        return found.etag if "enable_provider" in found.body["may"] else None

    etag = await until("the provider can be enabled", ready)
    await host.post(f"/providers/{made.body['id']}/enable", {}, if_match=etag)

    async def told() -> bool | None:
        return (await host.get(f"/providers/{made.body['id']}")).body.get("mirrored") or None

    await until("the sign-in service leads there", told)
    return Front(platform, host, site, alias)


def now() -> float:
    """Of the clock that records are made by."""
    return time.time()
