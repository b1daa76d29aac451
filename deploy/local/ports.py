"""Which port is whose. All listen on the loopback address only.

offset  what                     offset  what
     0  portal, HTTP                  5  NATS monitor
     1  gate, HTTP: sign-in           6  Keycloak, HTTP: behind the gate
     2  Keycloak, management          7  gate, metrics and health
     3  PostgreSQL                10-14  gRPC, one per service in the order of SERVICES
     4  NATS                      20-24  metrics and health, one per service
     8  mail catcher, SMTP            9  mail catcher, HTTP: its letters, health

    30, 40, ...  gRPC of the second, third process of each service (RONDETAFEL_WORKERS), and five on their metrics

`make run` counts from 24600, or from RONDETAFEL_PORT_BASE; tests take free ones.
"""

import contextlib
import itertools
import os
import random
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.process import StartFailed

LOOPBACK = "127.0.0.1"
DEFAULT_BASE = 24600
SERVICES = ("partner_directory", "case", "meeting", "audit", "portal")
# Those that are not one per service.
SINGLE = 10
MOST_WORKERS = 16
# Where ports for tests begin: above the last one that browsers refuse (10080, of the Fetch standard's bad ports); and
# where the system says which it gives to connections going out.
LOWEST = 10_100
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_CLAIMS: list[socket.socket] = []


@dataclass(frozen=True)
class Ports:
    """The ports of one instance; `grpc` and `metrics` by process: see `process_name`."""

    portal: int
    gate: int
    keycloak_management: int
    postgres: int
    nats: int
    nats_monitor: int
    keycloak: int
    gate_metrics: int
    smtp: int
    mail: int
    grpc: Mapping[str, int]
    metrics: Mapping[str, int]

    @classmethod
    def fixed(cls) -> "Ports":
        """The ports of `make run`."""
        base = int(os.environ.get("RONDETAFEL_PORT_BASE", DEFAULT_BASE))
        offsets = [*range(SINGLE), *_five(10), *_five(20)]
        for number in range(workers() - 1):
            offsets += [*_five(30 + number * 10), *_five(35 + number * 10)]
        return cls._numbered([base + offset for offset in offsets])

    @classmethod
    def free(cls, workers: int = 1) -> "Ports":
        """Ports that nobody listens on, and nobody else will, for tests."""
        one, each = SINGLE + 2 * len(SERVICES), 2 * len(SERVICES)
        # Blocks of one size: those of two sizes could overlap unseen.
        more = (_free_ports(one)[:each] for _ in range(workers - 1))
        return cls._numbered([*_free_ports(one), *itertools.chain.from_iterable(more)])

    @classmethod
    def _numbered(cls, numbers: list[int]) -> "Ports":
        fives = [numbers[at : at + len(SERVICES)] for at in range(SINGLE, len(numbers), len(SERVICES))]
        names = [process_name(service, number + 1) for number in range(len(fives) // 2) for service in SERVICES]
        return cls(
            portal=numbers[0],
            gate=numbers[1],
            keycloak_management=numbers[2],
            postgres=numbers[3],
            nats=numbers[4],
            nats_monitor=numbers[5],
            keycloak=numbers[6],
            gate_metrics=numbers[7],
            smtp=numbers[8],
            mail=numbers[9],
            grpc=dict(zip(names, itertools.chain.from_iterable(fives[::2]), strict=True)),
            metrics=dict(zip(names, itertools.chain.from_iterable(fives[1::2]), strict=True)),
        )

    @property
    def workers(self) -> int:
        """How many processes of each service there are."""
        return len(self.grpc) // len(SERVICES)

    def check_free(self) -> None:
        """Refuse to start when somebody else listens on one of the ports."""
        for name, port in self._named():
            with _bound() as sockets:
                try:
                    sockets.bind((LOOPBACK, port))
                except OSError as error:
                    raise StartFailed(
                        f"Port {port} ({name}) is in use: stop the program that holds it, or "
                        "set RONDETAFEL_PORT_BASE to a number where its ports are free."
                    ) from error

    def _named(self) -> Iterator[tuple[str, int]]:
        for name, value in asdict(self).items():
            if isinstance(value, int):
                yield name.replace("_", " "), value
            else:
                yield from ((f"{name} of {service}", port) for service, port in value.items())


def process_name(service: str, number: int) -> str:
    """What the first, second ... process of a service is called."""
    return service if number == 1 else f"{service}-{number}"


def workers() -> int:
    """How many processes of each service `make run` runs: RONDETAFEL_WORKERS. Raises StartFailed."""
    asked = os.environ.get("RONDETAFEL_WORKERS", "1")
    if not asked.isdecimal() or not 1 <= int(asked) <= MOST_WORKERS:
        raise StartFailed(f"RONDETAFEL_WORKERS is {asked}: give a number from 1 to {MOST_WORKERS}, or leave it out.")
    return int(asked)


def _five(first: int) -> range:
    return range(first, first + len(SERVICES))


def _free_ports(count: int) -> range:
    """Ports next to each other that are ours until this process ends.

    A server may bind its port minutes after it was chosen. So they are below those that the system hands out to
    connections going out, each of which may be taken at any moment, and no other process that asks here gets them too.
    """
    first = int(EPHEMERAL.read_text().split()[0])
    bases = [base for base in range(LOWEST, first - count, count) if not base - count < DEFAULT_BASE < base + count]
    random.shuffle(bases)
    for base in bases:
        if _claimed(base) and all(_is_free(port) for port in range(base, base + count)):
            return range(base, base + count)
    raise StartFailed(
        f"No {count} ports next to each other are free between {LOWEST} and {first}: stop what holds them."
    )


def _claimed(base: int) -> bool:
    """Whether nobody else has this one; the claim is a socket without a file, and ends with the process."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0rondetafel-ports-{base}")
    except OSError:
        claim.close()
        return False
    _CLAIMS.append(claim)
    return True


def _is_free(port: int) -> bool:
    with _bound() as listener:
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def _bound() -> Iterator[socket.socket]:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        yield one
