"""Where letters are handed in: SMTP (RFC 5321), within bounds, and never passed on."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.mail.kept import KeptLetters

MOST_AT_ONCE = 50
MOST_BYTES = 1024 * 1024
IDLE_SECONDS = 60.0
MOST_RECIPIENTS = 100
BUSY = b"421 4.3.2 Too many connections\r\n"
TAKEN = "250 2.0.0 Taken as number {}"
NOT_KEPT = "451 4.3.0 Not kept: try again later"

# It tells who writes to whom.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
logger = logging.getLogger(__name__)


class MailDoor:
    """A listening address. A letter is answered as taken when it is on the disk, and not before."""

    def __init__(self, kept: KeptLetters) -> None:
        self._kept = kept
        self.connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    async def open(self, listen: str) -> None:
        """Listen; raises OSError when the port is in use."""
        host, _, port = listen.rpartition(":")
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self, self.connections), host, int(port))

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def takes_letters(self) -> bool:
        """Whether it listens."""
        return self._server is not None and self._server.is_serving()

    async def close(self) -> None:
        """Take no more connections and end those that are open: what was not answered as taken comes again."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            connection.end()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """One whole letter; the answer to whoever handed it in."""
        content = envelope.content
        assert isinstance(content, bytes)
        try:
            return TAKEN.format(self._kept.keep(content))
        except OSError as error:
            logger.error("a letter was not kept: %s", type(error).__name__)
            return NOT_KEPT


class _Connection(SMTP):
    """One of at most fifty."""

    def __init__(self, handler: MailDoor, connections: set[_Connection]) -> None:
        super().__init__(
            handler, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, hostname="localhost", ident="Rondetafel",
            timeout=IDLE_SECONDS, command_call_limit={"RCPT": MOST_RECIPIENTS, "*": MOST_RECIPIENTS},
        )  # fmt: skip
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, or tell it to come back."""
        if len(self._connections) >= MOST_AT_ONCE:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(BUSY)
        self._connections.add(self)
        super().connection_made(transport)
        if len(self._connections) > MOST_AT_ONCE:
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """It has gone."""
        self._connections.discard(self)
        super().connection_lost(error)

    def end(self) -> None:
        """End it where it is."""
        transport: Any = self.transport
        if transport is not None:
            transport.abort()
