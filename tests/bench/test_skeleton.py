"""The yardstick does the three acts that ours are compared with."""

from __future__ import annotations

from uuid import uuid4

import httpx

from deploy.local.servers import Servers
from tests.bench.fill import CONTRIBUTIONS
from tests.bench.load import load
from tests.bench.peers import DATABASE, acts, filled, provision, served
from tests.databases import migrated
from tests.patience import ANSWERED_WITHIN


async def test_it_enters_lists_and_reads_what_its_caller_may_see(servers: Servers) -> None:
    await (await migrated(servers, "case")).close()
    await provision(servers.postgres)
    cell, person, ids = await filled(servers.postgres, 40, 30)
    async with served(servers.postgres) as (url, _), httpx.AsyncClient(trust_env=False) as http:
        base, me, other = f"{url}/cells/{cell}", {"X-Person": str(person)}, {"X-Person": str(uuid4())}
        answers = [await http.get(f"{base}/cases", headers=who, timeout=ANSWERED_WITHIN) for who in (me, other)]
        assert [len(answer.json()) for answer in answers] == [20, 0]
        whole = await http.get(f"{base}/cases/{ids[0]}", headers=me, timeout=ANSWERED_WITHIN)
        assert len(whole.json()["contributions"]) == CONTRIBUTIONS
        assert (await http.get(f"{base}/cases/{ids[0]}", headers=other, timeout=ANSWERED_WITHIN)).status_code == 404
        for request in acts(url, cell, person, ids).values():
            assert (await load(url, request, 1, 0.01)).answers, "each is a success, or the load would have failed"
    connection = await servers.postgres.connect(DATABASE)
    assert await connection.fetchval("SELECT count(*) FROM signal WHERE cell_id = $1", cell)
    await connection.close()
