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
