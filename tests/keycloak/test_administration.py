"""Who administers Keycloak: our realm's own client with its key, and nobody else; no secret in any environment."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.browser import Browser
from deploy.local.instance import REALM, Instance
from deploy.local.keycloak import OPERATOR, RECOVERY, Keycloak, client_key_file
from deploy.local.process import StartFailed
from deploy.local.realm_admin import RealmAdmin
from services.kit.oidc import OidcClient, client_proof, load_client_key
from tests.keycloak.walking import Walk

BUILT_IN = {"account", "account-console", "admin-cli", "broker", "security-admin-console", "master-realm"}


def told(server: int) -> dict[str, bytes]:
    """Environment and command line of the server's processes: the script and what it started."""
    found: dict[str, bytes] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == server:
                found |= {str(process / name): (process / name).read_bytes() for name in ("environ", "cmdline")}
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def test_no_secret_stands_in_an_environment_of_keycloak(keycloak: Keycloak, instance: Instance) -> None:
    """The attack: whoever reads /proc, a crash report or a debug page of the running server."""
    seen = told(keycloak.process.pid)
    assert any(b"KC_DB_URL=" in content for content in seen.values()), "it is the server that was looked at"
    secrets = [file.read_bytes() for file in instance.secrets.directory.glob("*.password")]
    assert secrets
    assert not any(secret in content for content in seen.values() for secret in secrets)
    assert not any(b"BOOTSTRAP" in content for content in seen.values())


def test_the_client_of_the_first_start_is_forgotten(keycloak: Keycloak, instance: Instance) -> None:
    settings = instance.secrets.directory / "keycloak.conf"
    assert settings.stat().st_mode & 0o777 == 0o600
    assert "bootstrap" not in settings.read_text()


async def test_nobody_can_make_himself_the_administrator(
    keycloak: Keycloak, http: httpx.AsyncClient, instance: Instance
) -> None:
    """Where there is no user in the master realm, Keycloak's first page offers it to whoever comes."""
    page = await http.get(f"{instance.keycloak_url}/")
    assert (page.status_code, page.text) == (302, "")


async def test_the_operator_has_our_realm_and_no_other(keycloak: Keycloak, instance: Instance) -> None:
    async with keycloak.admin() as ours:
        assert (await ours.get())["realm"] == REALM
    async with RealmAdmin(instance.keycloak_url, "master", REALM, keycloak.operator_proof) as others:
        for call in (others.get(), others.get("clients"), others.post("users", {"username": "somebody"})):
            with pytest.raises(httpx.HTTPStatusError, match=r"40[13]"):
                await call
    async with RealmAdmin(instance.keycloak_url, "", REALM, keycloak.operator_proof) as realms:
        with pytest.raises(httpx.HTTPStatusError, match="403"):
            await realms.post("", {"realm": "another"})


async def test_a_lost_key_is_told_with_the_way_back(keycloak: Keycloak, instance: Instance) -> None:
    another = ec.generate_private_key(ec.SECP256R1())
    proof = client_proof(OPERATOR, instance.issuer, another)
    async with RealmAdmin(instance.keycloak_url, REALM, REALM, lambda: proof) as admin:
        with pytest.raises(StartFailed, match="make recover"):
            await admin.get()


async def test_in_the_master_realm_is_nobody(keycloak: Keycloak, master: RealmAdmin) -> None:
    """Seen by the way back, which is made for the tests here and ends with the next start."""
    async with keycloak.recovery("master") as admin:
        clients = {value["clientId"] for value in await admin.get("clients")}
        users = await admin.get("users")
    assert {name for name in clients if not name.endswith("-realm")} == (BUILT_IN | {RECOVERY}) - {"master-realm"}
    assert [(user["username"], user["enabled"]) for user in users] == [("nobody", False)]


async def test_what_was_changed_in_the_realm_is_kept_without_what_it_was(admin: RealmAdmin) -> None:
    """The attack: an invitation names somebody, and the realm's list of changes remembers the name."""
    name = "Zwaluwnest"
    user = {"username": f"{name}@test.example", "email": f"{name}@test.example", "firstName": name, "enabled": True}
    made = (await admin.post("users", user)).headers["location"].rpartition("/")[2]
    changes = await admin.get("admin-events", resourcePath=f"users/{made}")
    assert [(change["operationType"], change["resourceType"]) for change in changes] == [("CREATE", "USER")]
    assert name.lower() not in str(await admin.get("admin-events", max=500)).lower()


async def test_the_servers_log_file_names_nobody(
    keycloak: Keycloak, instance: Instance, http: httpx.AsyncClient, admin: RealmAdmin
) -> None:
    """The attack: a password typed into the field of the name, and whoever reads the server's log."""
    name = "zwaluw-nest-typed@test.example"
    portal = OidcClient(http, instance.issuer, "portal", load_client_key(client_key_file(instance.secrets, "portal")))
    async with Browser() as browser:
        walk = Walk(browser, portal, instance)
        await walk.fill(await walk.begin(name), username=name, password="not right at all")
    kept = await admin.get("events", type="LOGIN_ERROR", max=500)
    assert name in str(kept), "Keycloak noticed"
    assert name not in instance.log("keycloak").read_text()
