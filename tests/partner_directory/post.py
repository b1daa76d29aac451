"""Letters of ours, as they arrive."""

from __future__ import annotations

from deploy.local.servers import Servers
from services.partner_directory.announcer import Announcer
from services.partner_directory.letters import Letters
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.mailbox import SENDER, Mailbox
from tests.partner_directory.town import Host, Town

HOME = "https://pages.example"


class Post:
    """The letters that arrived, by what they are about."""

    def __init__(self, mailbox: Mailbox, servers: Servers, host: Host) -> None:
        self.mailbox = mailbox
        self.send = Letters(mailbox.url, SENDER, bounces="bounces@host.example", home=HOME).send
        self._servers = servers
        self._host = host
        host.hand_in(self.send)

    async def announce(self) -> None:
        """What waits: every record, then the letters that are due."""
        await Announcer(self._host.harness.executor).announce()
        await run_due(self._host.harness, TERMS)

    async def of(self, town: Town) -> list[tuple[str, str]]:
        """What was written about a cell: what happened, for which role."""
        connection = await self._servers.postgres.connect("rondetafel_partner_directory")
        rows = await connection.fetch(
            "SELECT announcement_id, what, role FROM announcement WHERE cell_id = $1", town.cell_id
        )
        await connection.close()
        known = {f"<{row['announcement_id']}@host.example>": (row["what"], row["role"]) for row in rows}
        arrived = [kept.says("Message-ID") for kept in reversed(self.mailbox.newest_first())]
        return [known[number] for number in arrived if number in known]
