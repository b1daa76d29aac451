"""When the log of a cell has arrived: what every service counted in it stands in the log, and nothing is missing."""

from __future__ import annotations

from typing import Any

from deploy.local.platform import Platform
from deploy.local.ports import SERVICES
from deploy.local.postgres import database_name
from tests.e2e.waiting import until

COUNTED = "SELECT coalesce(sum(seq), 0)::bigint FROM producer_height WHERE tenant_id = $1::uuid"
LOGGED = """
SELECT convert_from(leaf, 'UTF8')::json ->> 'producer' AS producer, count(*) FROM entry
WHERE tenant_id = $1::uuid GROUP BY producer"""
OPEN = "SELECT count(*) FROM finding WHERE tenant_id = $1::uuid AND resolved_at IS NULL"


async def the_log_has_arrived(platform: Platform, cell: str) -> None:
    """Wait for it: on a busy machine a page of the log, asked meanwhile, says that numbers are missing."""

    async def arrived() -> bool | None:
        logged = dict(await _asked(platform, "audit", LOGGED, cell))
        counted = {service: (await _asked(platform, service, COUNTED, cell))[0][0] for service in SERVICES}
        missing = (await _asked(platform, "audit", OPEN, cell))[0][0]
        return (missing == 0 and all(logged.get(service, 0) >= many for service, many in counted.items())) or None

    await until(f"the log of {cell} has arrived", arrived)


async def _asked(platform: Platform, service: str, question: str, cell: str) -> list[tuple[Any, ...]]:
    connection = await platform.postgres.connect(database_name(service))
    try:
        return [tuple(row) for row in await connection.fetch(question, cell)]
    finally:
        await connection.close()
