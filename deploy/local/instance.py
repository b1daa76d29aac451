"""One installation of the platform: its directory, its ports, its secrets, its lock."""

import contextlib
import fcntl
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import Ports
from deploy.local.process import StartFailed
from deploy.local.secret_files import SecretFiles

REPOSITORY = Path(__file__).parents[2]
REALM = "rondetafel"
# Data of PostgreSQL and JetStream with room to work, and a realm in Keycloak's database.
MEGABYTES_NEEDED = 500


@dataclass(frozen=True)
class Instance:
    """`make run` has one below `.run/`, the tests another below `.test/`."""

    root: Path
    ports: Ports

    @property
    def secrets(self) -> SecretFiles:
        return SecretFiles(self.root / "secrets")

    @property
    def platform_file(self) -> Path:
        return self.root / "platform.json"

    @property
    def issuer(self) -> str:
        return f"{self.gate_url}/realms/{REALM}"

    @property
    def gate_url(self) -> str:
        """Where people and clients sign in: Keycloak's public address."""
        return f"http://localhost:{self.ports.gate}"

    @property
    def keycloak_url(self) -> str:
        """Keycloak itself, behind the gate: its administration."""
        return f"http://localhost:{self.ports.keycloak}"

    @property
    def portal_url(self) -> str:
        return f"http://localhost:{self.ports.portal}"

    @property
    def mail_url(self) -> str:
        """The page of the letters this instance sent."""
        return f"http://localhost:{self.ports.mail}"

    @property
    def mail(self) -> Path:
        """Where its mail catcher keeps them."""
        return self.root / "mail"

    @property
    def nats_url(self) -> str:
        return f"nats://127.0.0.1:{self.ports.nats}"

    def data(self, server: str) -> Path:
        """Where a server keeps its data."""
        return self.root / "data" / server

    def log(self, process: str) -> Path:
        """Where a process writes what it has to say; its pid file stands beside it."""
        return self.root / "logs" / f"{process}.log"

    def tls(self, name: str) -> Path:
        """The directory with the ca.pem, certificate.pem and key.pem of one name."""
        return self.root / "tls" / name

    def lay_out(self) -> None:
        """Make the directories that only their owner may look into, whatever the umask; PostgreSQL makes its own."""
        for private in (self.data("nats"), self.data("keycloak"), self.root / "logs"):
            private.mkdir(parents=True, exist_ok=True)
            private.chmod(0o700)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the instance; a second runner is told where the first one listens."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StartFailed(
                    f"The platform already runs{self._where()}: use it, or stop it with `make stop` first."
                ) from error
            yield

    def check_space(self) -> None:
        """Refuse to start on a disk that would be full before everything is up."""
        free = shutil.disk_usage(self.root).free // 1_000_000
        if free < MEGABYTES_NEEDED:
            raise StartFailed(
                f"The disk of {self.root} has {free} MB free and {MEGABYTES_NEEDED} MB are "
                "needed: free some space and start again."
            )

    def _where(self) -> str:
        try:
            return f" at {json.loads(self.platform_file.read_text())['portal']['url']}"
        except (OSError, ValueError, KeyError):
            return " (it is starting now)"
