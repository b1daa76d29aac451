"""Several Keycloaks run at once from one distribution, each with its own realm, keys and data."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import fetch
from deploy.local.code_flow import CodeFlow
from deploy.local.gate import Gate
from deploy.local.instance import Instance
from deploy.local.keycloak import CACHE, OPERATOR, Keycloak, key_name, own_values
from deploy.local.people import Person
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from services.kit.errors import Unauthenticated
from services.kit.identity import TokenVerifier
from tests.ready_made import Database, kept_file, named

# A realm that was imported before it had a face of its own.
FACELESS = {
    "loginTheme": "keycloak",
    "emailTheme": "keycloak",
    "smtpServer": {},
    "browserSecurityHeaders": {"xFrameOptions": "SAMEORIGIN"},
    "bruteForceProtected": True,
    "accessCodeLifespanUserAction": 300,
    "adminEventsDetailsEnabled": True,
}
HASTY = {"parRequestUriLifespan": "60"}
# A first start differs from the next in moments, ids, and the keys and secrets of its realms and clients.
PASSING = re.compile(
    # What pg_dump draws, what Liquibase and the model note of the day; moments; the port letters are handed in at; the
    # hash that Keycloak makes of a client's name, which has a port in it.
    r"\\(un)?restrict \w+|^COPY public\.(databasechangelog|migration_model) .*?^\\\.$|\b1\d{9}(\d{3})?\b"
    r"|\t\d+\tport$|(?<=\tsaml\.artifact\.binding\.identifier\t)\S+$",
    re.M | re.S,
)
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEY = re.compile(r"\t[\w+/=-]{43,}")
FOR_ALL = {
    "name": "audience case",
    "protocol": "openid-connect",
    "protocolMapper": "oidc-audience-mapper",
    "config": {"included.custom.audience": "case", "access.token.claim": "true"},
}


async def test_another_beside_the_first(
    servers: Servers,
    keycloak: Keycloak,
    flow: CodeFlow,
    person: Person,
    verifier: Callable[[str], TokenVerifier],
    tmp_path: Path,
) -> None:
    """This one is made from nothing, as by `make run`; the first may be a copy, and is the same."""
    distribution = fetch.keycloak(CACHE, print)
    before = state(distribution)
    ours = Instance(tmp_path, Ports.free())
    jdbc = await another_database(servers)

    second, gate = Keycloak(ours, jdbc), Gate(ours)
    try:
        await gate.start()
        await second.start()
        made = named(await Database(*jdbc).dump(), own_values(ours))
        assert shape(made) == shape(kept_file(distribution).read_text())
        assert not await public_keys(second) & await public_keys(keycloak)
        async with second.admin() as admin:
            stranger = Person.invent("stranger", "Somebody Else", "test.example")
            await CodeFlow(ours).people.add(admin, [stranger])
            terminal = await admin.client("rondetafel-cli")
            await admin.post(f"clients/{terminal['id']}/protocol-mappers/models", FOR_ALL)
            realm = await admin.get()
            await admin.put(body=realm | FACELESS | {"attributes": realm["attributes"] | HASTY})
            await CodeFlow(ours).people.add(admin, [Person.invent("canary", "Zwaluw Nest", "test.example")])
            assert "Zwaluw" in str(await admin.get("admin-events"))
        theirs = await CodeFlow(ours).token("stranger")
        await verifier("portal").verify(await flow.token(person.name))
        with pytest.raises(Unauthenticated):
            await verifier("portal").verify(theirs)
    finally:
        await gate.stop()
        await second.stop()
    assert state(distribution) == before
    await a_moved_portal(replace(ours, ports=replace(ours.ports, portal=Ports.free().portal)), jdbc)


async def a_moved_portal(moved: Instance, jdbc: tuple[str, str, str]) -> None:
    """Started again, a realm has the portal's other address, the face and all that its file says by now.

    It is not imported twice. And the operator's key was lost.
    """
    moved.secrets.remove(key_name(OPERATOR))
    keycloak, gate = Keycloak(moved, jdbc), Gate(moved)
    await keycloak.recover()
    try:
        await gate.start()
        await keycloak.start()
        async with keycloak.admin() as admin:
            portal, realm = await admin.client("portal"), await admin.get()
            terminal, changes = await admin.client("rondetafel-cli"), await admin.get("admin-events")
        assert not moved.secrets.has("rondetafel-bootstrap.password")
        assert "Zwaluw" not in str(changes)
        assert realm["adminEventsDetailsEnabled"] is False
        assert realm["accessCodeLifespanUserAction"] == 1800
        assert realm["attributes"]["parRequestUriLifespan"] == "1800"
        assert "audience case" not in {protocolmapper["name"] for protocolmapper in terminal["protocolMappers"]}
        assert (realm["loginTheme"], realm["emailTheme"]) == ("rondetafel", "rondetafel")
        policy = realm["browserSecurityHeaders"]["contentSecurityPolicy"]
        assert f"https: {moved.portal_url} {moved.keycloak_url};" in policy
        assert realm["browserSecurityHeaders"]["xFrameOptions"] == "DENY"
        assert realm["bruteForceProtected"] is False, "a realm of before locked people out"
        assert realm["smtpServer"]["port"] == str(moved.ports.smtp)
        assert portal["baseUrl"] == f"{moved.portal_url}/"
        assert portal["redirectUris"] == [f"{moved.portal_url}/signin/callback"]
        await CodeFlow(moved).sign_in(CodeFlow(moved).people["stranger"])
    finally:
        await gate.stop()
        await keycloak.stop()


def shape(dump: str) -> Counter[str]:
    """The lines of a kept database, whatever their order, without what no two first starts have alike."""
    return Counter(ID.sub("an-id", KEY.sub("\ta-key", PASSING.sub("", dump))).splitlines())


async def public_keys(keycloak: Keycloak) -> set[str]:
    """By which the tokens of a realm are checked."""
    async with keycloak.admin() as admin:
        keys = {key.get("publicKey") or key["kid"] for key in (await admin.get("keys"))["keys"]}
    assert len(keys) >= 5
    return keys


async def another_database(servers: Servers) -> tuple[str, str, str]:
    url, user, password = servers.postgres.keycloak_jdbc
    connection = await servers.postgres.connect("postgres")
    try:
        await connection.execute("CREATE DATABASE keycloak_second OWNER keycloak")
    finally:
        await connection.close()
    return url.replace("/keycloak?", "/keycloak_second?"), user, password


def state(directory: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in directory.rglob("*")}
