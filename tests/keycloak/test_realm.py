"""The running realm is the one we mean: read back from the server, not from the file."""

import json
from typing import Any

import httpx
import jwt
import pytest

from deploy.local.instance import Instance
from deploy.local.ports import SERVICES
from deploy.local.realm_admin import RealmAdmin
from services.partner_directory.sign_in_events import KINDS
from services.portal.api.bearers import API_CLIENTS, AUDIENCE

FLOWS = {
    "rt-browser": """
        ALTERNATIVE auth-cookie
        ALTERNATIVE identity-provider-redirector
        ALTERNATIVE (rt-browser organisation)
          CONDITIONAL (rt-browser organisation routing)
            REQUIRED conditional-user-configured
            ALTERNATIVE organization
        ALTERNATIVE (rt-browser forms)
          CONDITIONAL (rt-browser level 2)
            REQUIRED conditional-level-of-authentication {loa-condition-level=2, loa-max-age=28800}
            REQUIRED auth-username-password-form
            REQUIRED (rt-browser second factor)
              ALTERNATIVE webauthn-authenticator
              ALTERNATIVE (rt-browser one-time code)
                REQUIRED auth-otp-form {default.reference.maxAge=(hidden), default.reference.value=(hidden)}
          DISABLED (rt-browser level 1)
            REQUIRED conditional-level-of-authentication {loa-condition-level=1, loa-max-age=28800}
    """,
    "stepup": """
        REQUIRED allow-access-authenticator
        CONDITIONAL (stepup level 1)
          REQUIRED conditional-level-of-authentication {loa-condition-level=1, loa-max-age=28800}
          REQUIRED allow-access-authenticator
        CONDITIONAL (stepup level 2)
          REQUIRED conditional-level-of-authentication {loa-condition-level=2, loa-max-age=28800}
          REQUIRED (stepup second factor)
            ALTERNATIVE webauthn-authenticator
            ALTERNATIVE (stepup one-time code)
              REQUIRED auth-otp-form {default.reference.maxAge=(hidden), default.reference.value=(hidden)}
    """,
    "mfa": """
        REQUIRED allow-access-authenticator
        CONDITIONAL (mfa level 2)
          REQUIRED conditional-level-of-authentication {loa-condition-level=2, loa-max-age=28800}
          REQUIRED allow-access-authenticator
    """,
    "rt-first-broker": """
        REQUIRED idp-review-profile {update.profile.on.first.login=missing}
        REQUIRED idp-create-user-if-unique {require.password.update.after.registration=false}
        CONDITIONAL (rt-first-broker organisation)
          REQUIRED conditional-user-configured
          REQUIRED idp-add-organization-member
    """,
}
SETTINGS = {
    "enabled": True,
    "loginTheme": "rondetafel",
    "emailTheme": "rondetafel",
    "passwordPolicy": "length(12) and maxLength(256) and notUsername(undefined) and notEmail(undefined)",
    "organizationsEnabled": True,
    "browserFlow": "rt-browser",
    "firstBrokerLoginFlow": "rt-first-broker",
    "registrationAllowed": False,
    "resetPasswordAllowed": False,
    "rememberMe": False,
    "duplicateEmailsAllowed": False,
    "editUsernameAllowed": False,
    "bruteForceProtected": False,
    "defaultSignatureAlgorithm": "EdDSA",
    "accessTokenLifespan": 300,
    "revokeRefreshToken": True,
    "refreshTokenMaxReuse": 0,
    "ssoSessionMaxLifespan": 36000,
    "eventsEnabled": True,
    "adminEventsEnabled": True,
    "adminEventsDetailsEnabled": False,
    "eventsExpiration": 604800,
    "otpPolicyType": "totp",
    "otpPolicyDigits": 6,
    "otpPolicyPeriod": 30,
    "otpPolicyLookAheadWindow": 1,
    "otpPolicyCodeReusable": False,
}
OURS = {"portal", "rondetafel-cli", "host", "partner-directory", "operator"}
BUILT_IN_AND_OFF = {"account", "account-console", "admin-cli", "broker", "security-admin-console"}
ACTIONS = {"UPDATE_PASSWORD", "CONFIGURE_TOTP", "webauthn-register", "delete_credential"}
RIGHTS = {
    "partner-directory": {"manage-organizations", "manage-identity-providers", "manage-users", "view-events"},
    "operator": {
        "manage-realm",
        "manage-clients",
        "manage-users",
        "manage-events",
        "manage-organizations",
        "manage-identity-providers",
    },
}
SERVICES_BEHIND = set(SERVICES) - {"portal"}
AUDIENCES = {
    "portal": SERVICES_BEHIND,
    "rondetafel-cli": {"portal"},
    "host": {"portal", "partner_directory"},
    "partner-directory": set(),
    "operator": set(),
}


async def test_the_flows_are_exactly_ours_in_this_order(admin: RealmAdmin) -> None:
    found = {name: await outline(admin, name) for name in FLOWS}
    wanted = {name: [line[8:] for line in text.splitlines() if line.strip()] for name, text in FLOWS.items()}
    assert found == wanted


async def test_no_flow_of_ours_names_a_level_twice(admin: RealmAdmin) -> None:
    levels = [line for line in await outline(admin, "rt-browser") if "loa-condition-level" in line]
    assert len(levels) == len(set(levels)) == 2


async def outline(admin: RealmAdmin, flow: str) -> list[str]:
    """A flow as the tables above write it."""
    lines = []
    for step in await admin.get(f"authentication/flows/{flow}/executions"):
        name = f"({step['displayName']})" if step.get("authenticationFlow") else step["providerId"]
        lines.append("  " * step["level"] + f"{step['requirement']} {name}" + await settings(admin, step))
    return lines


async def settings(admin: RealmAdmin, step: dict[str, Any]) -> str:
    if "authenticationConfig" not in step:
        return ""
    config = (await admin.get(f"authentication/config/{step['authenticationConfig']}"))["config"]
    shown = {name: "(hidden)" if set(value) == {"*"} else value for name, value in sorted(config.items())}
    return " {" + ", ".join(f"{name}={value}" for name, value in shown.items()) + "}"


async def test_the_settings_of_the_realm(admin: RealmAdmin) -> None:
    realm = await admin.get()
    assert {name: realm[name] for name in SETTINGS} == SETTINGS
    assert json.loads(realm["attributes"]["acr.loa.map"]) == {"1": 1, "2": 2}
    assert realm["attributes"]["adminEventsExpiration"] == "604800"
    assert set(realm["enabledEventTypes"]) == KINDS


async def test_people_are_asked_for_nothing_but_these(admin: RealmAdmin) -> None:
    actions = await admin.get("authentication/required-actions")
    assert {action["alias"] for action in actions if action["enabled"]} == ACTIONS
    assert not any(action["defaultAction"] for action in actions)


async def test_only_our_clients_are_on(admin: RealmAdmin) -> None:
    clients = await admin.get("clients")
    assert {client["clientId"] for client in clients if client["enabled"]} == OURS | {"realm-management"}
    assert {client["clientId"] for client in clients if not client["enabled"]} == BUILT_IN_AND_OFF


async def test_our_clients_can_do_only_what_they_need(admin: RealmAdmin, instance: Instance) -> None:
    for name in OURS:
        client = await admin.client(name)
        signs_people_in = name in ("portal", "rondetafel-cli")
        assert client["clientAuthenticatorType"] == "client-jwt"
        assert client["attributes"]["token.endpoint.auth.signing.alg"] == "ES256"
        assert client["standardFlowEnabled"] is signs_people_in
        assert client["serviceAccountsEnabled"] is not signs_people_in
        off = ("publicClient", "implicitFlowEnabled", "directAccessGrantsEnabled", "fullScopeAllowed", "bearerOnly")
        assert [client[way] for way in off] == [False] * len(off)
        if signs_people_in:
            assert client["attributes"]["require.pushed.authorization.requests"] == "true"
            assert client["attributes"]["pkce.code.challenge.method"] == "S256"
            assert set(client["defaultClientScopes"]) == {"basic", "acr", "profile", "email"}
        else:
            assert "acr" not in client["defaultClientScopes"]
            assert client["redirectUris"] == []


async def test_the_addresses_of_the_portal(admin: RealmAdmin, instance: Instance) -> None:
    portal = await admin.client("portal")
    assert portal["redirectUris"] == [f"{instance.portal_url}/signin/callback"]
    assert portal["attributes"]["backchannel.logout.url"] == f"{instance.portal_url}/signin/backchannel-logout"
    assert portal["attributes"]["backchannel.logout.session.required"] == "true"
    assert portal["attributes"]["post.logout.redirect.uris"] == f"{instance.portal_url}/"
    assert (await admin.client("rondetafel-cli"))["redirectUris"] == ["http://127.0.0.1/callback"]


async def test_tokens_of_the_clients_that_call_us_are_for_our_services(admin: RealmAdmin) -> None:
    """A token is for the front door or for what is behind it, never for both; the host's own opens the directory."""
    found = {}
    for name in OURS:
        configs = [mapper["config"] for mapper in await mappers_of(admin, name)]
        found[name] = {config.get("included.custom.audience") for config in configs} - {None}
        exchanges = (await admin.client(name))["attributes"].get("standard.token.exchange.enabled")
        assert (exchanges == "true") is (name == "portal")
    assert found == AUDIENCES
    assert {name for name, audiences in found.items() if AUDIENCE in audiences} == API_CLIENTS
    for name in ("portal", "rondetafel-cli"):
        settings = {mapper["name"]: mapper["config"] for mapper in await mappers_of(admin, name)}
        assert settings["idp"]["user.session.note"] == "identity_provider"
        assert settings["loa"]["user.session.note"] == "loa-map"
        assert settings["idp_user"]["user.session.note"] == "identity_provider_identity"


async def mappers_of(admin: RealmAdmin, client: str) -> list[dict[str, Any]]:
    mappers: list[dict[str, Any]] = (await admin.client(client)).get("protocolMappers", [])
    return mappers


@pytest.mark.parametrize("name", RIGHTS)
async def test_each_has_exactly_its_rights(admin: RealmAdmin, name: str) -> None:
    client = await admin.client(name)
    user = await admin.get(f"clients/{client['id']}/service-account-user")
    for place in (f"users/{user['id']}/role-mappings", f"clients/{client['id']}/scope-mappings"):
        granted = (await admin.get(place))["clientMappings"]
        assert granted.keys() == {"realm-management"}
        assert {role["name"] for role in granted["realm-management"]["mappings"]} == RIGHTS[name]


async def test_nobody_edits_his_own_name_or_address(admin: RealmAdmin) -> None:
    profile = await admin.get("users/profile")
    known = {"username", "email", "firstName", "lastName", "locale"}
    assert {attribute["name"] for attribute in profile["attributes"]} == known
    assert all(attribute["permissions"]["edit"] == ["admin"] for attribute in profile["attributes"])
    assert [attribute["name"] for attribute in profile["attributes"] if "required" in attribute] == ["email"]


async def test_a_name_is_limited_in_length_alone(admin: RealmAdmin) -> None:
    """What a name is, is our policy of texts: Keycloak would refuse `Maria (Mieke)` and `jan.d'hondt@...`."""
    profile = await admin.get("users/profile")
    rules = {attribute["name"]: set(attribute.get("validations", {})) for attribute in profile["attributes"]}
    length = {"length"}
    names = {"username": length, "email": length | {"email"}, "firstName": length, "lastName": length}
    assert rules == names | {"locale": set()}


async def test_the_published_keys(http: httpx.AsyncClient, keycloak: object, instance: Instance) -> None:
    published = (await http.get(f"{instance.issuer}/protocol/openid-connect/certs")).json()["keys"]
    assert {key["alg"] for key in published if key["use"] == "sig"} == {"EdDSA", "ES256", "RS256"}
    assert all(jwt.PyJWK(key).key_id for key in published if key["use"] == "sig")
