"""Signing out, being signed out, and Keycloak away: what the portal and the services notice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.local.browser import Browser
from deploy.local.code_flow import CodeFlow
from deploy.local.instance import Instance
from deploy.local.keycloak import Keycloak
from deploy.local.people import Person
from deploy.local.realm_admin import RealmAdmin
from services.kit.errors import Unauthenticated, Unavailable
from services.kit.identity import TokenVerifier, VerifiedToken
from services.kit.oidc import OidcClient, Tokens
from tests.patience import HANGS_AFTER

Client = Callable[[str], OidcClient]
Verifier = Callable[[str], TokenVerifier]


async def sign_in_as_portal(
    portal: OidcClient, instance: Instance, flow: CodeFlow, person: Person, verifier: TokenVerifier
) -> Tokens:
    """What the portal does, with its own key and its own address, up to the tokens."""
    callback = f"{instance.portal_url}/signin/callback"
    request = await portal.pushed_authorization_request(callback)
    async with Browser() as browser:
        page = await flow.walk(browser, await browser.open(request.url, until=callback), person, until=callback)
    answer = parse_qs(urlsplit(page.headers["location"]).query)
    assert answer["state"] == [request.state]
    assert answer["iss"] == [instance.issuer]
    tokens = await portal.exchange_code(request, answer["code"][0])
    await verifier.verify_id_token(tokens.id_token or "", "portal", request.nonce)
    with pytest.raises(Unauthenticated):
        await verifier.verify_id_token(tokens.access_token, "portal", request.nonce)
    return tokens


@asynccontextmanager
async def listening_portal(instance: Instance) -> AsyncIterator["asyncio.Queue[str]"]:
    """Answers where the portal would, and hands on the logout tokens it is sent."""
    received: asyncio.Queue[str] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:"))
        body = (await reader.readexactly(length)).decode()
        assert head.startswith("POST /signin/backchannel-logout ")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        received.put_nowait(parse_qs(body)["logout_token"][0])

    async with await asyncio.start_server(serve, "127.0.0.1", instance.ports.portal):
        yield received


async def test_signing_out_tells_the_portal(
    client: Client, instance: Instance, flow: CodeFlow, person: Person, verifier: Verifier
) -> None:
    portal = client("portal")
    tokens = await sign_in_as_portal(portal, instance, flow, person, verifier("portal"))
    verified = await verifier("case").verify(tokens.access_token)
    assert (verified.client_id, verified.acr) == ("portal", 2)

    async with listening_portal(instance) as received:
        assert tokens.refresh_token is not None
        await portal.logout(tokens.refresh_token)
        logout_token = await asyncio.wait_for(received.get(), HANGS_AFTER)

    await ended(verifier, logout_token, verified)
    with pytest.raises(Unauthenticated):
        await portal.refresh(tokens.refresh_token)


async def test_an_administrator_signs_somebody_out(
    client: Client, instance: Instance, flow: CodeFlow, person: Person, verifier: Verifier, admin: RealmAdmin
) -> None:
    tokens = await sign_in_as_portal(client("portal"), instance, flow, person, verifier("portal"))
    verified = await verifier("case").verify(tokens.access_token)
    async with listening_portal(instance) as received:
        await admin.post(f"users/{verified.subject}/logout")
        logout_token = await asyncio.wait_for(received.get(), HANGS_AFTER)
    await ended(verifier, logout_token, verified)


async def ended(verifier: Verifier, logout_token: str, verified: VerifiedToken) -> None:
    """The logout token is good for the portal as that, and for nothing else."""
    session = await verifier("portal").verify_logout(logout_token, "portal")
    assert (session.subject, session.session_id) == (verified.subject, verified.session_id)
    for service in ("portal", "case"):
        with pytest.raises(Unauthenticated):
            await verifier(service).verify(logout_token)
    with pytest.raises(Unauthenticated):
        await verifier("portal").verify_logout(logout_token, "rondetafel-cli")


async def test_an_access_token_is_no_logout_token(flow: CodeFlow, person: Person, verifier: Verifier) -> None:
    with pytest.raises(Unauthenticated):
        await verifier("portal").verify_logout(await flow.token(person.name), "portal")


async def test_the_browser_signs_out_and_comes_back_to_the_portal(
    client: Client, instance: Instance, flow: CodeFlow, person: Person, verifier: Verifier
) -> None:
    portal = client("portal")
    tokens = await sign_in_as_portal(portal, instance, flow, person, verifier("portal"))
    assert tokens.id_token is not None
    home = f"{instance.portal_url}/"
    async with listening_portal(instance), Browser() as browser:
        page = await browser.open(portal.end_session_url(tokens.id_token, home), until=home)
        assert page.headers["location"] == home
        elsewhere = await browser.open(portal.end_session_url(tokens.id_token, "https://evil.example/"))
        assert elsewhere.status_code == 400


async def test_a_disabled_person_gets_no_further(
    client: Client, flow: CodeFlow, person: Person, admin: RealmAdmin
) -> None:
    tokens = await flow.sign_in(person)
    assert tokens.refresh_token is not None
    (user,) = await admin.get("users", email=person.email, exact=True)
    await admin.put(f"users/{user['id']}", user | {"enabled": False})
    with pytest.raises(Unauthenticated):
        await client("rondetafel-cli").refresh(tokens.refresh_token)


async def test_with_keycloak_away_tokens_are_good_until_they_end(
    client: Client, flow: CodeFlow, person: Person, verifier: Verifier, keycloak: Keycloak, instance: Instance
) -> None:
    case, meeting = verifier("case"), verifier("meeting")
    tokens = await sign_in_as_portal(client("portal"), instance, flow, person, case)
    assert tokens.refresh_token is not None
    await case.verify(tokens.access_token)

    keycloak.kill()
    try:
        await case.verify(tokens.access_token)
        with pytest.raises(Unavailable):
            await meeting.verify(tokens.access_token)
        with pytest.raises(Unavailable):
            await client("portal").refresh(tokens.refresh_token)
    finally:
        await keycloak.start()

    renewed = await client("portal").refresh(tokens.refresh_token)
    before, after = await case.verify(tokens.access_token), await case.verify(renewed.access_token)
    assert before.session_id == after.session_id
