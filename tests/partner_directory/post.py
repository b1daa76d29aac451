"""Letters to municipalities, as they arrive."""

from __future__ import annotations

from deploy.local.servers import Servers
from services.partner_directory.letters import Letters
from tests.mailbox import SENDER, Mailbox
from tests.partner_directory.town import Town


class Post:
    """The letters that arrived, by what they are about."""

    def __init__(self, mailbox: Mailbox, servers: Servers) -> None:
        self.mailbox = mailbox
        self.send = Letters(mailbox.url, SENDER).send
        self._servers = servers

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
