"""The connection to NATS: transport, never the record. Away for a while is normal; it reconnects for ever."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error as NatsError

from services.kit.catalogue import API_PREFIX
from services.kit.patience import Messages

logger = logging.getLogger(__name__)

EVENTS, AUDIT, DEAD = "EVENTS", "AUDIT", "DEAD"


class _Client(Client):
    """nats-py's, which waits for nobody to read what it wrote: it would, before it connects anew, and without end."""

    async def _attempt_reconnect(self) -> None:
        self.hang_up()
        await super()._attempt_reconnect()

    def hang_up(self) -> None:
        """End the connection there is; what was written and not read is lost."""
        writer = getattr(self._transport, "_io_writer", None)
        if writer is not None:
            writer.transport.abort()


class Bus:
    """One connection per process, signed in by the service's nkey."""

    def __init__(self, url: str, seed_file: Path, name: str, *, patience: Messages | None = None) -> None:
        self._patience = patience or Messages()
        self._url = url
        self._seed_file = seed_file
        self._name = name
        self._ready = asyncio.Event()
        self.client = _Client()
        self.stream = self.client.jetstream(prefix=API_PREFIX, timeout=self._patience.answer_seconds)
        """JetStream over this connection."""

    async def connect_for_ever(self) -> None:
        """Return once connected; a service starts and works while NATS is away, so run this in the background."""
        while True:
            try:
                await self._connect()
            except (OSError, NatsError, TimeoutError) as error:
                logger.warning("nats is away: %s", type(error).__name__)
                await asyncio.sleep(0.5)
            else:
                self._ready.set()
                return

    async def wait(self) -> None:
        """Wait until the first connection was made."""
        await self._ready.wait()

    async def _connect(self) -> None:
        async def quiet(error: Exception) -> None:
            logger.warning("nats: %s", type(error).__name__)

        await self.client.connect(
            self._url,
            nkeys_seed=str(self._seed_file),
            name=self._name,
            # The only inbox this service may subscribe to (deploy/nats/permissions.py).
            inbox_prefix=f"_INBOX.{self._name}",
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            # It takes any number of seconds, whatever it says.
            connect_timeout=self._patience.connect_seconds,  # type: ignore[arg-type]
            ping_interval=self._patience.ping_seconds,  # type: ignore[arg-type]
            max_outstanding_pings=self._patience.pings,
            error_cb=quiet,
            pending_size=8 * 1024 * 1024,
        )

    @property
    def connected(self) -> bool:
        """Whether the server is reached right now."""
        return self.client.is_connected

    async def close(self) -> None:
        """Close without drain(): that hangs for 30 s on a live pull subscription; consumers unsubscribe first."""
        if self.client.is_closed:
            return
        try:
            async with asyncio.timeout(self._patience.answer_seconds):
                await self.client.close()
        except TimeoutError:
            logger.warning("nats did not read all that was told")
        finally:
            self.client.hang_up()
