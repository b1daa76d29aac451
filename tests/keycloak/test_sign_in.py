"""People and clients sign in at the real server, through its real pages."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from deploy.local.browser import Browser, Form, forms
from deploy.local.code_flow import REDIRECT_URI, CodeFlow, SignInFailed
from deploy.local.instance import Instance
from deploy.local.people import Person
from deploy.local.ports import SERVICES
from deploy.local.process import StartFailed
from deploy.local.realm_admin import RealmAdmin
from services.kit.errors import Unauthenticated
from services.kit.identity import TokenVerifier
from services.kit.oidc import OidcClient

Client = Callable[[str], OidcClient]
Verifier = Callable[[str], TokenVerifier]


async def test_a_local_person_gets_a_token_of_level_2(
    flow: CodeFlow, person: Person, verifier: Verifier, admin: RealmAdmin, client: Client
) -> None:
    """For the front door, and exchanged there for one that is for all services."""
    token = await flow.token(person.name)
    exchanged = (await client("portal").exchange_token(token)).access_token
    (user,) = await admin.get("users", email=person.email, exact=True)
    for service in SERVICES:
        at_the_front = service == "portal"
        verified = await verifier(service).verify(token if at_the_front else exchanged)
        by = "rondetafel-cli" if at_the_front else "portal"
        assert (verified.acr, verified.is_service, verified.client_id) == (2, False, by)
        with pytest.raises(Unauthenticated):
            await verifier(service).verify(exchanged if at_the_front else token)
        assert verified.subject == user["id"]
        assert verified.session_id is not None
        assert verified.auth_time is not None
        assert verified.provider is None
        assert (verified.expires_at - verified.issued_at).total_seconds() == 300
    with pytest.raises(Unauthenticated):
        await verifier("another").verify(exchanged)


async def test_a_token_is_kept_refreshed_and_made_anew(flow: CodeFlow, person: Person, verifier: Verifier) -> None:
    portal = verifier("portal")
    first = await flow.token(person.name)
    assert await flow.token(person.name) == first

    pretend_it_ends_soon(flow, person)
    refreshed = await asyncio.gather(*(flow.token(person.name) for _ in range(5)))
    assert set(refreshed) == {refreshed[0]}
    assert refreshed[0] != first
    assert (await portal.verify(refreshed[0])).session_id == (await portal.verify(first)).session_id

    flow.forget(person.name)
    again = await portal.verify(await flow.token(person.name))
    assert again.session_id != (await portal.verify(first)).session_id


def pretend_it_ends_soon(flow: CodeFlow, person: Person) -> None:
    file = flow.directory / f"{person.name}.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"expires_at": "2001-01-01T00:00:00+00:00"}))


async def test_secrets_can_be_read_by_their_owner_only(flow: CodeFlow, person: Person) -> None:
    await flow.token(person.name)
    secrets = flow.directory.parent
    kept = [secrets / "people.json", flow.directory / f"{person.name}.json"]
    assert [file.stat().st_mode & 0o777 for file in kept] == [0o600, 0o600]
    assert secrets.stat().st_mode & 0o777 == 0o700


async def test_a_person_signs_in_three_times_without_waiting(flow: CodeFlow, person: Person) -> None:
    codes = [await flow.people.take_code(person.name) for _ in range(2)]
    assert flow.people.code(person.name) not in codes
    await flow.sign_in(person)


async def test_an_unknown_name_is_told_who_there_is(flow: CodeFlow, person: Person) -> None:
    with pytest.raises(StartFailed, match=person.name):
        await flow.token("nobody")


async def test_people_keep_their_secrets(flow: CodeFlow, person: Person, admin: RealmAdmin) -> None:
    await flow.people.add(admin, [Person.invent(person.name, "Other Secrets", "test.example")])
    assert flow.people[person.name] == person
    await flow.sign_in(person)


async def test_wrong_secrets_do_not_sign_in(flow: CodeFlow, person: Person) -> None:
    await flow.sign_in(person)
    with pytest.raises(SignInFailed):
        await flow.sign_in(replace(person, password="wrong"))
    with pytest.raises(SignInFailed):
        await flow.sign_in(replace(person, email="nobody@test.example"))


@pytest.mark.usefixtures("organisation")
async def test_the_pages_ask_for_the_password_before_the_code(
    flow: CodeFlow, person: Person, client: Client, admin: RealmAdmin
) -> None:
    """The address comes first; it must never lead to the one-time code without the password."""
    async with Browser() as browser:
        request = await client("rondetafel-cli").pushed_authorization_request(REDIRECT_URI)
        first = sign_in_form(await browser.open(request.url))
        assert first.fields.keys() & {"username", "password", "otp"} == {"username"}
        second = sign_in_form(await browser.submit(first, {"username": person.email}))
        assert "password" in second.fields
        assert "otp" not in second.fields
        third = sign_in_form(await browser.submit(second, {"username": person.email, "password": person.password}))
        assert third.fields.keys() & {"username", "password", "otp"} == {"otp"}

        wrong = sign_in_form(await browser.submit(third, {"otp": "000000"}, until=REDIRECT_URI))
        code = await flow.people.take_code(person.name)
        assert (await browser.submit(wrong, {"otp": code}, until=REDIRECT_URI)).has_redirect_location


async def test_a_one_time_code_works_once(flow: CodeFlow, person: Person, client: Client) -> None:
    code = await flow.people.take_code(person.name)
    assert [await accepted(client, person, code) for _ in range(2)] == [True, False]


async def accepted(client: Client, person: Person, code: str) -> bool:
    async with Browser() as browser:
        request = await client("rondetafel-cli").pushed_authorization_request(REDIRECT_URI, login_hint=person.email)
        page = await browser.open(request.url)
        answers = {"username": person.email, "password": person.password, "otp": code}
        while not page.has_redirect_location:
            form = sign_in_form(page)
            page = await browser.submit(form, answers, until=REDIRECT_URI)
            if "otp" in form.fields:
                break
        return page.has_redirect_location


def sign_in_form(page: httpx.Response) -> Form:
    (form,) = [form for form in forms(page) if form.fields.keys() & {"username", "password", "otp"}]
    return form


async def test_pages_speak_dutch_and_offer_no_registration(client: Client) -> None:
    async with Browser() as browser:
        request = await client("rondetafel-cli").pushed_authorization_request(REDIRECT_URI)
        page = await browser.open(request.url)
        assert 'lang="nl"' in page.text
        assert "registrations" not in page.text


async def test_a_client_of_its_own_gets_a_token_without_person_and_level(client: Client, verifier: Verifier) -> None:
    tokens = await client("host").client_credentials()
    assert (tokens.refresh_token, tokens.id_token) == (None, None)
    for service in ("portal", "partner_directory"):
        verified = await verifier(service).verify(tokens.access_token)
        assert (verified.is_service, verified.client_id) == (True, "host")
        assert (verified.acr, verified.session_id, verified.auth_time) == (0, None, None)
    for service in ("case", "meeting", "audit"):
        with pytest.raises(Unauthenticated):
            await verifier(service).verify(tokens.access_token)


async def test_a_clients_own_token_never_becomes_a_persons(client: Client, verifier: Verifier) -> None:
    """Keycloak would exchange it, and leave out what tells it from a person's. No service takes what comes of that."""
    of_the_host = await client("host").client_credentials()
    exchanged = await client("portal").exchange_token(of_the_host.access_token)
    for service in SERVICES:
        with pytest.raises(Unauthenticated):
            await verifier(service).verify(exchanged.access_token)


async def test_an_exchange_does_not_touch_the_pages_of_the_same_sign_in(
    flow: CodeFlow, person: Person, client: Client, verifier: Verifier, instance: Instance
) -> None:
    """Both hang on one session of Keycloak's, in which an exchange sets the level asked for back."""
    portal, callback = client("portal"), f"{instance.portal_url}/signin/callback"
    async with Browser() as browser:
        request = await portal.pushed_authorization_request(callback)
        page = await flow.walk(browser, await browser.open(request.url, until=callback), person, until=callback)
        of_the_page = await portal.exchange_code(request, code_in(page))
        asked = await client("rondetafel-cli").pushed_authorization_request(REDIRECT_URI)
        again = await browser.open(asked.url, until=REDIRECT_URI)
        terminal = await client("rondetafel-cli").exchange_code(asked, code_in(again))
    exchanged = await portal.exchange_token(terminal.access_token)
    renewed = await portal.refresh(of_the_page.refresh_token or "")
    found = [await verifier("case").verify(name.access_token) for name in (of_the_page, exchanged, renewed)]
    assert {result.session_id for result in found} == {found[0].session_id}
    assert [result.acr for result in found] == [2, 2, 2]


def code_in(page: httpx.Response) -> str:
    return parse_qs(urlsplit(page.headers["location"]).query)["code"][0]


async def test_the_directory_is_no_client_of_ours(client: Client, verifier: Verifier) -> None:
    tokens = await client("partner-directory").client_credentials()
    for service in SERVICES:
        with pytest.raises(Unauthenticated):
            await verifier(service).verify(tokens.access_token)


async def test_an_id_token_is_no_access_token(flow: CodeFlow, person: Person, verifier: Verifier) -> None:
    tokens = await flow.sign_in(person)
    await verifier("portal").verify(tokens.access_token)
    for other in (tokens.id_token, tokens.refresh_token):
        assert other is not None
        with pytest.raises(Unauthenticated):
            await verifier("rondetafel-cli").verify(other)


async def test_a_refresh_token_used_twice_ends_the_session(flow: CodeFlow, person: Person, client: Client) -> None:
    terminal = client("rondetafel-cli")
    first = (await flow.sign_in(person)).refresh_token
    assert first is not None
    second = (await terminal.refresh(first)).refresh_token
    assert second is not None
    for token in (first, second):
        with pytest.raises(Unauthenticated):
            await terminal.refresh(token)
