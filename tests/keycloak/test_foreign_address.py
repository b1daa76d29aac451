"""A provider that names an address of elsewhere: nobody gets in, and the page says whom to ask."""

import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from deploy.local.browser import Browser, forms, visible_text
from deploy.local.instance import Instance
from deploy.local.keycloak import Keycloak
from deploy.local.realm_admin import RealmAdmin
from services.kit.oidc import OidcClient
from tests.keycloak.walking import PASSWORD, Walk, page_id

PROVIDER = "neighbour"
DOMAIN = "partner.example"
HOME, FOREIGN = f"home@{DOMAIN}", "foreign@elsewhere.example"


@pytest.fixture(scope="module")
async def provider(
    keycloak: Keycloak, admin: RealmAdmin, master: RealmAdmin, instance: Instance
) -> AsyncIterator[None]:
    """A partner's provider (a realm of its own) with somebody of its domain and somebody of another."""
    secret = secrets.token_urlsafe(16)
    async with keycloak.recovery(PROVIDER) as theirs:
        await master.post("", partner_realm(instance, secret))
        await admin.post("identity-provider/instances", identity_provider(instance, secret))
        wanted = {"name": "Partner", "alias": PROVIDER, "domains": [{"name": DOMAIN, "verified": True}]}
        organisation = (await admin.post("organizations", wanted)).headers["location"].rpartition("/")[2]
        await admin.post(f"organizations/{organisation}/identity-providers", PROVIDER)
        provider = await admin.get(f"identity-provider/instances/{PROVIDER}")
        provider["config"] |= {"kc.org.domain": DOMAIN, "kc.org.broker.redirect.mode.email-matches": "true"}
        await admin.put(f"identity-provider/instances/{PROVIDER}", provider | {"enabled": True})
        try:
            yield
        finally:
            await admin.delete(f"organizations/{organisation}")
            await admin.delete(f"identity-provider/instances/{PROVIDER}")
            await theirs.delete("")


def partner_realm(instance: Instance, secret: str) -> dict[str, Any]:
    client = {
        "clientId": "rondetafel",
        "secret": secret,
        "redirectUris": [f"{instance.issuer}/broker/{PROVIDER}/endpoint"],
        "standardFlowEnabled": True,
    }
    users = [
        {
            "username": email,
            "email": email,
            "emailVerified": True,
            "firstName": "Some",
            "lastName": "Body",
            "enabled": True,
            "credentials": [{"type": "password", "value": PASSWORD}],
        }
        for email in (HOME, FOREIGN)
    ]
    own = {"frontendUrl": instance.keycloak_url}  # the gate lets nobody through to a realm that is not ours
    return {"realm": PROVIDER, "enabled": True, "attributes": own, "clients": [client], "users": users}


def identity_provider(instance: Instance, secret: str) -> dict[str, Any]:
    theirs = f"{instance.keycloak_url}/realms/{PROVIDER}"
    return {
        "alias": PROVIDER,
        "providerId": "oidc",
        "enabled": False,
        "trustEmail": True,
        "hideOnLogin": True,
        "firstBrokerLoginFlowAlias": "rt-first-broker",
        "postBrokerLoginFlowAlias": "stepup",
        "config": {
            "clientId": "rondetafel",
            "clientSecret": secret,
            "clientAuthMethod": "client_secret_post",
            "issuer": theirs,
            "authorizationUrl": f"{theirs}/protocol/openid-connect/auth",
            "tokenUrl": f"{theirs}/protocol/openid-connect/token",
            "validateSignature": "true",
            "useJwksUrl": "true",
            "jwksUrl": f"{theirs}/protocol/openid-connect/certs",
            "defaultScope": "openid email profile",
            "pkceEnabled": "true",
            "pkceMethod": "S256",
            "syncMode": "IMPORT",
        },
    }


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("nl", "Vraag je eigen informaticadienst na welk e-mailadres ze doorgeven"),
        ("fr", "coordinateur de votre commune"),
    ],
)
async def test_who_brings_a_foreign_address_is_told_whom_to_ask(
    admin: RealmAdmin, client: Callable[[str], OidcClient], instance: Instance, language: str, says: str
) -> None:
    ends = {}
    for email in (HOME, FOREIGN):
        async with Browser() as browser:
            walk = Walk(browser, client("portal"), instance)
            theirs = await walk.begin(HOME, language=language)
            assert f"/realms/{PROVIDER}/" in str(theirs.url)
            ends[email] = await walk.fill(theirs, username=email, password=PASSWORD)
    assert page_id(ends[HOME]) == "login-config-totp"
    page = ends[FOREIGN]
    assert page_id(page) == "idp-review-user-profile"
    assert says in visible_text(page).replace("\u00a0", " ")
    assert forms(page) == []
    assert await admin.get("users", email=HOME, exact=True)
    assert await admin.get("users", email=FOREIGN, exact=True) == []
