"""Shutting out and letting in at the real Keycloak: people, identity providers, organisations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.code_flow import CodeFlow, SignInFailed
from deploy.local.keycloak import Keycloak
from deploy.local.people import Person
from deploy.local.servers import Servers
from services.kit.identities import Revoked, person_id
from services.kit.oidc import OidcClient
from services.partner_directory.users import Users


@pytest.fixture
async def users(client: OidcClient, servers: Servers) -> AsyncIterator[Users]:
    users = Users(client, servers.instance.issuer, servers.instance.keycloak_url)
    yield users
    await users.close()


async def test_a_person_cannot_sign_in_until_let_in_again(users: Users, keycloak: Keycloak, servers: Servers) -> None:
    flow, name = CodeFlow(servers.instance), f"nele{uuid4().hex}"
    nele = Person.invent(name, f"Nele {name}", "caw.example")
    async with keycloak.admin() as admin:
        await flow.people.add(admin, [nele])
        (account,) = await admin.get("users", email=nele.email, exact=True)
        subject = account["id"]
        assert users.identity(Revoked.SUBJECT, subject) == person_id(servers.instance.issuer, subject)
        await flow.sign_in(nele)
        assert len(await admin.get(f"users/{subject}/sessions")) == 1
        await users.set_enabled(Revoked.SUBJECT, subject, enabled=False)
        assert await admin.get(f"users/{subject}/sessions") == []
        with pytest.raises(SignInFailed):
            await flow.sign_in(nele)
        await users.set_enabled(Revoked.SUBJECT, subject, enabled=True)
        await flow.sign_in(nele)
        after = await admin.get(f"users/{subject}")
    forgotten = {name for name in account if name not in after}
    assert not forgotten
    assert (after["email"], after["firstName"], after["enabled"]) == (account["email"], account["firstName"], True)


async def test_a_provider_and_an_organisation(users: Users, keycloak: Keycloak) -> None:
    alias = f"caw-{uuid4().hex}"
    async with keycloak.admin() as admin:
        await admin.post("identity-provider/instances", provider(alias))
        await admin.post("organizations", {"name": alias, "alias": alias, "domains": [{"name": f"{alias}.example"}]})
        (made,) = await admin.get("organizations", search=alias)
        for kind, value, path in (
            (Revoked.PROVIDER, alias, f"identity-provider/instances/{alias}"),
            (Revoked.ORGANISATION, made["id"], f"organizations/{made['id']}"),
        ):
            before = await admin.get(path)
            for enabled in (False, True):
                await users.set_enabled(kind, value, enabled=enabled)
                assert await admin.get(path) == before | {"enabled": enabled}


def provider(alias: str) -> dict[str, Any]:
    """A provider nobody signs in with."""
    config = {
        "authorizationUrl": "https://caw.example/a",
        "tokenUrl": "https://caw.example/t",
        "clientId": "rondetafel",
        "clientSecret": "a secret that must stay",
    }
    return {"alias": alias, "providerId": "oidc", "enabled": True, "config": config}


@pytest.mark.parametrize("kind", [Revoked.SUBJECT, Revoked.PROVIDER, Revoked.ORGANISATION])
@pytest.mark.parametrize("enabled", [False, True])
async def test_one_that_is_not_there_is_no_error(users: Users, kind: Revoked, enabled: bool) -> None:
    await users.set_enabled(kind, str(uuid4()), enabled=enabled)
