"""Keycloak with a database that was made once: the first start of a checkout is kept, and copied by the next ones.

What is kept is the database as text, in which names stand for what is an instance's own: addresses, and the keys of
its clients. The realms' own keys are made anew for each copy. So a copy starts as a Keycloak does that was started
before. `make run` knows nothing of this; tests/keycloak/test_several.py compares a copy with one made from nothing.
"""

from __future__ import annotations

import asyncio
import base64
import fcntl
import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from deploy.local import fetch, realm
from deploy.local import keycloak as own_module
from deploy.local.instance import REPOSITORY, Instance
from deploy.local.keycloak import CACHE, PARTNER_FILE, REALM_FILE, RECOVERY, SCHOOL_FILE, Keycloak, own_values
from deploy.local.postgres import programs
from deploy.local.process import StartFailed
from deploy.local.secret_files import write_private

KEPT = REPOSITORY / ".test" / "keycloak"
ROWS = r"^(COPY public\.{table} \(({columns})\) FROM stdin;\n)(.*?)(?=^\\\.$)"
CONFIG = re.compile(ROWS.format(table="component_config", columns="id, component_id, name, value"), re.M | re.S)
CLIENTS = re.compile(ROWS.format(table="client", columns="[^)]*"), re.M | re.S)
# What was done in it while it was made. Liquibase's notes and the model's version stay: they say that it is done.
OF_THE_PAST = ("admin_event_entity", "event_entity")
NULL = r"\N"

Values = Mapping[str, str]


class ReadyMade(Keycloak):
    """A new one starts with a copy of the database that the first start of this checkout left."""

    def __init__(
        self, instance: Instance, jdbc: tuple[str, str, str], *, cache: Path = CACHE, say: fetch.Say = print
    ) -> None:
        super().__init__(instance, jdbc, cache=cache, say=say)
        self._database = Database(*jdbc)
        self._settled = False

    async def start(self) -> None:
        """As always; what is new is copied, or kept for others."""
        # Asked once: started anew after a crash, it must not need a database to be told that it does.
        if self._settled or await self._database.has_tables():
            await super().start()
        else:
            await self._first_start()
        self._settled = True

    async def _first_start(self) -> None:
        distribution = await asyncio.to_thread(fetch.keycloak, self._cache, self._say)
        async with _one_at_a_time():
            file = kept_file(distribution)
            if not file.exists():
                await super().start()
                await self._keep(file)
                return
            kept = file.read_text()
        await self._database.fill(rekeyed(filled(kept, own_values(self._instance))))
        if self._instance.secrets.has(f"{RECOVERY}.password"):
            self._instance.secrets.remove(f"{RECOVERY}.password")
        await super().start()

    async def _keep(self, file: Path) -> None:
        text = named(await self._database.dump(), own_values(self._instance))
        for earlier in KEPT.glob("*.sql"):
            earlier.unlink()
        write_private(file, text.encode())


class Database:
    """Keycloak's database, by the server's own programs, in its own role."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._address = url.removeprefix("jdbc:").partition("?")[0]
        self._user = user
        self._password = password

    async def has_tables(self) -> bool:
        """Whether a Keycloak has worked here before."""
        connection = await asyncpg.connect(self._address, user=self._user, password=self._password, ssl=False)
        try:
            return bool(await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        finally:
            await connection.close()

    async def dump(self) -> str:
        """All of it, as text."""
        left_out = [f"--exclude-table-data={table}" for table in OF_THE_PAST]
        return await self._run("pg_dump", "--no-owner", "--no-privileges", *left_out)

    async def fill(self, text: str) -> None:
        """With what was dumped: all of it, or nothing."""
        await self._run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", given=text)

    async def _run(self, program: str, *arguments: str, given: str = "") -> str:
        environment = {"PGUSER": self._user, "PGPASSWORD": self._password, "PGCLIENTENCODING": "UTF8"}
        ran = await asyncio.create_subprocess_exec(
            str(programs() / program), *arguments, f"--dbname={self._address}", env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told, complaint = await ran.communicate(given.encode())
        if ran.returncode != 0:
            raise StartFailed(f"{program} failed on Keycloak's database: {complaint.decode().strip()}")
        return told.decode()


def named(text: str, values: Values) -> str:
    """The same text with names for what is an instance's own. Raises ValueError where there is nothing to name."""
    for name, value in values.items():
        if value not in text:
            raise ValueError(f"{name} does not occur in Keycloak's database")
        text = text.replace(value, f"${{{name}}}")
    return text


def filled(text: str, values: Values) -> str:
    """The same text with an instance's own values for the names."""
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def rekeyed(text: str) -> str:
    """The same text with new keys and secrets of the realms and their clients."""
    return CLIENTS.sub(_new_secrets, CONFIG.sub(_new_keys, text))


def _new_secrets(clients: re.Match[str]) -> str:
    head, columns, rows = clients.groups()
    place = columns.split(", ").index("secret")
    table = [line.split("\t") for line in rows.splitlines()]
    for row in table:
        if row[place] != NULL:
            row[place] = secrets.token_urlsafe(64)
    return head + _rows(table)


def _new_keys(config: re.Match[str]) -> str:
    """The rows of one component hold, under their names, all parts of one key."""
    head, _, rows = config.groups()
    table = [line.split("\t") for line in rows.splitlines()]
    made: dict[tuple[str, str], str] = {}
    for _, component, name, value in table:
        if name in MAKERS:
            made |= {(component, part): new for part, new in MAKERS[name](value).items()}
    return head + _rows([[row, of, name, made.get((of, name), value)] for row, of, name, value in table])


def _rows(table: list[list[str]]) -> str:
    return "".join("\t".join(row) + "\n" for row in table)


def _rsa(_: str) -> Values:
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=2)).not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return {"privateKey": _text(private), "certificate": _text(certificate.public_bytes(Encoding.DER))}


def _ecdsa(_: str) -> Values:
    return _pair("ecdsa", ec.generate_private_key(ec.SECP256R1()))


def _eddsa(_: str) -> Values:
    return _pair("eddsa", ed25519.Ed25519PrivateKey.generate())


def _pair(kind: str, key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> Values:
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {f"{kind}PrivateKey": _text(private), f"{kind}PublicKey": _text(public)}


def _secret(before: str) -> Values:
    size = len(base64.urlsafe_b64decode(before + "=" * (-len(before) % 4)))
    return {"secret": secrets.token_urlsafe(size), "kid": str(uuid4())}


MAKERS: Mapping[str, Callable[[str], Values]] = {
    "privateKey": _rsa, "ecdsaPrivateKey": _ecdsa, "eddsaPrivateKey": _eddsa, "secret": _secret,
}  # fmt: skip
"""By the part that a kind of key has, and others have not."""


def _text(der: bytes) -> str:
    return base64.b64encode(der).decode()


def kept_file(distribution: Path) -> Path:
    """Called by all that a first start hangs on: what was kept by another is none of ours."""
    modules = [Path(str(module.__file__)) for module in (own_module, realm)]
    sources = [REALM_FILE, PARTNER_FILE, SCHOOL_FILE, *modules, Path(__file__)]
    parts = [distribution.name.encode(), *(source.read_bytes() for source in sources)]
    digest = hashlib.sha256(b"\n".join(parts)).hexdigest()
    return KEPT / f"{digest[:16]}.sql"


@asynccontextmanager
async def _one_at_a_time() -> AsyncIterator[None]:
    """The first makes it, while others wait and find it made."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        # Not in a thread: it would wait on when the one who asked has gone.
        while not _locked(lock.fileno()):
            await asyncio.sleep(0.2)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
