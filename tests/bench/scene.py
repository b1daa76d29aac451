"""The scene of the bench: cells full of cases, the three doors that are measured, and what was logged of it."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from uuid import UUID, uuid4

import psutil

from deploy.local.platform import Platform
from tests.bench.fill import Filler, Insider
from tests.bench.load import Request, http_request
from tests.e2e.bodies import Pen
from tests.e2e.table import Table

OWN_CASES = 3_000
ALL_CASES = 20_000


async def filled(platform: Platform, own: Table, others: list[tuple[UUID, str]]) -> list[UUID]:
    """20,000 cases in a hundred cells, 3,000 of them in ours; the ids of ours."""
    mandates = (await own["an"].get(own.path("mandates"), page_size=50)).body["mandates"]
    nele = next(one for one in mandates if one["given_name"].lower() == "nele")
    insider = Insider(UUID(nele["person_id"]), UUID(nele["organisation_id"]))
    connection = await platform.postgres.connect("rondetafel_case")
    filler = Filler(connection, platform.instance.secrets.root_key("case"))
    share = (ALL_CASES - OWN_CASES) // len(others)
    for cell, nis_code in others:
        await filler.fill(cell, nis_code, share, insider)
    ids = await filler.fill(UUID(own.cell), own.nis_code, OWN_CASES, insider)
    await connection.execute("ANALYZE")
    await connection.close()
    return ids


def requests(url: str, own: Table, token: str, ids: list[UUID]) -> dict[str, Callable[[], bytes]]:
    """The three doors that are measured."""
    headers = {"Authorization": f"Bearer {token}"}
    signal = json.dumps(Pen().signal(own.nis_code)).encode()
    base = f"{url}/api/v1/cells/{own.cell}"
    chance = random.Random(1)

    def create() -> bytes:
        return http_request("POST", f"{base}/signals", headers | {"Idempotency-Key": str(uuid4())}, signal)

    page = http_request("GET", f"{base}/cases?page_size=20", headers)
    return {
        "create": create,
        "list 20": lambda: page,
        "read": lambda: http_request("GET", f"{base}/cases/{chance.choice(ids)}", headers),
    }


def processor_seconds(platform: Platform) -> dict[str, float]:
    """CPU each process has used so far."""
    found = {}
    for service in platform.services:
        if (pid := service.process.pid) is not None:
            times = psutil.Process(pid).cpu_times()
            found[service.name] = times.user + times.system
    return found


async def log_size(platform: Platform, cell: str) -> int:
    """Entries of our three doors in the cell's log, once nothing waits to be logged."""
    audit = await platform.postgres.connect("rondetafel_audit")
    case = await platform.postgres.connect("rondetafel_case")
    unsent = "SELECT count(*) FROM outbox WHERE tenant_id = $1::uuid AND stream = 'audit'"
    async with asyncio.timeout(300):
        while await case.fetchval(unsent, cell):
            await asyncio.sleep(0.2)
    action = "convert_from(leaf, 'UTF8')::json ->> 'action'"
    query = f"SELECT count(*) FROM entry WHERE tenant_id = $1::uuid AND {action} = ANY ($2)"
    size = int(await audit.fetchval(query, cell, ["enter_signal", "list_cases", "read_case"]))
    await audit.close()
    await case.close()
    return size


def counting(request: Request) -> tuple[Callable[[], int], Request]:
    """How often the request was sent; all were answered, or the load would have failed."""
    sent = 0

    def counted() -> bytes:
        nonlocal sent
        sent += 1
        return request()

    return lambda: sent, counted
