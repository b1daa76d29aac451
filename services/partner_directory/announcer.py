"""Announces what the host does in a cell without the cell: in the logs oversight reads, and by letter to the town."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiosmtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from services.kit.errors import Unavailable
from services.kit.execute import Executor
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.announce import Announce, announce
from services.partner_directory.commands.note_letter import NoteLetter, note_letter
from services.partner_directory.queries.list_announcements import (
    AnnouncementView,
    ListAnnouncements,
    list_announcements,
)

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
PAUSE_AFTER_FAILURE_SECONDS = 60.0

Send = Callable[[AnnouncementView], Awaitable[None]]
"""Hands the letter to the mail server; returns when it took it. Raises OSError and SMTPException."""


class Announcer:
    """One in each process of the directory. Cut off between sent and noted, a letter comes twice."""

    def __init__(self, executor: Executor, send: Send | None) -> None:
        self._executor = executor
        self._send = send
        self._principal = system("partner_directory.announcer", PLATFORM)

    async def run(self) -> None:
        """Announce until cancelled."""
        while True:
            pause = PAUSE_SECONDS
            try:
                await self.announce()
            except (Unavailable, OSError, SMTPException) as error:
                logger.warning("not announced: %s", type(error).__name__)
                pause = PAUSE_SECONDS if isinstance(error, Unavailable) else PAUSE_AFTER_FAILURE_SECONDS
            await asyncio.sleep(pause)

    async def announce(self) -> None:
        """All that waits: first every record, then the letters. A mail server that is away keeps no record back, and a
        letter that it does not take keeps no other back.

        Each step may run twice, in another process too. The order MUST stay: the platform's record notes that both are
        there, and a letter is noted after the mail server took it, so that none is missing.
        """
        asked = ListAnnouncements(letters=self._send is not None)
        found = await self._executor.run(self._principal, list_announcements, asked)
        for view in found:
            if view.announcement.recorded_at is None:
                command = Announce(view.announcement.announcement_id)
                for cell_id in (view.cell.cell_id, PLATFORM):
                    await self._executor.run(replace(self._principal, cell_id=cell_id), announce, command)
        refused: SMTPException | None = None
        for view in found:
            if self._send is not None and view.cell.contact and view.announcement.sent_at is None:
                try:
                    await self._send(view)
                except (SMTPRecipientsRefused, SMTPDataError) as error:
                    refused = error
                    continue
                await self._executor.run(self._principal, note_letter, NoteLetter(view.announcement.announcement_id))
        if refused is not None:
            raise refused
