"""How long each of us waits for a neighbour that falls silent: what forgot a connection tells neither end of it.

All of it stands here, and in docs/operations.md with what then happens; tests/rules/test_patience.py compares the two.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

SocketOption = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Lines:
    """A TCP connection of ours, whatever is spoken on it: seconds."""

    idle_seconds: int = 10
    probe_seconds: int = 3
    probes: int = 3
    unacknowledged_seconds: int = 10

    @property
    def options(self) -> tuple[SocketOption, ...]:
        """For the socket, where a client lets us."""
        return (
            (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
            (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, self.idle_seconds),
            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, self.probe_seconds),
            (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, self.probes),
            (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, self.unacknowledged_seconds * 1000),
        )


@dataclass(frozen=True, slots=True)
class Calls:
    """gRPC. Both ends ask; a server takes questions that come twice as often as ours, so a client is never refused.

    `misses`: so many deadlines missed one after another are one too many, and the connection is left for another; one
    that is new has `connect_seconds` to come about.
    """

    ping_seconds: float = 10
    pong_seconds: float = 5
    connect_seconds: float = 5
    misses: int = 2


@dataclass(frozen=True, slots=True)
class Queries:
    """PostgreSQL. `begin_seconds` for the first word on a connection that was idle: then another is made.

    `free_seconds` for a connection that others use. `statement_seconds` where a person waits, less than that person's
    deadline (`ANSWER_SECONDS`); `unattended_seconds` where nobody does. `abandoned_seconds`: what a client that is no
    more has begun holds its locks no longer.
    """

    connect_seconds: float = 3
    begin_seconds: float = 3
    free_seconds: float = 5
    statement_seconds: float = 8
    unattended_seconds: float = 30
    abandoned_seconds: float = 15


@dataclass(frozen=True, slots=True)
class Jdbc:
    """Keycloak for PostgreSQL, over connections of its own, which probe as often as its system does.

    `silent_seconds` bounds each statement too: far more than the longest one of a first start or an upgrade, and less
    than the transaction it belongs to (300 s, of Keycloak).
    """

    connect_seconds: int = 3
    silent_seconds: int = 120

    @property
    def parameters(self) -> dict[str, str]:
        """For the address of the database; the last one is for the server, which probes from its side."""
        lines = Lines()
        told = {
            "tcp_keepalives_idle": lines.idle_seconds,
            "tcp_keepalives_interval": lines.probe_seconds,
            "tcp_keepalives_count": lines.probes,
        }
        return {
            "connectTimeout": str(self.connect_seconds),
            "socketTimeout": str(self.silent_seconds),
            "tcpKeepAlive": "true",
            "options": " ".join(f"-c {name}={value}" for name, value in told.items()),
        }


@dataclass(frozen=True, slots=True)
class Messages:
    """NATS. A connection whose `pings` in a row were not answered is left for another."""

    connect_seconds: float = 2
    ping_seconds: float = 3
    pings: int = 2
    answer_seconds: float = 5


@dataclass(frozen=True, slots=True)
class Requests:
    """HTTP: Keycloak. A connection that was idle for `idle_seconds` is not used again."""

    connect_seconds: float = 2
    answer_seconds: float = 10
    free_seconds: float = 5
    idle_seconds: float = 5


ANSWER_SECONDS = 10.0
"""The portal for a service: the deadline of what a person waits for."""
HOST_SECONDS = 20.0
"""The command line for the directory."""
FACTS_SECONDS = 1.0
"""A service for what the directory knows, and the portal for its word that a sign-in ended."""
HEALTH_SECONDS = 1.0
"""Whoever asks a part how it is."""
STATUS_SECONDS = 3.0
"""The command line for each part's health."""
KEYS_SECONDS = 5.0
"""A service for the keys of the sign-in service, and the directory for its events."""
ACCOUNT_SECONDS = 3
"""The directory for one request about an account, of the several it makes in `ACCOUNTS_SECONDS`."""
ACCOUNTS_SECONDS = 5.0
"""Whoever invites, for the account of who is invited."""
ISSUER_SECONDS = 5.0
"""The directory for all that it reads of a partner's provider while somebody of the host waits."""
PAGE_SECONDS = 15.0
"""The gate for a page of Keycloak, which compares passwords."""
SIGN_IN_LETTER_SECONDS = 30
"""The directory for Keycloak, which hands a letter to the mail server and gives that 10 s for each step."""
LETTER_SECONDS = 10.0
"""The directory for the mail server."""
