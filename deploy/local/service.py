"""One service process of the product: its environment, its migrations, its start."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Mapping

import httpx

from deploy.local.desk import desk_settings
from deploy.local.instance import REPOSITORY, Instance
from deploy.local.keycloak import client_key_file
from deploy.local.nats import Nats
from deploy.local.ports import LOOPBACK, SERVICES, Ports, process_name
from deploy.local.postgres import Postgres
from deploy.local.process import Process
from deploy.local.smtp import mail_settings
from deploy.local.trust import trusted

READY_SECONDS = 90.0
# Those that sign their requests to Keycloak, and as which client.
CLIENTS = {"portal": "portal", "partner_directory": "partner-directory", "cli": "host"}


class Service:
    """`python -m services.<service>`, told by its environment alone where everything is."""

    def __init__(
        self, service: str, instance: Instance, postgres: Postgres, nats: Nats, extra: Mapping[str, str],
        number: int = 1,
    ) -> None:  # fmt: skip
        """`number` tells the processes of one service apart, which differ by their own addresses alone."""
        self.service = service
        self.name = process_name(service, number)
        self._instance = instance
        self._environment = {
            **system(),
            **prefixed(door_settings(service, instance)),
            **prefixed(_settings(service, instance, postgres, nats)),
            **prefixed(process_settings(service, self.name, instance)),
            **extra,
        }
        self._migrator = prefixed({"MIGRATOR_DATABASE_URL": postgres.database_url(service, "migrator")})
        self.process = self._process(self.name, [], self._environment)

    async def migrate(self) -> None:
        """Bring the service's database up to date."""
        process = self._process(f"{self.name}.migrate", ["migrate"], {**self._environment, **self._migrator})
        await process.start()
        code = await process.wait()
        process.kill()
        if code != 0:
            raise process.failed("could not bring the database up to date")

    async def start(self) -> None:
        """Start; returns when the service says it is ready."""
        await self.process.start()
        try:
            async with asyncio.timeout(READY_SECONDS):
                await until_ready(self.process, self._instance.ports.metrics[self.name])
        except TimeoutError as error:
            await self.process.stop()
            raise self.process.failed("does not get ready") from error

    async def stop(self) -> None:
        """Let it finish what it does, then stop."""
        await self.process.stop(timeout=20)

    def kill(self) -> None:
        """A crash (-9)."""
        self.process.kill()

    def _process(self, name: str, arguments: list[str], environment: dict[str, str]) -> Process:
        command = [sys.executable, "-m", f"services.{self.service}", *arguments]
        return Process(name, command, environment, self._instance.log(name), cwd=REPOSITORY)


async def until_ready(process: Process, metrics_port: int) -> None:
    """Wait until one of our processes says it is ready. Raises StartFailed when it stops before."""
    await until_answers(process, f"http://{at(metrics_port)}/health/ready")


async def until_answers(process: Process, address: str) -> None:
    """The same, at any address."""
    async with httpx.AsyncClient(verify=trusted(), trust_env=False) as client:
        while True:
            if not process.alive:
                raise process.failed("stopped while starting")
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(address)).is_success:
                    return
            await asyncio.sleep(0.05)


def door_settings(name: str, instance: Instance) -> dict[str, str]:
    """What everybody needs who speaks gRPC with the services; also the command line."""
    settings = {
        "TLS_DIRECTORY": str(instance.tls(name)),
        "ISSUER": instance.issuer,
        **{f"{service.upper()}_TARGET": _target(service, instance.ports) for service in SERVICES},
    }
    if name in CLIENTS:
        settings["CLIENT_KEY_FILE"] = str(client_key_file(instance.secrets, CLIENTS[name]))
    return settings


def prefixed(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings as environment variables."""
    return {f"RONDETAFEL_{name}": value for name, value in settings.items()}


def _target(service: str, ports: Ports) -> str:
    """All processes of a service, to be asked in turn."""
    names = (process_name(service, number + 1) for number in range(ports.workers))
    return ",".join(at(ports.grpc[name]) for name in names)


def _settings(name: str, instance: Instance, postgres: Postgres, nats: Nats) -> dict[str, str]:
    settings = {
        "DATABASE_URL": postgres.database_url(name, "app"),
        "HEARING_DATABASE_URL": postgres.database_url(name, "hearing"),
        "ERASING_DATABASE_URL": postgres.database_url(name, "erasing"),
        "CLOCK_DATABASE_URL": postgres.database_url(name, "clock"),
        "RELAY_DATABASE_URL": postgres.database_url(name, "relay"),
        "NATS_URL": instance.nats_url,
        "NATS_SEED_FILE": str(nats.seed_file(name)),
        "ROOT_KEY_FILE": str(instance.secrets.root_key(name)),
    }
    if name == "partner_directory":
        addresses = {"KEYCLOAK_URL": instance.keycloak_url, "PUBLIC_URL": instance.portal_url}
        addresses["ISSUERS_ON_OWN_MACHINE"] = "true"
        settings |= {**addresses, **mail_settings(instance)}
    if name == "portal":
        settings |= {"PUBLIC_URL": instance.portal_url, "BUILDERS": "true", **desk_settings()}
    return settings


def process_settings(service: str, process: str, instance: Instance) -> dict[str, str]:
    """Where one process listens: browsers know one address, behind which the kernel shares connections out."""
    ports = instance.ports
    settings = {"GRPC_LISTEN": at(ports.grpc[process]), "METRICS_LISTEN": at(ports.metrics[process])}
    if service == "portal":
        settings["HTTP_LISTEN"] = at(ports.portal)
        settings["HTTP_SHARED"] = str(ports.workers > 1)
    return settings


def system() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def at(port: int) -> str:
    return f"{LOOPBACK}:{port}"
