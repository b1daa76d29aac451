"""What of the realm file holds for realms of before too: the import fills an empty database only."""

import json
from collections.abc import Mapping
from typing import Any

from deploy.local.realm_admin import RealmAdmin

Wanted = Mapping[str, Any]
"""The realm file with its placeholders filled."""

SETTINGS = (
    "loginTheme",
    "emailTheme",
    "smtpServer",
    "browserSecurityHeaders",
    "passwordPolicy",
    "bruteForceProtected",
    "accessTokenLifespan",
    "accessCodeLifespan",
    "accessCodeLifespanLogin",
    "accessCodeLifespanUserAction",
    "actionTokenGeneratedByAdminLifespan",
    "actionTokenGeneratedByUserLifespan",
    "ssoSessionIdleTimeout",
    "ssoSessionMaxLifespan",
    "eventsEnabled",
    "eventsExpiration",
    "enabledEventTypes",
    "adminEventsEnabled",
    "adminEventsDetailsEnabled",
)
ATTRIBUTES = ("parRequestUriLifespan", "adminEventsExpiration")
OF_A_CLIENT = ("baseUrl", "redirectUris")
PROFILE = "org.keycloak.userprofile.UserProfileProvider"
REALM_RIGHTS = "realm-management"
NOBODY = "nobody"


async def bring_up_to_date(admin: RealmAdmin, wanted: Wanted) -> None:
    """Settings, names, clients with their keys and audiences; what is as wanted is not touched."""
    await _settings(admin, wanted)
    await _profile(admin, wanted)
    for client in _ours(wanted):
        await _client(admin, client)


async def hand_over(admin: RealmAdmin, wanted: Wanted, client_id: str) -> None:
    """Make this client of the realm, with the rights the file gives it, or give it the file's key."""
    client = next(our for our in _ours(wanted) if our["clientId"] == client_id)
    if not await admin.get("clients", clientId=client_id):
        await admin.post("clients", client)
    await _client(admin, client)
    await _rights(admin, wanted, client_id)


async def leave(master: RealmAdmin, client_id: str) -> None:
    """Take away the client that may do everything, in the master realm; nobody signs in there afterwards.

    Where that realm has no user at all, Keycloak lets whoever comes first make himself its administrator: so it has
    one, who is off and has no way to sign in.
    """
    if not await master.get("users", username=NOBODY, exact=True):
        await master.post("users", {"username": NOBODY, "enabled": False})
    await master.delete(f"clients/{(await master.client(client_id))['id']}")


async def _settings(admin: RealmAdmin, wanted: Wanted) -> None:
    realm = await admin.get()
    settings = {name: wanted[name] for name in SETTINGS}
    attributes = {name: wanted["attributes"][name] for name in ATTRIBUTES}
    had_details = realm["adminEventsDetailsEnabled"]
    changed = realm | settings | {"attributes": realm["attributes"] | attributes}
    if _differs(realm, settings) or _differs(realm["attributes"], attributes):
        await admin.put(body=changed)
    if had_details:
        # Those of before say whom an invitation named.
        await admin.delete("admin-events")


async def _profile(admin: RealmAdmin, wanted: Wanted) -> None:
    """What people and their user names may be called."""
    profile = await admin.get("users/profile")
    attributes = json.loads(wanted["components"][PROFILE][0]["config"]["kc.user.profile.config"][0])["attributes"]
    if _rules(profile["attributes"]) != _rules(attributes):
        await admin.put("users/profile", profile | {"attributes": attributes})


def _rules(attributes: list[dict[str, Any]]) -> dict[str, Any]:
    return {attribute["name"]: attribute.get("validations", {}) for attribute in attributes}


async def _client(admin: RealmAdmin, wanted: Wanted) -> None:
    client = await admin.client(wanted["clientId"])
    plain = {name: wanted[name] for name in OF_A_CLIENT if name in wanted}
    if _differs(client, plain) or _differs(client["attributes"], wanted["attributes"]):
        attributes = client["attributes"] | wanted["attributes"]
        await admin.put(f"clients/{client['id']}", client | plain | {"attributes": attributes})
    await _mappers(admin, client, wanted["protocolMappers"])


async def _mappers(admin: RealmAdmin, client: Wanted, wanted: list[dict[str, Any]]) -> None:
    """Exactly the wanted ones: one too many is an audience too many."""
    path = f"clients/{client['id']}/protocol-mappers"
    known = {value["name"]: value for value in client.get("protocolMappers", [])}
    missing = [page for page in wanted if page["name"] not in known or _differs(known[page["name"]], page)]
    kept = {page["name"] for page in wanted if page not in missing}
    for name in sorted(known.keys() - kept):
        await admin.delete(f"{path}/models/{known[name]['id']}")
    if missing:
        await admin.post(f"{path}/add-models", missing)


async def _rights(admin: RealmAdmin, wanted: Wanted, client_id: str) -> None:
    given = next(
        clientscopemapping
        for clientscopemapping in wanted["clientScopeMappings"][REALM_RIGHTS]
        if clientscopemapping["client"] == client_id
    )["roles"]
    client, rights = await admin.client(client_id), (await admin.client(REALM_RIGHTS))["id"]
    roles = [value for value in await admin.get(f"clients/{rights}/roles") if value["name"] in given]
    user = await admin.get(f"clients/{client['id']}/service-account-user")
    for place in (f"users/{user['id']}/role-mappings", f"clients/{client['id']}/scope-mappings"):
        await admin.post(f"{place}/clients/{rights}", roles)


def _ours(wanted: Wanted) -> list[dict[str, Any]]:
    """The clients the file describes; the built-in ones it only switches off."""
    return [client for client in wanted["clients"] if client["enabled"]]


def _differs(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return any(_sorted(known.get(name)) != _sorted(value) for name, value in wanted.items())


def _sorted(value: Any) -> Any:
    """Keycloak keeps lists as sets."""
    return sorted(value) if isinstance(value, list) else value
