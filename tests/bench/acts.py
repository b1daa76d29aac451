"""What the answers should have left in the log, and what is there: the two must be equal, act by act."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from deploy.local.platform import Platform
from deploy.local.ports import SERVICES
from services.kit.principal import PLATFORM
from tests.bench.load import Request
from tests.e2e.table import Table

LOGGED_SECONDS = 300

_UNSENT = "SELECT count(*) FROM outbox WHERE tenant_id = ANY ($1::uuid[]) AND stream = 'audit'"
_ACTION = "convert_from(leaf, 'UTF8')::json ->> 'action'"
_ENTRIES = f"SELECT {_ACTION} AS action, count(*) FROM entry WHERE tenant_id = ANY ($1::uuid[]) GROUP BY 1"


class Tally:
    """Counts the acts of every request that is sent; all are answered, or the load would have failed."""

    def __init__(self) -> None:
        self.answers = 0
        self.acts: Counter[str] = Counter()

    def count(self, acts: Iterable[str]) -> None:
        """One answer that leaves these acts in the log."""
        self.answers += 1
        self.acts.update(acts)

    def counted(self, request: Request, acts: Iterable[str]) -> Request:
        """The same request, counted whenever it is sent."""
        left = tuple(acts)

        def sent() -> bytes:
            self.count(left)
            return request()

        return sent


async def logged(platform: Platform, own: Table) -> Counter[str]:
    """Entries by action in the logs of our cells and of the platform, once nothing waits to be logged."""
    tenants = [UUID(own.cell), UUID(own.neighbour), PLATFORM]
    await asyncio.gather(*(_sent(platform, service, tenants) for service in SERVICES))
    connection = await platform.postgres.connect("rondetafel_audit")
    found = await connection.fetch(_ENTRIES, tenants)
    await connection.close()
    return Counter({row["action"]: row["count"] for row in found})


async def _sent(platform: Platform, service: str, tenants: list[UUID]) -> None:
    connection = await platform.postgres.connect(f"rondetafel_{service}")
    async with asyncio.timeout(LOGGED_SECONDS):
        while await connection.fetchval(_UNSENT, tenants):
            await asyncio.sleep(0.2)
    await connection.close()


def differences(expected: Counter[str], before: Counter[str], after: Counter[str]) -> dict[str, str]:
    """Actions of which the log holds more or fewer entries than there were acts."""
    found = {action: after[action] - before[action] for action in expected}
    return {
        action: f"{found[action]} entries of {number} acts"
        for action, number in expected.items()
        if found[action] != number
    }
