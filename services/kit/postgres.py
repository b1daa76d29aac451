"""How a connection to PostgreSQL is made, and that it ends by itself when the server is silent."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import asyncpg

from services.kit.patience import Lines, Queries

LINES = Lines()


class Connection(asyncpg.Connection):  # type: ignore[misc]
    """asyncpg's, of which nobody waits for a word once the server was silent for too long.

    What missed its time or was given up is closed at once, and never used again. asyncpg would first ask the server to
    cancel it, over another connection, and wait for the answer over this one, twice as long as for the statement. The
    server learns it by itself (`settings`).
    """

    def __init__(self, protocol: Any, transport: asyncio.Transport, *others: Any) -> None:
        super().__init__(protocol, transport, *others)
        line = transport.get_extra_info("socket")
        if line.family != socket.AF_UNIX:
            for option in LINES.options:
                line.setsockopt(*option)

    async def close(self, **how: Any) -> None:
        """Close without a farewell: a pool that is emptied because the server is away would wait for each one's."""
        self.terminate()

    def _cancel_current_command(self, *waiters: Any) -> None:
        # Not before asyncpg has told the one that waits.
        self._loop.call_soon(self.terminate)


def settings(patience: Queries, command_seconds: float) -> dict[str, str]:
    """What the server is told of its side: what nobody waits for any more it ends, and lets go of its locks."""
    return {
        "statement_timeout": f"{command_seconds + 1:.3f}s",
        "idle_in_transaction_session_timeout": f"{patience.abandoned_seconds:.3f}s",
        "client_connection_check_interval": f"{LINES.idle_seconds}s",
        "tcp_keepalives_idle": str(LINES.idle_seconds),
        "tcp_keepalives_interval": str(LINES.probe_seconds),
        "tcp_keepalives_count": str(LINES.probes),
        "tcp_user_timeout": f"{LINES.unacknowledged_seconds}s",
    }
