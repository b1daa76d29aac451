"""Accounts at the real Keycloak: who is invited is found or made there, and its absence is said as it is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from starlette.types import Receive, Scope, Send

from deploy.local.code_flow import CodeFlow
from deploy.local.keycloak import Keycloak, client_key_file
from deploy.local.people import Person
from deploy.local.servers import Servers
from services.kit.grid import Grid
from services.kit.http import HttpServer
from services.kit.identities import Revoked, person_id
from services.kit.oidc import OidcClient, Tokens, load_client_key
from services.kit.policy import Role
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.errors import SignInServiceAway, SignInServiceBusy
from services.partner_directory.posting import Reached
from services.partner_directory.users import AT_ONCE, FIRST_SIGN_IN, GRID_SECONDS, Users
from tests.gate.clock import Seconds
from tests.harness import TestClock
from tests.partner_directory.town import TEXT, Host


def key_of(servers: Servers, client: str = "partner-directory") -> EllipticCurvePrivateKey:
    """The key by which a client of the realm proves who it is."""
    return load_client_key(client_key_file(servers.instance.secrets, client))


@pytest.fixture
async def users(client: OidcClient, servers: Servers) -> AsyncIterator[Users]:
    users = Users(client, servers.instance.issuer, servers.instance.keycloak_url)
    yield users
    await users.close()


async def test_a_new_person_gets_an_account_that_no_password_opens(
    users: Users, keycloak: Keycloak, servers: Servers
) -> None:
    """Its password is a hash of nothing, kept as Keycloak keeps real ones: comparing with it takes as long."""
    email = f"{uuid4().hex}@caw.example"
    found = await users.find_or_create(email, "Zoë", "D'Hondt")
    async with keycloak.admin() as admin:
        (account,) = await admin.get("users", email=email, exact=True)
        (credential,) = await admin.get(f"users/{account['id']}/credentials")
        real = Person.invent(f"real{uuid4().hex}", f"Real {uuid4().hex}", "caw.example")
        await CodeFlow(servers.instance).people.add(admin, [real])
        (somebody,) = await admin.get("users", email=real.email, exact=True)
        credentials = await admin.get(f"users/{somebody['id']}/credentials")
    assert found == person_id(servers.instance.issuer, account["id"])
    assert (account["username"], account["firstName"], account["lastName"]) == (email, "Zoë", "D'Hondt")
    assert set(account["requiredActions"]) == set(FIRST_SIGN_IN)
    assert account["enabled"]
    assert credential["type"] == "password"
    kept = {credential["type"]: json.loads(credential["credentialData"]) for credential in credentials}
    assert json.loads(credential["credentialData"]) == kept["password"]
    assert await users.find_or_create(email, "Anders", "Genoemd") == found
    async with keycloak.admin() as admin:
        (same,) = await admin.get("users", email=email, exact=True)
    assert same["firstName"] == "Zoë", "an account that exists is not touched"


async def test_a_person_is_reached_by_the_id_that_tells_no_account(users: Users, keycloak: Keycloak) -> None:
    """Known to this process or not; in the language of the account; not who is shut out, or is nobody."""
    first, second = f"{uuid4().hex}@caw.example", f"{uuid4().hex}@caw.example"
    person = await users.find_or_create(first, "Zoë", "D'Hondt")
    assert await users.reach(person) == Reached(first, "")
    other = await users.find_or_create(second, "Nele", "Claes")
    assert await users.reach(other) == Reached(second, "")
    assert await users.reach(uuid4()) is None
    async with keycloak.admin() as admin:
        (account,) = await admin.get("users", email=first, exact=True)
        await admin.put(f"users/{account['id']}", account | {"attributes": {"locale": ["fr"]}})
    assert await users.reach(person) == Reached(first, "fr")
    await users.set_enabled(Revoked.SUBJECT, account["id"], enabled=False)
    assert await users.reach(person) is None
    await users.set_enabled(Revoked.SUBJECT, account["id"], enabled=True)
    assert await users.reach(person) == Reached(first, "fr")
    async with keycloak.admin() as admin:
        await admin.delete(f"users/{account['id']}")
    assert await users.reach(person) is None


async def test_invited_many_times_at_once_it_is_one_person(users: Users) -> None:
    email = f"{uuid4().hex}@caw.example"
    found = await asyncio.gather(*(users.find_or_create(email, "Nele", "Claes") for _ in range(AT_ONCE)))
    assert len(set(found)) == 1


async def test_only_the_exact_address_is_found(users: Users) -> None:
    email = f"{uuid4().hex}@caw.example"
    found = {
        await users.find_or_create(address, "Nele", "Claes") for address in (email, f"x{email}", f"{email}.example")
    }
    assert len(found) == 3


async def test_whoever_signs_in_is_the_person_that_was_invited(
    users: Users, keycloak: Keycloak, servers: Servers, host: Host
) -> None:
    flow = CodeFlow(servers.instance)
    name = f"nele{uuid4().hex}"
    someone = Person.invent(name, f"Nele {name}", "caw.example")
    async with keycloak.admin() as admin:
        await flow.people.add(admin, [someone])
    token = await flow.token(name)
    town = await host.town()
    host.sign_in.finding = users.find_or_create
    command = town.invitation(Role.MAYOR, email=someone.email)
    receipt = await town.as_host(invite_person, command)
    invited = town.person_of(command, receipt)
    invited.person_id = person_id(servers.instance.issuer, subject_of(token))
    await invited.run(accept_invitation, AcceptInvitation(receipt.id, await town.sent(receipt)))
    assert (await invited.run(accept_undertaking, AcceptUndertaking(TEXT))).id == receipt.id


def subject_of(token: str) -> str:
    """Whom a token names; the services' own check of it is tested elsewhere."""
    subject: str = jwt.decode(token, options={"verify_signature": False})["sub"]
    return subject


async def test_known_and_unknown_are_asked_for_alike_and_answered_at_the_same_moment(
    client: OidcClient, servers: Servers
) -> None:
    instance, asked = servers.instance, []

    async def listen(scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on to Keycloak, and note what was asked."""
        asked.append((scope["method"], scope["path"].rpartition("/rondetafel/")[2]))
        headers = [(name, value) for name, value in scope["headers"] if name in (b"authorization", b"content-type")]
        target = f"{scope['path']}?{scope['query_string'].decode()}"
        body = (await receive())["body"]
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.request(scope["method"], instance.keycloak_url + target, headers=headers, content=body)
        said = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() != b"transfer-encoding"]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": said})
        await send({"type": "http.response.body", "body": answer.content})

    server, clock = HttpServer(listen, "127.0.0.1:0"), Seconds()
    serving = asyncio.create_task(server.run())
    between = f"http://127.0.0.1:{server.port}"
    users = Users(client, instance.issuer, between, grid=Grid(GRID_SECONDS, clock, clock.sleep))
    email = f"{uuid4().hex}@caw.example"
    for _ in range(2):
        await users.find_or_create(email, "Nele", "Claes")
    await users.close()
    await server.stop()
    await serving
    assert asked == [("POST", "users"), ("GET", "users")] * 2
    assert clock.slept == [GRID_SECONDS] * 2


async def test_a_client_without_the_right_is_told_nothing(keycloak: Keycloak, servers: Servers) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        instance = servers.instance
        host = OidcClient(http, instance.issuer, "host", key_of(servers, "host"))
        users = Users(host, instance.issuer, instance.keycloak_url)
        with pytest.raises(SignInServiceAway):
            await users.find_or_create(f"{uuid4().hex}@caw.example", "Nele", "Claes")
        await users.close()


async def test_a_keycloak_that_is_away_is_unavailable_and_back_it_works(servers: Servers, users: Users) -> None:
    email = f"{uuid4().hex}@caw.example"
    found = await users.find_or_create(email, "Nele", "Claes")
    async with httpx.AsyncClient(trust_env=False) as http:
        nowhere = f"http://127.0.0.1:{servers.instance.ports.portal}/realms/rondetafel"
        away = Users(OidcClient(http, nowhere, "partner-directory", key_of(servers)), nowhere, nowhere)
        with pytest.raises(SignInServiceAway) as refused:
            await away.find_or_create(email, "Nele", "Claes")
        await away.close()
    assert refused.value.retry_after
    assert await users.find_or_create(email, "Nele", "Claes") == found


async def test_a_keycloak_that_hangs_keeps_a_few_waiting_and_not_for_long(servers: Servers) -> None:
    connected = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    issuer = f"http://127.0.0.1:{port}/realms/rondetafel"
    async with httpx.AsyncClient(trust_env=False) as http, server:
        users = Users(OidcClient(http, issuer, "partner-directory", key_of(servers)), issuer, issuer, patience=0.5)
        asked = [users.find_or_create(f"{uuid4().hex}@caw.example", "Nele", "Claes") for _ in range(AT_ONCE)]
        waiting = asyncio.gather(*asked, return_exceptions=True)
        await connected.wait()
        with pytest.raises(SignInServiceBusy):
            await users.find_or_create(f"{uuid4().hex}@caw.example", "Nele", "Claes")
        assert {type(item) for item in await waiting} == {SignInServiceAway}


class CountingClient(OidcClient):
    """The real client, counting the tokens it was given."""

    given = 0

    async def client_credentials(self) -> Tokens:
        self.given += 1
        return await super().client_credentials()


async def test_a_token_is_used_until_shortly_before_its_end(keycloak: Keycloak, servers: Servers) -> None:
    clock, issuer, email = TestClock(datetime.now(UTC)), servers.instance.issuer, f"{uuid4().hex}@caw.example"
    async with httpx.AsyncClient(trust_env=False) as http:
        client = CountingClient(http, issuer, "partner-directory", key_of(servers))
        users = Users(client, issuer, servers.instance.keycloak_url, clock=clock)
        found = await users.find_or_create(email, "Nele", "Claes")
        assert await users.find_or_create(email, "Nele", "Claes") == found
        assert client.given == 1
        clock.advance(minutes=5)
        assert await users.find_or_create(email, "Nele", "Claes") == found
        assert client.given == 2
        await users.close()
