"""The partners of this machine in the register of providers, each added once by whoever needs it first."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.local.agreeing import posted
from deploy.local.caller import Caller, Problem
from deploy.local.demo import seeder
from deploy.local.keycloak import PARTNER, SCHOOL
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import CAW, CLB
from services.kit.clock import utc_now
from tests.saml import lasting, right, text_of


@dataclass(frozen=True, slots=True)
class Home:
    """Where the people of a partner sign in; another realm of the same server plays it."""

    alias: str
    domain: str
    realm: str
    organisation: Mapping[str, str]
    saml: bool = False


CAW_HOME = Home("caw-oost", "caw-oost.example", PARTNER, {"kbo_number": CAW, "name": "CAW Kanaal", "kind": "caw"})
CLB_HOME = Home(
    "clb-kanaal", "clb-kanaal.example", SCHOOL, {"kbo_number": CLB, "name": "CLB Kanaal", "kind": "clb"}, saml=True
)
SAML = {
    "metadata": "", "email_attribute": "urn:oid:0.9.2342.19200300.100.1.3", "given_name_attribute": "urn:oid:2.5.4.42",
    "family_name_attribute": "urn:oid:2.5.4.4",
}  # fmt: skip


@asynccontextmanager
async def the_host(platform: Platform) -> AsyncIterator[Caller]:
    """The host's client at the API."""
    async with seeder(platform, Progress(platform.instance.root / f"host-{secrets.token_hex(4)}.json")) as town_hall:
        yield town_hall.host


async def the_provider(platform: Platform, host: Caller, at: Home = CAW_HOME) -> str:
    """Its id."""
    await posted(host, "/organisations", at.organisation, existing="OrganisationExists")
    realm = f"{platform.instance.keycloak_url}/realms/{at.realm}"
    path, speaks = "/providers", {"issuer": realm, "client_id": "rondetafel", "client_secret": "", "trusted_levels": ""}
    if at.saml:
        path, speaks = "/providers/saml", SAML | {"metadata_url": f"{realm}/protocol/saml/descriptor"}
    asked = {
        "alias": at.alias, "name": at.organisation["name"], "kbo_numbers": [at.organisation["kbo_number"]],
        "domains": at.domain, **speaks,
    }  # fmt: skip
    try:
        made: str = (await host.post(path, asked)).body["id"]
    except Problem as problem:
        if problem.code not in ("DomainTaken", "ProviderExists"):
            raise
        found = (await host.get("/providers", page_size=50)).body["providers"]
        return next(str(known["provider_id"]) for known in found if known["alias"] == at.alias)
    return made


async def a_saml_provider(host: Caller) -> str:
    """One by the file of its metadata, with two certificates of which the last ends in some weeks; its id."""
    await posted(host, "/organisations", CAW_HOME.organisation, existing="OrganisationExists")
    now, name = utc_now(), f"school-{secrets.token_hex(4)}"
    certificates = tuple(text_of(lasting(f"{name} {days}", now, days=days)) for days in (5, 40))
    asked = {
        **SAML, "alias": name, "name": "School Zuid", "metadata_url": "", "kbo_numbers": [CAW],
        "domains": f"{name}.example", "metadata": right(name, now, certificates=certificates).text().decode(),
    }  # fmt: skip
    made: str = (await host.post("/providers/saml", asked)).body["id"]
    return made
