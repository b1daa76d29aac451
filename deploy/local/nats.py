"""NATS with JetStream of one instance: configured, started, given its streams, stopped."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from secrets import token_bytes
from string import Template

import httpx
import nats
import nkeys
from nats.aio.client import Client

from deploy.local.instance import REPOSITORY, Instance
from deploy.local.ports import LOOPBACK
from deploy.local.process import Process
from deploy.local.trust import trusted
from deploy.nats.accounts import accounts
from deploy.nats.consumers import create_consumers
from deploy.nats.permissions import OPERATOR
from deploy.nats.streams import create_streams

READY_SECONDS = 60.0
OnError = Callable[[Exception], Awaitable[None]]


class Nats:
    """The server; `connect` enters it as one of its users."""

    name = "nats"

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._store = instance.data("nats")
        self._configuration = self._store / "nats.conf"
        self.process = Process(
            self.name,
            [str(_program()), "--config", str(self._configuration)],
            {"PATH": os.environ.get("PATH", os.defpath)},
            instance.log(self.name),
        )

    async def start(self) -> None:
        """Start; returns when JetStream is ready."""
        self._configure()
        await self.process.start()
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._answers()
        except TimeoutError as error:
            await self.process.stop()
            raise self.process.failed("does not answer") from error

    async def stop(self) -> None:
        """Stop after everything is written."""
        await self.process.stop(timeout=30)

    def kill(self) -> None:
        """A crash (-9)."""
        self.process.kill()

    async def restart(self) -> None:
        """Stop and start on the same port."""
        await self.stop()
        await self.start()

    async def provision(self) -> None:
        """Create the streams and the durable consumers, as the operator."""
        client = await self.connect(OPERATOR)
        try:
            await create_streams(client.jetstream())
            await create_consumers(client.jetstream())
        finally:
            await client.close()

    async def connect(self, user: str, on_error: OnError | None = None) -> Client:
        """A connection as a service or as the operator; `on_error` hears what the server refuses."""
        return await nats.connect(
            self._instance.nats_url,
            nkeys_seed=str(self.seed_file(user)),
            inbox_prefix=f"_INBOX.{user}",
            error_cb=on_error,
        )

    def seed_file(self, user: str) -> Path:
        """The file with a user's nkey seed."""
        return self._instance.secrets.path(f"{user}.nkey", _new_seed)

    def _configure(self) -> None:
        """Write the configuration; of the keys it holds only the public halves."""
        self._store.mkdir(parents=True, exist_ok=True)
        template = Template((REPOSITORY / "deploy" / "nats" / "nats.conf").read_text())
        self._configuration.write_text(
            template.substitute(
                port=self._instance.ports.nats,
                monitor_port=self._instance.ports.nats_monitor,
                store=self._store,
                accounts=accounts(self._public_key),
                system=self._public_key("system"),
            )
        )

    def _public_key(self, user: str) -> str:
        seed = self.seed_file(user).read_bytes()
        public: bytes = nkeys.from_seed(bytearray(seed)).public_key
        return public.decode()

    async def _answers(self) -> None:
        health = f"http://{LOOPBACK}:{self._instance.ports.nats_monitor}/healthz"
        async with httpx.AsyncClient(verify=trusted(), trust_env=False) as client:
            while True:
                if not self.process.alive:
                    raise self.process.failed("stopped while starting")
                try:
                    if (await client.get(health)).is_success:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)


def _program() -> Path:
    """The server's program: NATS_SERVER, or the one installed beside this Python."""
    if "NATS_SERVER" in os.environ:
        return Path(os.environ["NATS_SERVER"])
    beside = Path(sys.executable).parent / "nats-server"
    return beside if beside.exists() else Path(shutil.which("nats-server") or "nats-server")


def _new_seed() -> bytes:
    seed: bytes = nkeys.encode_seed(token_bytes(32), nkeys.PREFIX_BYTE_USER)
    return seed
