"""People who take their time: three sign-ins that really wait, beside the other tests of this folder.

The wait is the cause itself: a lifetime of Keycloak's runs out by its own clock, which nobody can set. So the walks
begin with the first test, on a thread of their own, and are looked at when everything else is done.
"""

from __future__ import annotations

import asyncio

import httpx

from deploy.local.browser import Browser, visible_text
from deploy.local.instance import Instance
from deploy.local.keycloak import Keycloak, client_key_file
from deploy.local.people import People, Person
from deploy.local.realm_admin import RealmAdmin
from services.kit.identity import Revocations, TokenVerifier
from services.kit.oidc import OidcClient, load_client_key
from services.kit.signing_keys import keys_of
from tests.keycloak.walking import PASSWORD, Walk, novice, parse_code, text_key

AT_A_PAGE_SECONDS = 70
SETTING_UP_SECONDS = 300
WALKS = ("at the password", "at the code", "setting up the app")


SLOW = [Person.invent(f"slow{number}", f"Slow Number{number}", "test.example") for number in range(2)]


async def invite_the_slow(keycloak: Keycloak, instance: Instance) -> None:
    """Before the walks begin: the file of people is written by one at a time."""
    async with keycloak.admin() as admin:
        await People(instance).add(admin, SLOW)


async def walk_slowly(keycloak: Keycloak, instance: Instance) -> dict[str, str]:
    """What each of them has in the end: the level of the token, or what the page says."""
    async with keycloak.admin() as admin, httpx.AsyncClient(trust_env=False) as http:
        portal = OidcClient(
            http, instance.issuer, "portal", load_client_key(client_key_file(instance.secrets, "portal"))
        )
        ways = (
            _signs_in(portal, instance, 0),
            _signs_in(portal, instance, 1),
            _sets_up(admin, portal, instance),
        )
        return dict(zip(WALKS, await asyncio.gather(*ways), strict=True))


async def _signs_in(portal: OidcClient, instance: Instance, slow_at: int) -> str:
    """With password (page 0) and code (page 1)."""
    people, person = People(instance), SLOW[slow_at]
    async with Browser() as browser:
        walk = Walk(browser, portal, instance)
        page = await walk.begin(person.email)
        await asyncio.sleep(AT_A_PAGE_SECONDS if slow_at == 0 else 0)
        page = await walk.fill(page, password=person.password)
        await asyncio.sleep(AT_A_PAGE_SECONDS if slow_at == 1 else 0)
        return await _given(walk, await walk.fill(page, otp=await people.take_code(person.name)), instance.issuer)


async def _sets_up(admin: RealmAdmin, portal: OidcClient, instance: Instance) -> str:
    person = await novice(admin, "CONFIGURE_TOTP")
    async with Browser() as browser:
        walk = Walk(browser, portal, instance)
        page = await walk.fill(await walk.begin(person.email), password=PASSWORD)
        key = text_key(page)
        await asyncio.sleep(SETTING_UP_SECONDS)
        return await _given(walk, await walk.fill(page, totp=parse_code(key)), instance.issuer)


async def _given(walk: Walk, page: httpx.Response, issuer: str) -> str:
    if not page.has_redirect_location:
        return visible_text(page)
    tokens = await walk.tokens(page)
    # At once, and not when the walk is looked at: a token lives five minutes.
    async with httpx.AsyncClient(trust_env=False) as http:
        verifier = TokenVerifier(issuer, "case", keys_of(issuer, http), Revocations())
        return f"level {(await verifier.verify(tokens.access_token)).acr}"
