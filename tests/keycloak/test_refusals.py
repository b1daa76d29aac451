"""What is switched off is refused by the server itself; each refusal stands next to what is rightful."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.browser import Browser, forms
from deploy.local.code_flow import REDIRECT_URI, CodeFlow
from deploy.local.instance import Instance
from deploy.local.people import Person
from deploy.local.realm_admin import RealmAdmin
from services.kit.errors import Unauthenticated, Unavailable
from services.kit.oidc import OidcClient
from tests.keycloak.test_realm import OURS

Client = Callable[[str], OidcClient]
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LISTENING = "0A"
LOOPBACK_AS_THE_KERNEL_WRITES_IT = "0100007F"
VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
RIGHTFUL = {
    "response_type": "code",
    "scope": "openid",
    "redirect_uri": REDIRECT_URI,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def endpoint(instance: Instance) -> str:
    return f"{instance.issuer}/protocol/openid-connect"


def proof(client: OidcClient, name: str) -> dict[str, str]:
    return {"client_id": name, "client_assertion_type": ASSERTION, "client_assertion": client.client_assertion()}


@pytest.mark.parametrize(
    "bent",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"redirect_uri": "http://127.0.0.1/elsewhere"},
        {"redirect_uri": "https://evil.example/callback"},
        {"response_type": "token"},
        {"response_type": "code id_token"},
    ],
)
async def test_a_bent_request_is_refused_when_it_is_pushed(
    client: Client, http: httpx.AsyncClient, endpoint: str, keycloak: object, bent: dict[str, Any]
) -> None:
    async def pushed(request: dict[str, Any]) -> int:
        asked = {name: value for name, value in request.items() if value is not None}
        cli = client("rondetafel-cli")
        return (await http.post(f"{endpoint}/ext/par/request", data=asked | proof(cli, "rondetafel-cli"))).status_code

    assert await pushed(RIGHTFUL) == 201
    assert await pushed(RIGHTFUL | bent) in (400, 401)


async def test_a_request_that_was_not_pushed_gets_no_page(client: Client, endpoint: str, keycloak: object) -> None:
    async with Browser() as browser:
        pushed = await client("rondetafel-cli").pushed_authorization_request(REDIRECT_URI)
        assert forms(await browser.open(pushed.url))
        for name in ("rondetafel-cli", "portal"):
            plain = httpx.URL(f"{endpoint}/auth", params={"client_id": name, **RIGHTFUL})
            page = await browser.open(str(plain), until=REDIRECT_URI)
            assert page.has_redirect_location or page.status_code == 400
            assert "code=" not in page.headers.get("location", "")


@pytest.mark.parametrize("name", ["rondetafel-cli", "portal", "host", "admin-cli"])
async def test_a_password_is_no_grant(
    client: Client, flow: CodeFlow, http: httpx.AsyncClient, endpoint: str, person: Person, name: str
) -> None:
    await flow.sign_in(person)
    asked = {"grant_type": "password", "username": person.email, "password": person.password, "scope": "openid"}
    asked["totp"] = await flow.people.take_code(person.name)
    known = proof(client(name), name) if name != "admin-cli" else {"client_id": name}
    answer = await http.post(f"{endpoint}/token", data=asked | known)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("unauthorized_client", "invalid_client")


@pytest.mark.parametrize("name", ["rondetafel-cli", "portal"])
async def test_clients_for_people_do_not_act_for_themselves(client: Client, keycloak: object, name: str) -> None:
    await client("host").client_credentials()
    with pytest.raises(Unauthenticated):
        await client(name).client_credentials()


@pytest.mark.parametrize(
    "grant",
    [
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:openid:params:grant-type:ciba",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:uma-ticket",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ],
)
async def test_other_grants_are_off(
    client: Client, flow: CodeFlow, person: Person, http: httpx.AsyncClient, endpoint: str, grant: str
) -> None:
    token = await flow.token(person.name)
    for name in ("rondetafel-cli", "host"):
        asked = {
            "grant_type": grant,
            "subject_token": token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "audience": "portal",
            "assertion": token,
            "device_code": "x",
            "auth_req_id": "x",
        }
        answer = await http.post(f"{endpoint}/token", data=asked | proof(client(name), name))
        assert answer.status_code in (400, 401, 403)
        assert "access_token" not in answer.json()


async def test_nobody_registers_himself(
    http: httpx.AsyncClient, endpoint: str, instance: Instance, keycloak: object
) -> None:
    asked = {"client_id": "rondetafel-cli", **RIGHTFUL}
    page = await http.get(f"{endpoint}/registrations", params=asked)
    assert page.status_code == 404, "the gate"
    page = await http.get(
        f"{instance.keycloak_url}/realms/rondetafel/protocol/openid-connect/registrations", params=asked
    )
    assert page.status_code == 400 or "password-confirm" not in page.text


@pytest.mark.parametrize("kind", ["openid-connect", "default"])
async def test_no_client_registers_itself(
    http: httpx.AsyncClient, instance: Instance, flow: CodeFlow, person: Person, kind: str, admin: RealmAdmin
) -> None:
    own = f"/realms/rondetafel/clients-registrations/{kind}"
    wanted = {"redirect_uris": ["https://evil.example/cb"], "clientId": "evil", "client_name": "evil"}
    for headers in ({}, {"Authorization": f"Bearer {await flow.token(person.name)}"}):
        assert (await http.post(instance.gate_url + own, json=wanted, headers=headers)).status_code == 404
        answer = await http.post(instance.keycloak_url + own, json=wanted, headers=headers)
        assert answer.status_code in (400, 401, 403)
    assert {value["clientId"] for value in await admin.get("clients") if value["enabled"]} == OURS | {
        "realm-management"
    }


async def test_an_assertion_works_once(
    client: Client, http: httpx.AsyncClient, endpoint: str, keycloak: object
) -> None:
    asked = {"grant_type": "client_credentials", **proof(client("host"), "host")}
    assert (await http.post(f"{endpoint}/token", data=asked)).status_code == 200
    assert (await http.post(f"{endpoint}/token", data=asked)).status_code in (400, 401)


async def test_a_client_with_another_key_is_refused(
    http: httpx.AsyncClient, instance: Instance, client: Client, keycloak: object
) -> None:
    await client("host").client_credentials()
    stranger = OidcClient(http, instance.issuer, "host", ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(Unauthenticated):
        await stranger.client_credentials()


async def test_a_key_of_one_client_does_not_open_another(
    http: httpx.AsyncClient, instance: Instance, client: Client, endpoint: str, keycloak: object
) -> None:
    asked = {"grant_type": "client_credentials", **proof(client("partner-directory"), "partner-directory")}
    assert (await http.post(f"{endpoint}/token", data=asked)).status_code == 200
    asked = {"grant_type": "client_credentials", **proof(client("host"), "partner-directory")}
    assert (await http.post(f"{endpoint}/token", data=asked)).status_code in (400, 401)


async def test_the_directory_manages_users_and_nothing_else(
    http: httpx.AsyncClient, instance: Instance, client: Client, admin: RealmAdmin
) -> None:
    token = (await client("partner-directory").client_credentials()).access_token
    base = f"{instance.keycloak_url}/admin/realms/rondetafel"
    headers = {"Authorization": f"Bearer {token}"}

    async def status(method: str, path: str, body: Any = None) -> int:
        return (await http.request(method, base + path, json=body, headers=headers)).status_code

    user = {"username": "invited@test.example", "email": "invited@test.example", "enabled": True}
    assert await status("POST", "/users", user) == 201
    assert await status("GET", "/users?email=invited@test.example&exact=true") == 200
    assert await status("POST", "/organizations", {"name": "Probe", "alias": "probe"}) == 201
    assert await status("GET", "/events") == 200

    portal = await admin.client("portal")
    assert await status("PUT", "", {"registrationAllowed": True}) == 403
    assert await status("GET", "/clients") == 403
    assert await status("PUT", f"/clients/{portal['id']}", portal | {"redirectUris": ["*"]}) == 403
    assert await status("POST", "/authentication/flows", {"alias": "mine", "providerId": "basic-flow"}) == 403
    assert await status("POST", "/components", {"name": "mine"}) == 403
    assert (await http.get(f"{instance.keycloak_url}/admin/realms/master/users", headers=headers)).status_code in (
        401,
        403,
    )


async def test_a_person_is_no_administrator(
    http: httpx.AsyncClient, instance: Instance, flow: CodeFlow, person: Person
) -> None:
    headers = {"Authorization": f"Bearer {await flow.token(person.name)}"}
    for path in ("users", "clients", "events", "organizations"):
        answer = await http.get(f"{instance.keycloak_url}/admin/realms/rondetafel/{path}", headers=headers)
        assert answer.status_code == 403


async def test_keycloak_listens_on_the_loopback_address_only(instance: Instance, keycloak: object) -> None:
    for port in (instance.ports.gate, instance.ports.keycloak, instance.ports.keycloak_management):
        addresses = listening_addresses(port)
        assert addresses
        assert all(address.endswith(LOOPBACK_AS_THE_KERNEL_WRITES_IT) for address in addresses)


def listening_addresses(port: int) -> list[str]:
    rows = [line.split() for table in ("tcp", "tcp6") for line in Path("/proc/net", table).read_text().splitlines()[1:]]
    return [row[1].split(":")[0] for row in rows if row[3] == LISTENING and int(row[1].split(":")[1], 16) == port]


async def test_a_server_that_is_away_is_no_refusal(http: httpx.AsyncClient) -> None:
    nobody = OidcClient(http, "http://127.0.0.1:9/realms/x", "host", ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(Unavailable):
        await nobody.client_credentials()
