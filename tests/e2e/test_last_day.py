"""The end of a mandate comes by itself, from the directory's clock to the other services and the log."""

from __future__ import annotations

from uuid import UUID

from deploy.local.platform import Platform
from tests.e2e.bodies import Pen
from tests.e2e.table import Table
from tests.e2e.waiting import until


async def test_invariant_15_the_clock_of_the_directory_tells_the_end_of_a_mandate(
    platform: Platform, table: Table
) -> None:
    """The last day is moved to the past in the directory alone: what the case service does then, it was told."""
    nele, an = table["nele"], table["an"]
    made = await nele.post(table.path("signals"), Pen().signal(table.nis_code))
    path = table.path(f"signals/{made.body['id']}")
    mandates = (await an.get(table.path("mandates"), page_size=50)).body["mandates"]
    mine = UUID(next(mandate["mandate_id"] for mandate in mandates if mandate["given_name"] == "Nele"))
    assert (await nele.send("GET", path)).status_code == 200
    connection = await platform.postgres.connect("rondetafel_partner_directory")
    try:
        term = "SELECT state FROM term WHERE kind = 'mandate' AND object_id = $1"
        assert await connection.fetchval(term, mine) == "waiting"
        async with connection.transaction():
            await connection.execute(
                "UPDATE mandate SET ends_at = now(), counts_until = now() WHERE mandate_id = $1", mine
            )
            await connection.execute("UPDATE term SET due_at = now(), next_at = now() WHERE object_id = $1", mine)

        async def told() -> bool | None:
            return (await nele.send("GET", path)).status_code == 404 or None

        await until("the case service is told that it is over", told)
        assert await connection.fetchval(term, mine) == "done"
    finally:
        await connection.close()
    assert (await an.get(path)).body["signal_id"] == made.body["id"], "the others read on"
