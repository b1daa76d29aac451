"""The gate before the running Keycloak: what gets through, and that guessing slows the guesser alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from deploy.local.browser import Browser, Form
from deploy.local.code_flow import CodeFlow
from deploy.local.instance import Instance
from deploy.local.people import Person
from deploy.local.realm_admin import RealmAdmin
from services.gate.device import PREFIX
from services.kit.oidc import OidcClient
from tests.keycloak.walking import PASSWORD, Walk, form_with, novice, page_id, parse_code, text_key

Client = Callable[[str], OidcClient]
REALM = "/realms/rondetafel"
OIDC = f"{REALM}/protocol/openid-connect"
# What this Keycloak offers at its own address besides what people and our clients need.
OFFERED = (
    "/", "/admin/", "/admin/master/console/", "/admin/realms/rondetafel", "/admin/serverinfo", "/realms/master",
    "/realms/master/.well-known/openid-configuration", "/realms/master/protocol/openid-connect/certs", REALM,
    f"{REALM}/.well-known/uma2-configuration", f"{REALM}/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/realms/rondetafel", f"{REALM}/authz/protection/resource_set",
    f"{REALM}/protocol/saml", f"{REALM}/protocol/saml/descriptor", f"{OIDC}/login-status-iframe.html",
    f"{OIDC}/3p-cookies/step1.html", f"{OIDC}/userinfo", f"{REALM}/login-actions/reset-credentials",
    f"{REALM}/login-actions/registration",
)  # fmt: skip
SENT = (
    f"{OIDC}/token/introspect", f"{OIDC}/revoke", f"{REALM}/clients-registrations/default",
    f"{REALM}/clients-registrations/openid-connect", "/realms/master/protocol/openid-connect/token",
)  # fmt: skip
ADDRESSES = itertools.count(1)


@pytest.fixture
def places() -> Iterator[str]:
    """Addresses that nobody came from before."""
    return (f"127.77.{number // 200}.{number % 200 + 1}" for number in ADDRESSES)


@pytest.mark.usefixtures("keycloak")
async def test_what_keycloak_offers_besides_is_not_there(http: httpx.AsyncClient, instance: Instance) -> None:
    for method, paths in (("GET", OFFERED), ("POST", SENT)):
        for path in paths:
            itself = await http.request(method, instance.keycloak_url + path)
            assert itself.status_code not in (404, 405), f"{path}: take it off this list, it is not offered"
            through = await http.request(method, instance.gate_url + path)
            assert (through.status_code, through.json()["code"]) == (404, "NotFound"), path


@pytest.mark.usefixtures("keycloak")
async def test_what_is_published_is_the_same_before_and_behind(http: httpx.AsyncClient, instance: Instance) -> None:
    for path in (f"{REALM}/.well-known/openid-configuration", f"{OIDC}/certs"):
        behind, before = [await http.get(url + path) for url in (instance.keycloak_url, instance.gate_url)]
        assert behind.json() == before.json()
        assert before.headers["content-type"] == behind.headers["content-type"]


@pytest.mark.usefixtures("keycloak")
async def test_nobody_talks_the_issuer_into_another(
    http: httpx.AsyncClient, client: Client, instance: Instance
) -> None:
    lies = {
        "host": "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "forwarded": "host=e",
    }
    told = await http.get(f"{instance.issuer}/.well-known/openid-configuration", headers=lies)
    assert told.json()["issuer"] == instance.issuer
    pushed = await client("portal").pushed_authorization_request(f"{instance.portal_url}/signin/callback")
    answer = await http.get(pushed.url, headers=lies)
    assert answer.headers["location"].startswith(f"{instance.issuer}/login-actions/authenticate?")
    # Keycloak itself believes its proxy alone; but whoever reaches it there is inside.
    assert "evil" not in (await http.get(f"{instance.keycloak_url}{REALM}", headers=lies)).text


@pytest.mark.usefixtures("keycloak")
async def test_cookies_of_keycloak_pass_unchanged(client: Client, http: httpx.AsyncClient, instance: Instance) -> None:
    def shape(answer: httpx.Response) -> list[str]:
        return [re.sub(r"=[^;]*", "=", value, count=1) for value in answer.headers.get_list("set-cookie")]

    answers = []
    for url in (instance.keycloak_url, instance.gate_url):
        pushed = await client("portal").pushed_authorization_request(f"{instance.portal_url}/signin/callback")
        answers.append(await http.get(pushed.url.replace(instance.gate_url, url)))
    assert [line.partition("=")[0] for line in shape(answers[0])] >= ["AUTH_SESSION_ID"]
    assert shape(answers[0]) == shape(answers[1])


async def wrong(walk: Walk, email: str, times: int, field: str = "password") -> httpx.Response:
    """Try so often; the last page."""
    page = await walk.begin(email)
    for _ in range(times):
        page = await walk.fill(page, **{field: "not the right one"})
    return page


async def test_an_attacker_locks_nobody_out(
    flow: CodeFlow, person: Person, client: Client, instance: Instance, places: Iterator[str]
) -> None:
    portal, theirs = client("portal"), next(places)
    async with Browser(theirs) as known, Browser(theirs) as attacker, Browser(next(places)) as elsewhere:
        await signed_in(known, flow, portal, instance, person)
        page = await wrong(Walk(attacker, portal, instance), person.email, 5)
        assert page_id(page) == "login"
        guess = Walk(attacker, portal, instance)
        refused = await guess.fill(await guess.begin(person.email), password=person.password)
        assert (refused.status_code, page_id(refused)) == (429, "slow")
        assert 0 < int(refused.headers["retry-after"]) <= 15
        # At once, with the very same request: from the attacker's address by who signed in there before,
        for browser in (known, elsewhere):  # and on a new device from another address.
            walk = Walk(browser, portal, instance)
            page = await walk.fill(await walk.begin(person.email), password=person.password)
            assert page_id(page) == "login-otp"


async def signed_in(browser: Browser, flow: CodeFlow, portal: OidcClient, instance: Instance, person: Person) -> None:
    """Sign in, and forget all but the device."""
    walk = Walk(browser, portal, instance)
    page = await flow.walk(browser, await walk.begin(person.email), person, until=walk.callback)
    assert "code" in walk.answer(page)
    for cookie in list(browser.cookies.jar):
        if not cookie.name.startswith(PREFIX):
            browser.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    assert [cookie.name[: len(PREFIX)] for cookie in browser.cookies.jar] == [PREFIX]


async def test_guessing_codes_from_many_addresses_slows_the_guessers(
    flow: CodeFlow, person: Person, client: Client, instance: Instance, places: Iterator[str]
) -> None:
    """They know the password. Ten codes from anywhere, then one each minute and ever fewer."""
    portal = client("portal")
    async with Browser(next(places)) as known:
        await signed_in(known, flow, portal, instance, person)
        answers = []
        for place in itertools.islice(places, 4):
            async with Browser(place) as attacker:
                walk = Walk(attacker, portal, instance)
                page = await walk.fill(await walk.begin(person.email), password=person.password)
                for _ in range(4):
                    if page_id(page) == "login-otp":
                        page = await walk.fill(page, otp="000000")
                        answers.append(page.status_code)
        assert answers == [200] * 10 + [429] * 2
        await signed_in(known, flow, portal, instance, person)


@pytest.mark.usefixtures("organisation")
async def test_a_sign_in_of_one_person_is_no_cover_for_guessing_at_another(
    admin: RealmAdmin, client: Client, instance: Instance, places: Iterator[str]
) -> None:
    """Keycloak knows from its first page whose sign-in it is, and does not look at the name beside the password."""
    victim, portal, theirs = await novice(admin), client("portal"), next(places)
    async with Browser(theirs) as attacker:
        walk = Walk(attacker, portal, instance)
        page = await walk.begin(victim.email)
        for number in range(5):
            page = await walk.fill(page, password="wrong", username=f"cover{number}@test.example")
            assert page_id(page) == "login"
        page = await walk.fill(page, password=PASSWORD, username="cover6@test.example")
        assert (page.status_code, page_id(page)) == (429, "slow")
    async with Browser(next(places)) as rightful:
        walk = Walk(rightful, portal, instance)
        page = await walk.fill(await walk.begin(victim.email), password=PASSWORD, username="cover6@test.example")
        assert page_id(page) == "login-config-totp", "Keycloak signed the victim in, whatever the form says"


@pytest.mark.parametrize("with_organisation", [False, True])
async def test_known_unknown_invited_and_switched_off_get_the_same_page(
    admin: RealmAdmin, client: Client, instance: Instance, places: Iterator[str],
    request: pytest.FixtureRequest, with_organisation: bool,
) -> None:  # fmt: skip
    if with_organisation:
        request.getfixturevalue("organisation")
    known, off, invited = [await novice(admin) for _ in range(3)]
    await admin.put(f"users/{off.id}", await admin.get(f"users/{off.id}") | {"enabled": False})
    for value in await admin.get(f"users/{invited.id}/credentials"):
        await admin.delete(f"users/{invited.id}/credentials/{value['id']}")
    tries = [
        (known.email, "wrong"), (known.email, ""), ("nobody@test.example", "wrong"), ("nobody@test.example", ""),
        (invited.email, "wrong"), (off.email, "wrong"), (off.email, PASSWORD),
    ]  # fmt: skip
    seen = {}
    for email, password in tries:
        async with Browser(next(places)) as browser:
            walk = Walk(browser, client("portal"), instance)
            page = await walk.fill(await walk.begin(email), password=password, username=email)
            seen[email, password] = faceless(page, email)
    assert len(set(seen.values())) == 1, seen


def faceless(page: httpx.Response, email: str) -> tuple[int, str, str]:
    """A page without what differs between any two sign-ins."""
    text = page.text.replace(email, "ADDRESS")
    text = re.sub(r"(session_code|execution|tab_id|client_data)=[^&\"]+", r"\1=", text)
    text = re.sub(r'data-attempt="[^"]*"', "", text)
    kept = {name for name in page.headers if name not in ("date", "x-trace-id")}
    cookies = [re.sub(r"=[^;]*", "=", value, count=1) for value in page.headers.get_list("set-cookie")]
    return page.status_code, text, str((sorted(kept), cookies))


@pytest.mark.parametrize("door", ["required-action", "first-broker-login", "post-broker-login"])
async def test_no_other_door_takes_a_password(
    admin: RealmAdmin, client: Client, instance: Instance, places: Iterator[str], door: str
) -> None:
    person = await novice(admin)
    async with Browser(next(places)) as browser:
        walk = Walk(browser, client("portal"), instance)
        page = await walk.begin(person.email)
        form = form_with(page, "password")
        answers = {"username": person.email, "password": PASSWORD}
        other = Form(form.action.replace("/login-actions/authenticate", f"/login-actions/{door}"), form.fields)
        assert "totp" not in (await browser.submit(other, answers, until=walk.callback)).text
        page = await walk.fill(await walk.begin(person.email), password=PASSWORD)
        assert page_id(page) == "login-config-totp"


async def test_somebody_new_gets_a_device_after_setting_up(
    admin: RealmAdmin, client: Client, instance: Instance, places: Iterator[str]
) -> None:
    person = await novice(admin)
    async with Browser(next(places)) as browser:
        walk = Walk(browser, client("portal"), instance)
        page = await walk.fill(await walk.begin(person.email), password=PASSWORD)
        page = await walk.fill(page, totp=parse_code(text_key(page)))
        assert "code" in walk.answer(page)
        assert [cookie.name for cookie in browser.cookies.jar if cookie.name.startswith(PREFIX)]


async def test_no_password_and_no_address_stands_in_the_log(
    admin: RealmAdmin, client: Client, instance: Instance, places: Iterator[str]
) -> None:
    """The bodies went through, and Keycloak's own words of failure stay with Keycloak."""
    person, secret = await novice(admin), "canary-4b1c-password"
    place = next(places)
    async with Browser(place) as browser:
        walk = Walk(browser, client("portal"), instance)
        page = await walk.begin(person.email)
        for _ in range(6):
            if page_id(page) == "login":
                page = await walk.fill(page, password=secret)
        assert page_id(page) == "slow"
        form = {"password": secret, "username": person.email}
        await browser.open(f"{instance.issuer}/login-actions/authenticate?auth_session_id={secret}")
        async with httpx.AsyncClient(trust_env=False) as http:
            kind = {"content-type": "text/plain"}
            bad = await http.post(f"{instance.issuer}/login-actions/authenticate", content=str(form), headers=kind)
            assert bad.status_code == 400
    log = instance.log("gate").read_text()
    assert "gate is running" in log
    assert [line for line in (secret, person.email, place, PASSWORD) if line in log] == []
