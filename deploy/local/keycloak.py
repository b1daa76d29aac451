"""Keycloak of one instance: its own directory and database, the shared distribution, our realm."""

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local import fetch
from deploy.local.instance import REALM, REPOSITORY, Instance
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.process import Process, StartFailed
from deploy.local.realm import bring_up_to_date, hand_over, leave
from deploy.local.realm_admin import RealmAdmin
from deploy.local.secret_files import SecretFiles, write_private
from deploy.local.smtp import keycloak_mail, keycloak_mail_account
from deploy.local.theme import lay_out_theme
from services.kit.oidc import client_proof, load_client_key

CACHE = REPOSITORY / ".cache"
REALM_FILE = REPOSITORY / "deploy" / "keycloak" / "rondetafel-realm.json"
PARTNER_FILE = REPOSITORY / "deploy" / "keycloak" / "partner-realm.json"
"""A partner with a provider of its own, as far as one machine can have it: another realm of the same server."""
SCHOOL_FILE = REPOSITORY / "deploy" / "keycloak" / "school-realm.json"
"""The same of one whose provider speaks SAML."""
PARTNER, SCHOOL = "partner", "school"
PARTNER_OPERATOR = "partner-operator"
OPERATOR = "operator"
# The client of a recovery, and the one that every installation of before has from its first start.
RECOVERY = "rondetafel-bootstrap"
CLIENTS = ("portal", "rondetafel-cli", "host", "partner-directory", OPERATOR, PARTNER_OPERATOR)
READY_SECONDS = 900.0
"""Its first start has a minute and a half to compute; one that dies is noticed at once."""


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
        self._jdbc = jdbc
        if not instance.secrets.has(key_name(OPERATOR)):
            instance.secrets.password(RECOVERY)
        self._environment = _environment(instance, jdbc)
        self.process = Process(
            self.name,
            ["sh", str(self._home / "bin" / "kc.sh"), "start", "--optimized", "--import-realm"],
            self._environment,
            instance.log(self.name),
        )

    async def start(self) -> None:
        """Start (the first time: fetch, prepare, import the realm); returns when people can sign in."""
        distribution = await asyncio.to_thread(fetch.keycloak, self._cache, self._say)
        self._lay_out(distribution)
        self._write_settings()
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

    def admin(self) -> RealmAdmin:
        """The administration of our realm, with the rights of its client `operator` and no others."""
        return RealmAdmin(self._instance.keycloak_url, REALM, REALM, self.operator_proof)

    def recovery(self, realm: str = "") -> RealmAdmin:
        """The administration of any realm, with the secret `recover` has made; the next start takes it away again."""
        return RealmAdmin(self._instance.keycloak_url, realm, "master", self._recovery_proof)

    async def recover(self) -> None:
        """Let the next start put this instance's keys in the place of those that were lost (docs/operations.md).

        Keycloak's own program makes a client that may do everything, in the database. Its secret never stands in the
        environment of the server. Keycloak may run or not; PostgreSQL must.
        """
        distribution = await asyncio.to_thread(fetch.keycloak, self._cache, self._say)
        if not self.process.alive:
            self._lay_out(distribution)
            self._write_settings()
        asked = ["bootstrap-admin", "service", "--optimized", f"--client-id={RECOVERY}", "--client-secret:env=SECRET"]
        secret = {
            "SECRET": self._instance.secrets.password(RECOVERY),
            "KC_HTTP_MANAGEMENT_PORT": str(Ports.free().keycloak_management),
        }
        command = ["sh", str(self._home / "bin" / "kc.sh"), *asked]
        made = Process("keycloak.recover", command, self._environment | secret, self._instance.log("keycloak.recover"))
        await made.start()
        try:
            if await made.wait() != 0:
                raise made.failed("could not make a client to recover with")
        finally:
            made.kill()

    def operator_proof(self) -> dict[str, str]:
        """What the client `operator` adds to a request for a token."""
        key = load_client_key(client_key_file(self._instance.secrets, OPERATOR))
        return client_proof(OPERATOR, self._instance.issuer, key)

    def partner(self, realm: str = PARTNER) -> RealmAdmin:
        """The people of a partner's own realm."""
        return RealmAdmin(self._instance.keycloak_url, realm, realm, partial(self._partner_proof, realm))

    def _partner_proof(self, realm: str) -> dict[str, str]:
        key = load_client_key(client_key_file(self._instance.secrets, PARTNER_OPERATOR))
        return client_proof(OPERATOR, f"{self._instance.keycloak_url}/realms/{realm}", key)

    def _recovery_proof(self) -> dict[str, str]:
        return {"client_id": RECOVERY, "client_secret": self._instance.secrets.password(RECOVERY)}

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
        for realm in (REALM_FILE, PARTNER_FILE, SCHOOL_FILE):
            shutil.copy(realm, self._home / "data" / "import")

    def _write_settings(self) -> None:
        """What is secret goes by a file that only its owner reads: an environment is read by more, and kept longer.

        Nobody administers a new Keycloak, so the first start gets a client to begin with.
        """
        secrets = self._instance.secrets
        settings = {"db-password": self._jdbc[2]}
        if secrets.has(f"{RECOVERY}.password"):
            settings |= {
                "bootstrap-admin-client-id": RECOVERY,
                "bootstrap-admin-client-secret": secrets.password(RECOVERY),
            }
        content = "".join(f"{name}={value}\n" for name, value in settings.items())
        write_private(Path(self._environment["KC_CONFIG_FILE"]), content.encode())

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
        wanted = self.wanted()
        if self._instance.secrets.has(f"{RECOVERY}.password"):
            async with self.recovery(REALM) as admin, self.recovery("master") as master:
                await hand_over(admin, wanted, OPERATOR)
                await leave(master, RECOVERY)
            self._instance.secrets.remove(f"{RECOVERY}.password")
            self._write_settings()
        async with self.admin() as admin:
            await bring_up_to_date(admin, wanted)

    def wanted(self) -> dict[str, Any]:
        """The realm file for this instance, as the server imports it."""
        wanted: dict[str, Any] = json.loads(_filled(REALM_FILE.read_text(), self._environment))
        wanted["smtpServer"] |= keycloak_mail_account(self._instance)
        return wanted

    def _complaint(self, what: str) -> str:
        return f"Keycloak {what}; the reason stands in {self.process.log}: {self.process.last_line()}"


def client_key_file(secrets: SecretFiles, client: str) -> Path:
    """The file (PEM) with the private key by which a client of the realm proves who it is."""
    return secrets.path(key_name(client), _new_key)


def key_name(client: str) -> str:
    """How that file is called among the secrets."""
    return f"client.{client}.pem"


def _environment(instance: Instance, jdbc: tuple[str, str, str]) -> dict[str, str]:
    url, user, _ = jdbc
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        **fetch.WORDS,
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
        # Its events bear addresses and what was typed as a name: the host's log has them without. Of a letter that was
        # not taken it tells what the mail server said, with the address; faults of its own come from `error` below it.
        "KC_LOG_LEVEL": "info,io.smallrye.health:error,org.keycloak.events:off,org.keycloak.services:off,"
        "org.keycloak.services.error:info",
        "KC_DB_URL": url,
        "KC_DB_USERNAME": user,
        "KC_CONFIG_FILE": str(instance.secrets.directory / "keycloak.conf"),
        # Else each connection kept from before a restart of PostgreSQL fails one request.
        "QUARKUS_DATASOURCE_JDBC_VALIDATE_ON_BORROW": "true",
    }
    return environment | own_values(instance) | keycloak_mail(instance)


def own_values(instance: Instance) -> dict[str, str]:
    """What the placeholders in the realm file stand for: all that an instance has of its own."""
    values = {
        "PORTAL_URL": instance.portal_url, "GATE_URL": instance.gate_url, "PARTNERS_URL": instance.keycloak_url,
    }  # fmt: skip
    for client in CLIENTS:
        values |= _public_key(client, client_key_file(instance.secrets, client))
    return values


def _filled(text: str, environment: Mapping[str, str]) -> str:
    """The realm file with its placeholders filled, as the server's import fills them."""
    return re.sub(r"\$\{([A-Z][A-Z_]*)\}", lambda found: environment[found[1]], text)


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
