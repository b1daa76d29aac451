"""platform.json: the running platform, told to tools; and cli.env, told to the command line. No secrets."""

import json
from collections.abc import Sequence
from typing import Any

from deploy.local.gate import Gate
from deploy.local.instance import REALM, Instance
from deploy.local.mail import Mail
from deploy.local.ports import LOOPBACK
from deploy.local.postgres import Postgres, database_name
from deploy.local.secret_files import write_private
from deploy.local.service import Service, door_settings, prefixed


def describe(
    instance: Instance, postgres: Postgres, gate: Gate, mail: Mail, services: Sequence[Service]
) -> None:  # fmt: skip
    """Write what runs now; to be called at every change."""
    written = json.dumps(_description(instance, postgres, gate, mail, services), indent=2)
    write_private(instance.platform_file, f"{written}\n".encode())
    settings = prefixed(door_settings("cli", instance))
    write_private(instance.root / "cli.env", "".join(f"{k}={v}\n" for k, v in settings.items()).encode())


def forget(instance: Instance) -> None:
    """Nothing runs any more."""
    instance.platform_file.unlink(missing_ok=True)


def _description(
    instance: Instance, postgres: Postgres, gate: Gate, mail: Mail, services: Sequence[Service]
) -> dict[str, Any]:  # fmt: skip
    names = dict.fromkeys(service.service for service in services)
    return {
        "portal": {"url": instance.portal_url},
        "keycloak": {"url": instance.keycloak_url, "realm": REALM},
        "gate": {
            "url": instance.gate_url,
            "metrics": f"{LOOPBACK}:{instance.ports.gate_metrics}",
            "pid": gate.process.pid if gate.process.alive else 0,
        },
        "mail": {
            "url": instance.mail_url,
            "smtp": f"{LOOPBACK}:{instance.ports.smtp}",
            "pid": mail.process.pid if mail.process.alive else 0,
        },
        "nats": {"url": instance.nats_url},
        "postgres": {
            "host": LOOPBACK,
            "port": postgres.port,
            "socket_directory": str(postgres.socket_directory),
            "databases": {name: {"name": database_name(name), "app_role": f"{name}_app"} for name in names},
        },
        "services": {service.name: _service(instance, service) for service in services},
        "data": {name: str(instance.data(name)) for name in ("postgres", "nats", "keycloak")}
        | {"logs": str(instance.root / "logs"), "mail": str(instance.mail)},
    }


def _service(instance: Instance, service: Service) -> dict[str, str | int]:
    return {
        "grpc": f"{LOOPBACK}:{instance.ports.grpc[service.name]}",
        "metrics": f"{LOOPBACK}:{instance.ports.metrics[service.name]}",
        "pid": service.process.pid if service.process.alive else 0,
    }
