"""A real mail server for tests: the catcher of a local platform, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.mail.door import MailDoor
from deploy.mail.kept import KeptLetters
from tests.patience import HANGS_AFTER

SENDER = "rondetafel@host.example"


class _Door(MailDoor):
    """Refuses one address while it is told so, and names it."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(mailbox)
        self._mailbox = mailbox

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether there is such a mailbox."""
        if self._mailbox.refuses and address == self._mailbox.refuses:
            return f"550 5.1.1 <{address}>: unknown here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"


class Mailbox(KeptLetters):
    """What was handed in, in its order. It can be away for a while, at the same address."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._came: asyncio.Queue[EmailMessage] = asyncio.Queue()
        self._door = _Door(self)
        self.refuses = ""
        self.port = 0

    @property
    def url(self) -> str:
        """As RONDETAFEL_SMTP_URL says it."""
        return f"smtp://127.0.0.1:{self.port}"

    def keep(self, content: bytes) -> int:
        """Keep it, and wake who waits for it."""
        number = super().keep(content)
        found = self.find(number)
        assert found is not None
        self._came.put_nowait(found.message)
        return number

    async def next(self) -> EmailMessage:
        """The first letter that was not asked for yet."""
        return await asyncio.wait_for(self._came.get(), HANGS_AFTER)

    def rest(self) -> list[EmailMessage]:
        """All others that are there."""
        return [self._came.get_nowait() for _ in range(self._came.qsize())]

    async def open(self) -> None:
        """Take letters, again where it did before."""
        await self._door.open(f"127.0.0.1:{self.port}")
        self.port = self._door.port

    async def close(self) -> None:
        """Be away."""
        await self._door.close()


@asynccontextmanager
async def open_mailbox(directory: Path) -> AsyncIterator[Mailbox]:
    """An open one."""
    mailbox = Mailbox(directory)
    await mailbox.open()
    try:
        yield mailbox
    finally:
        await mailbox.close()
