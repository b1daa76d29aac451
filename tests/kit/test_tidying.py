"""Keys of requests, messages handled and sign-ins ended are taken away by the clock once they count for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Servers
from services.kit.agenda import HANDLED_KEPT, KEYS_KEPT, TidyKept, tidy_kept
from services.kit.errors import CellNotFound
from services.kit.identity import SIGN_INS_KEPT
from services.kit.principal import PLATFORM, system
from services.kit.scheduler import Scheduler
from tests.databases import Migrated, migrated
from tests.harness import Harness
from tests.rules.sources import SERVICES, module_of

MOMENT = timedelta(microseconds=1)
ADD = {
    "idempotency": "INSERT INTO idempotency (tenant_id, caller_id, key, handler, request_hash, result_id, result_state,"
    " result_version, created_at) VALUES ($1, $1, 'k', 'h', '', $1, 's', 1, $2)",
    "inbox": "INSERT INTO inbox (tenant_id, consumer, message_id, handled_at) VALUES ($1, 'c', $1, $2)",
    "revoked": "INSERT INTO revoked (identity_id, kind, revoked_at, refuses_all, fact_version)"
    " VALUES ($1, 'session', $2, true, 1)",
}
LEFT = {
    "idempotency": "SELECT tenant_id AS id FROM idempotency WHERE tenant_id = ANY ($1)",
    "inbox": "SELECT tenant_id AS id FROM inbox WHERE tenant_id = ANY ($1)",
    "revoked": "SELECT identity_id AS id FROM revoked WHERE identity_id = ANY ($1)",
}
KEPT = {"idempotency": KEYS_KEPT, "inbox": HANDLED_KEPT, "revoked": SIGN_INS_KEPT}


async def kept(database: Migrated, servers: Servers, service: str, now: datetime) -> dict[str, tuple[UUID, UUID]]:
    """Of each table a row that has had its time by a moment, and one that has not."""
    connection = await servers.postgres.connect(f"rondetafel_{service}")
    rows = {table: (uuid4(), uuid4()) for table in ADD}
    for table, (old, young) in rows.items():
        await connection.execute(ADD[table], old, now - KEPT[table] - MOMENT)
        await connection.execute(ADD[table], young, now - KEPT[table])
    await connection.close()
    return rows


@pytest.mark.parametrize("service", SERVICES)
async def test_what_has_had_its_time_goes_and_nothing_else(servers: Servers, service: str) -> None:
    database = await migrated(servers, service)
    try:
        harness = Harness(service, database, module_of(service, "policy").POLICY)
        rows = await kept(database, servers, service, harness.clock())
        await Scheduler(service, harness.executor, {}, harness.clock).round()
        for table, (old, young) in rows.items():
            left = await database.unwalled(LEFT[table], [old, young])
            assert [row["id"] for row in left] == [young], table
        with pytest.raises(CellNotFound):
            await harness.executor.run(system(f"{service}.consumer", PLATFORM), tidy_kept, TidyKept())
    finally:
        await database.close()
