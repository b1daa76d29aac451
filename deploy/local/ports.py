"""Which port is whose. All listen on the loopback address only.

offset  what                     offset  what
     0  portal, HTTP                  5  NATS monitor
     1  gate, HTTP: sign-in           6  Keycloak, HTTP: behind the gate
     2  Keycloak, management          7  gate, metrics and health
     3  PostgreSQL                10-14  gRPC, one per service in the order of SERVICES
     4  NATS                      20-24  metrics and health, one per service

`make run` counts from 24600, or from RONDETAFEL_PORT_BASE; tests take free ones.
"""

import contextlib
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from deploy.local.process import StartFailed

LOOPBACK = "127.0.0.1"
DEFAULT_BASE = 24600
SERVICES = ("partner_directory", "case", "meeting", "audit", "portal")
# Those that are not one per service.
SINGLE = 8


@dataclass(frozen=True)
class Ports:
    """The ports of one instance."""

    portal: int
    gate: int
    keycloak_management: int
    postgres: int
    nats: int
    nats_monitor: int
    keycloak: int
    gate_metrics: int
    grpc: Mapping[str, int]
    metrics: Mapping[str, int]

    @classmethod
    def fixed(cls) -> "Ports":
        """The ports of `make run`."""
        base = int(os.environ.get("RONDETAFEL_PORT_BASE", DEFAULT_BASE))
        return cls._numbered([base + offset for offset in (*range(SINGLE), *_grpc(), *_metrics())])

    @classmethod
    def free(cls) -> "Ports":
        """Ports that nobody listens on now, for tests."""
        return cls._numbered(list(_free_ports(SINGLE + 2 * len(SERVICES))))

    @classmethod
    def _numbered(cls, numbers: list[int]) -> "Ports":
        grpc, metrics = numbers[SINGLE : SINGLE + len(SERVICES)], numbers[SINGLE + len(SERVICES) :]
        return cls(
            portal=numbers[0],
            gate=numbers[1],
            keycloak_management=numbers[2],
            postgres=numbers[3],
            nats=numbers[4],
            nats_monitor=numbers[5],
            keycloak=numbers[6],
            gate_metrics=numbers[7],
            grpc=dict(zip(SERVICES, grpc, strict=True)),
            metrics=dict(zip(SERVICES, metrics, strict=True)),
        )

    def check_free(self) -> None:
        """Refuse to start when somebody else listens on one of the ports."""
        for name, port in self._named():
            with _bound() as sockets:
                try:
                    sockets.bind((LOOPBACK, port))
                except OSError as error:
                    raise StartFailed(
                        f"Port {port} ({name}) is in use: stop the program that holds it, or "
                        "set RONDETAFEL_PORT_BASE to a number where 25 ports are free."
                    ) from error

    def _named(self) -> Iterator[tuple[str, int]]:
        for name, value in asdict(self).items():
            if isinstance(value, int):
                yield name.replace("_", " "), value
            else:
                yield from ((f"{name} of {service}", port) for service, port in value.items())


def _grpc() -> range:
    return range(10, 10 + len(SERVICES))


def _metrics() -> range:
    return range(20, 20 + len(SERVICES))


def _free_ports(count: int) -> Iterator[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(_bound()) for _ in range(count)]
        for listener in sockets:
            listener.bind((LOOPBACK, 0))
        yield from [listener.getsockname()[1] for listener in sockets]


@contextlib.contextmanager
def _bound() -> Iterator[socket.socket]:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        yield one
