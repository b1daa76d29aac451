"""The partner of this machine in the register of providers, added once by whoever needs it first."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from deploy.local.agreeing import posted
from deploy.local.caller import Caller, Problem
from deploy.local.demo import seeder
from deploy.local.keycloak import PARTNER
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import CAW
from services.kit.clock import utc_now
from tests.saml import lasting, right, text_of

ALIAS, DOMAIN = "caw-oost", "caw-oost.example"
ORGANISATION = {"kbo_number": CAW, "name": "CAW Kanaal", "kind": "caw"}


@asynccontextmanager
async def the_host(platform: Platform) -> AsyncIterator[Caller]:
    """The host's client at the API."""
    async with seeder(platform, Progress(platform.instance.root / f"host-{secrets.token_hex(4)}.json")) as town_hall:
        yield town_hall.host


async def the_provider(platform: Platform, host: Caller) -> str:
    """Its id."""
    await posted(host, "/organisations", ORGANISATION, existing="OrganisationExists")
    asked = {
        "alias": ALIAS, "name": "CAW Oost", "issuer": f"{platform.instance.keycloak_url}/realms/{PARTNER}",
        "client_id": "rondetafel", "client_secret": "", "kbo_numbers": [CAW], "domains": DOMAIN, "trusted_levels": "",
    }  # fmt: skip
    try:
        made: str = (await host.post("/providers", asked)).body["id"]
    except Problem as problem:
        if problem.code not in ("DomainTaken", "ProviderExists"):
            raise
        found = (await host.get("/providers", page_size=50)).body["providers"]
        return next(str(known["provider_id"]) for known in found if known["alias"] == ALIAS)
    return made


async def a_saml_provider(host: Caller) -> str:
    """One by the file of its metadata, with two certificates of which the last ends in some weeks; its id."""
    await posted(host, "/organisations", ORGANISATION, existing="OrganisationExists")
    now, name = utc_now(), f"school-{secrets.token_hex(4)}"
    certificates = tuple(text_of(lasting(f"{name} {days}", now, days=days)) for days in (5, 40))
    asked = {
        "alias": name, "name": "School Zuid", "metadata_url": "", "kbo_numbers": [CAW], "domains": f"{name}.example",
        "metadata": right(name, now, certificates=certificates).text().decode(),
        "email_attribute": "urn:oid:0.9.2342.19200300.100.1.3", "given_name_attribute": "urn:oid:2.5.4.42",
        "family_name_attribute": "urn:oid:2.5.4.4",
    }  # fmt: skip
    made: str = (await host.post("/providers/saml", asked)).body["id"]
    return made
