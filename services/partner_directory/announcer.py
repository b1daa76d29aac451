"""Announces what the host does in a cell without the cell in the logs that oversight reads."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from services.kit.errors import Unavailable
from services.kit.execute import Executor
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.letter.announce import Announce, announce
from services.partner_directory.queries.list_announcements import ListAnnouncements, list_announcements

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


class Announcer:
    """One in each process of the directory. The letters are terms (commands/send_letter.py)."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._principal = system("partner_directory.announcer", PLATFORM)

    async def run(self) -> None:
        """Announce until cancelled."""
        while True:
            try:
                await self.announce()
            except Unavailable as error:
                logger.warning("not announced: %s", type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def announce(self) -> None:
        """Every record that is not there yet.

        Each step may run twice, in another process too. The order MUST stay: the platform's record notes that both are
        there, so that none is missing.
        """
        for view in await self._executor.run(self._principal, list_announcements, ListAnnouncements()):
            command = Announce(view.announcement_id)
            for cell_id in (view.cell_id, PLATFORM):
                await self._executor.run(replace(self._principal, cell_id=cell_id), announce, command)
