"""The gate before Keycloak: its environment and its start. It has no database and no certificate."""

import asyncio
import sys

from deploy.local.desk import desk_settings
from deploy.local.instance import REPOSITORY, Instance
from deploy.local.process import Process
from deploy.local.service import READY_SECONDS, at, prefixed, system, until_ready
from deploy.local.theme import lay_out_look


class Gate:
    """`python -m services.gate`, the only one at Keycloak's public address."""

    name = "gate"

    def __init__(self, instance: Instance) -> None:
        self._ports = instance.ports
        self._look = instance.data(self.name) / "look"
        environment = {**system(), **prefixed(_settings(instance, str(self._look)))}
        command = [sys.executable, "-m", "services.gate"]
        self.process = Process(self.name, command, environment, instance.log(self.name), cwd=REPOSITORY)

    async def start(self) -> None:
        """Start; returns when it answers. Keycloak need not run: it says so to people then."""
        await asyncio.to_thread(lay_out_look, self._look)
        await self.process.start()
        try:
            async with asyncio.timeout(READY_SECONDS):
                await until_ready(self.process, self._ports.gate_metrics)
        except TimeoutError as error:
            await self.process.stop()
            raise self.process.failed("does not get ready") from error

    async def stop(self) -> None:
        """Let it finish what it does, then stop."""
        await self.process.stop(timeout=20)

    def kill(self) -> None:
        """A crash (-9): what it counted is lost."""
        self.process.kill()


def _settings(instance: Instance, look: str) -> dict[str, str]:
    return {
        "HTTP_LISTEN": at(instance.ports.gate),
        "METRICS_LISTEN": at(instance.ports.gate_metrics),
        "ISSUER": instance.issuer,
        "KEYCLOAK_URL": instance.keycloak_url,
        "ROOT_KEY_FILE": str(instance.secrets.root_key("gate")),
        "LOOK_DIRECTORY": look,
        **desk_settings(),
    }
