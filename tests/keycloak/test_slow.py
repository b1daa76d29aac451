"""Who takes time signs in all the same; who took too long is told so, and never that the password is wrong."""

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import Future

import httpx
import pytest

from deploy.local.browser import Browser, visible_text
from deploy.local.instance import Instance
from deploy.local.keycloak import Keycloak, client_key_file
from deploy.local.realm_admin import RealmAdmin
from services.kit.oidc import OidcClient, load_client_key
from tests.keycloak.slow import WALKS
from tests.keycloak.walking import PASSWORD, Walk, novice, page_id, parse_code, text_key

HURRIED = "hurried"
LASTS_SECONDS = 2
RAN_OUT = {
    "nl": "Het duurde te lang, of het begon in een ander venster.",
    "fr": "Cela a pris trop de temps, ou cela a commencé dans une autre fenêtre.",
}
TOO_LONG = {"nl": "Dat duurde te lang. Begin opnieuw.", "fr": "Cela a pris trop de temps. Recommencez."}
WRONG_PASSWORD = {"nl": "wachtwoord klopt niet", "fr": "mot de passe n’est pas correct"}


@pytest.mark.parametrize("where", WALKS)
def test_who_takes_time_signs_in(slow_walks: Future[dict[str, str]], where: str) -> None:
    assert slow_walks.result()[where] == "level 2"


@pytest.fixture(scope="module")
async def hurried(keycloak: Keycloak, master: RealmAdmin, instance: Instance) -> AsyncIterator[RealmAdmin]:
    """Our realm once more, in which a pushed request runs out while somebody looks at the page."""
    copy = keycloak.wanted() | {"realm": HURRIED}
    own = {"frontendUrl": instance.keycloak_url}  # the gate lets nobody through to a realm that is not ours
    copy["attributes"] = copy["attributes"] | own | {"parRequestUriLifespan": str(LASTS_SECONDS)}
    await master.post("", json.loads(json.dumps(copy)))
    async with keycloak.recovery(HURRIED) as theirs:
        yield theirs
        await theirs.delete("")


@pytest.fixture
def portal_there(http: httpx.AsyncClient, instance: Instance) -> OidcClient:
    issuer = f"{instance.keycloak_url}/realms/{HURRIED}"
    return OidcClient(http, issuer, "portal", load_client_key(client_key_file(instance.secrets, "portal")))


async def until_it_ran_out() -> None:
    """By Keycloak's clock, in whole seconds: the wait is the cause itself."""
    await asyncio.sleep(LASTS_SECONDS + 1)


@pytest.mark.parametrize("language", ["nl", "fr"])
async def test_a_sign_in_that_ran_out_says_so(
    hurried: RealmAdmin, portal_there: OidcClient, instance: Instance, language: str
) -> None:
    person, key = await novice(hurried, "CONFIGURE_TOTP"), ""
    async with Browser() as browser:
        walk = Walk(browser, portal_there, instance)
        page = await walk.fill(await walk.begin(person.email, language=language), password=PASSWORD)
        key = text_key(page)
        assert (await walk.tokens(await walk.fill(page, totp=parse_code(key)))).access_token
    async with Browser() as browser:
        walk = Walk(browser, portal_there, instance)
        page = await walk.fill(await walk.begin(person.email, language=language), password=PASSWORD)
        assert page_id(page) == "login-otp"
        await until_it_ran_out()
        page = await walk.fill(page, otp=parse_code(key, ahead=1))
    assert page_id(page) == "error"
    said = visible_text(page).replace("\u00a0", " ")
    assert RAN_OUT[language] in said
    assert WRONG_PASSWORD[language] not in said


@pytest.mark.parametrize("language", ["nl", "fr"])
async def test_a_page_that_ran_out_says_so(
    hurried: RealmAdmin, portal_there: OidcClient, instance: Instance, language: str
) -> None:
    person = await novice(hurried)
    await hurried.put(body=await hurried.get() | {"accessCodeLifespanLogin": LASTS_SECONDS})
    async with Browser() as browser:
        walk = Walk(browser, portal_there, instance)
        page = await walk.begin(person.email, language=language)
        await until_it_ran_out()
        page = await walk.fill(page, password=PASSWORD)
    said = visible_text(page).replace("\u00a0", " ")
    assert TOO_LONG[language] in said
    assert WRONG_PASSWORD[language] not in said
    assert "password" in page.text, "and can begin again at once"
