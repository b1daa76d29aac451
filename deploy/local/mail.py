"""The mail catcher of one instance: its environment and its start."""

import asyncio
import sys

from deploy.local.instance import REPOSITORY, Instance
from deploy.local.process import Process
from deploy.local.service import READY_SECONDS, at, prefixed, system, until_answers


class Mail:
    """`python -m deploy.mail`: takes every letter and sends none on."""

    name = "mail"

    def __init__(self, instance: Instance) -> None:
        self._ready = f"{instance.mail_url}/health/ready"
        settings = {
            "SMTP_LISTEN": at(instance.ports.smtp),
            "HTTP_LISTEN": at(instance.ports.mail),
            "MAIL_DIRECTORY": str(instance.mail),
        }
        command = [sys.executable, "-m", "deploy.mail"]
        environment = {**system(), **prefixed(settings)}
        self.process = Process(self.name, command, environment, instance.log(self.name), cwd=REPOSITORY)

    async def start(self) -> None:
        """Start; returns when it takes letters and shows them."""
        await self.process.start()
        try:
            async with asyncio.timeout(READY_SECONDS):
                await until_answers(self.process, self._ready)
        except TimeoutError as error:
            await self.process.stop()
            raise self.process.failed("does not get ready") from error

    async def stop(self) -> None:
        """Stop; letters are kept."""
        await self.process.stop(timeout=20)

    def kill(self) -> None:
        """A crash (-9); what it answered as taken is on the disk."""
        self.process.kill()
