"""Keycloak of one instance: its own directory and database, the shared distribution, our realm."""

import asyncio
import base64
import contextlib
import json
import os
import shutil
from pathlib import Path

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local import fetch
from deploy.local.instance import REALM, REPOSITORY, Instance
from deploy.local.ports import LOOPBACK
from deploy.local.process import Process, StartFailed
from deploy.local.realm_admin import RealmAdmin
from deploy.local.secret_files import SecretFiles
from deploy.local.theme import lay_out_theme

CACHE = REPOSITORY / ".cache"
REALM_FILE = REPOSITORY / "deploy" / "keycloak" / "rondetafel-realm.json"
CLIENTS = ("portal", "rondetafel-cli", "host", "partner-directory")
BOOTSTRAP_CLIENT = "rondetafel-bootstrap"
# What of the realm file holds for realms of before too.
KEPT_UP = ("loginTheme", "emailTheme", "browserSecurityHeaders", "passwordPolicy", "bruteForceProtected")
READY_SECONDS = 240.0


class Keycloak:
    """The server; several of them run from one distribution at once.

    `jdbc` is URL, user and password of an empty database, or of the one it used before.
    """

    name = "keycloak"

    def __init__(
        self, instance: Instance, jdbc: tuple[str, str, str], *, cache: Path = CACHE, say: fetch.Say = print
    ) -> None:
        self._instance = instance
        self._cache = cache
        self._say = say
        self._home = instance.data(self.name)
        self.process = Process(
            self.name,
            ["sh", str(self._home / "bin" / "kc.sh"), "start", "--optimized", "--import-realm"],
            _environment(instance, jdbc),
            instance.log(self.name),
        )

    async def start(self) -> None:
        """Start (the first time: fetch, prepare, import the realm); returns when people can sign in."""
        distribution = await asyncio.to_thread(fetch.keycloak, self._cache, self._say)
        self._lay_out(distribution)
        await self.process.start()
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._ready()
        except TimeoutError as error:
            await self.process.stop()
            raise StartFailed(self._complaint("does not get ready")) from error
        await self._bring_up_to_date()

    async def stop(self) -> None:
        """Stop; sign-ins under way end, sessions are kept in the database."""
        await self.process.stop(timeout=30)

    def kill(self) -> None:
        """A crash (-9)."""
        self.process.kill()

    async def restart(self) -> None:
        """Stop and start on the same port."""
        await self.stop()
        await self.start()

    def admin(self, realm: str = REALM) -> RealmAdmin:
        """The administration of a realm."""
        instance = self._instance
        secret = instance.secrets.password(BOOTSTRAP_CLIENT)
        return RealmAdmin(instance.keycloak_url, realm, BOOTSTRAP_CLIENT, secret)

    def _lay_out(self, distribution: Path) -> None:
        """Make a home whose programs are the shared ones and whose data are ours.

        kc.sh is copied because it takes the directory above its own for home.
        """
        for stale in ("bin", "conf", "lib", "providers", "themes", "data/import", "data/tmp"):
            path = self._home / stale
            path.unlink() if path.is_symlink() else shutil.rmtree(path, ignore_errors=True)
        (self._home / "bin").mkdir(parents=True)
        shutil.copy(distribution / "bin" / "kc.sh", self._home / "bin")
        for shared in ("conf", "lib", "providers"):
            (self._home / shared).symlink_to(distribution / shared)
        lay_out_theme(self._home / "themes")
        (self._home / "data" / "import").mkdir(parents=True)
        shutil.copy(REALM_FILE, self._home / "data" / "import")

    async def _ready(self) -> None:
        address = f"http://{LOOPBACK}:{self._instance.ports.keycloak_management}/health/ready"
        async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
            while True:
                if not self.process.alive:
                    raise StartFailed(self._complaint("stopped while starting"))
                with contextlib.suppress(httpx.TransportError):
                    if (await http.get(address)).is_success:
                        return
                await asyncio.sleep(0.2)

    async def _bring_up_to_date(self) -> None:
        """Give a realm of before what a new one gets: the import only fills an empty database."""
        async with self.admin() as admin:
            await self._address_portal(admin)
            realm, wanted = await admin.get(), self._wanted()
            if {name: realm.get(name) for name in wanted} != wanted:
                await admin.put(body=realm | wanted)

    async def _address_portal(self, admin: RealmAdmin) -> None:
        portal = self._instance.portal_url
        client = await admin.client("portal")
        known = json.dumps(client)
        client["baseUrl"] = f"{portal}/"
        client["redirectUris"] = [f"{portal}/signin/callback"]
        client["attributes"]["backchannel.logout.url"] = f"{portal}/signin/backchannel-logout"
        client["attributes"]["post.logout.redirect.uris"] = f"{portal}/"
        if json.dumps(client) != known:
            await admin.put(f"clients/{client['id']}", client)

    def _wanted(self) -> dict[str, object]:
        realm = json.loads(REALM_FILE.read_text().replace("${PORTAL_URL}", self._instance.portal_url))
        return {name: realm[name] for name in KEPT_UP}

    def _complaint(self, what: str) -> str:
        return f"Keycloak {what}; the reason stands in {self.process.log}: {self.process.last_line()}"


def client_key_file(secrets: SecretFiles, client: str) -> Path:
    """The file (PEM) with the private key by which a client of the realm proves who it is."""
    return secrets.path(f"client.{client}.pem", _new_key)


def _environment(instance: Instance, jdbc: tuple[str, str, str]) -> dict[str, str]:
    url, user, password = jdbc
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "JAVA_HOME": str(fetch.java_home()),
        "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx640m",
        # Without the optimising compiler a start takes half the processor time, and a sign-in no longer.
        "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1",
        "KC_CACHE": "local",
        "KC_HOSTNAME": instance.gate_url,
        "KC_PROXY_HEADERS": "xforwarded",
        "KC_PROXY_TRUSTED_ADDRESSES": LOOPBACK,
        "KC_HTTP_ENABLED": "true",
        "KC_HTTP_HOST": LOOPBACK,
        "KC_HTTP_PORT": str(instance.ports.keycloak),
        "KC_HTTP_MANAGEMENT_HOST": LOOPBACK,
        "KC_HTTP_MANAGEMENT_PORT": str(instance.ports.keycloak_management),
        "KC_LOG_LEVEL": "info,io.smallrye.health:error",
        "KC_DB_URL": url,
        "KC_DB_USERNAME": user,
        "KC_DB_PASSWORD": password,
        # Else each connection kept from before a restart of PostgreSQL fails one request.
        "QUARKUS_DATASOURCE_JDBC_VALIDATE_ON_BORROW": "true",
        "KC_BOOTSTRAP_ADMIN_CLIENT_ID": BOOTSTRAP_CLIENT,
        "KC_BOOTSTRAP_ADMIN_CLIENT_SECRET": instance.secrets.password(BOOTSTRAP_CLIENT),
        "PORTAL_URL": instance.portal_url,
    }
    for client in CLIENTS:
        environment |= _public_key(client, client_key_file(instance.secrets, client))
    return environment


def _public_key(client: str, file: Path) -> dict[str, str]:
    """What the realm file's placeholders for a client's key stand for."""
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    point = key.public_key().public_numbers()
    name = client.upper().replace("-", "_")
    return {f"{name}_KEY_X": _base64url(point.x), f"{name}_KEY_Y": _base64url(point.y)}


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
