"""The scene of the bench: cells full of cases, and the three doors of the API that are measured."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from uuid import UUID, uuid4

import psutil

from deploy.local.platform import Platform
from tests.bench.acts import Tally
from tests.bench.fill import Filler, Member
from tests.bench.load import Request, http_request
from tests.bench.measure import CASES
from tests.e2e.bodies import Pen
from tests.e2e.table import Table

OWN_SHARE = 0.15
"""Of all cases, those in the cell that is read."""
TARGETS = {
    ("create", 8): "600/s", ("create", 1): "p50 6 ms", ("list 20", 8): "700/s", ("list 20", 1): "p50 5 ms",
    ("read", 8): "800/s", ("read", 1): "p50 5 ms",
}  # fmt: skip


async def members_of(own: Table) -> Mapping[str, Member]:
    """Who sits at our table, by the name they have in the story."""
    mandates = (await own["an"].get(own.path("mandates"), page_size=50)).body["mandates"]
    return {
        mandate["given_name"].lower(): Member(UUID(mandate["person_id"]), UUID(mandate["organisation_id"]))
        for mandate in mandates
    }


async def filled(platform: Platform, own: Table, others: list[tuple[UUID, str]], insider: Member) -> list[UUID]:
    """20,000 cases in a hundred cells, 3,000 of them in ours; the ids of ours."""
    connection = await platform.postgres.connect("rondetafel_case")
    filler = Filler(connection, platform.instance.secrets.root_key("case"))
    ours = int(CASES * OWN_SHARE)
    for cell, nis_code in others:
        await filler.fill(cell, nis_code, (CASES - ours) // len(others), insider)
    ids = await filler.fill(UUID(own.cell), own.nis_code, ours, insider)
    await connection.execute("ANALYZE")
    await connection.close()
    return ids


def requests(url: str, own: Table, token: str, ids: list[UUID], tally: Tally) -> dict[str, Request]:
    """The three doors that are measured."""
    headers = {"Authorization": f"Bearer {token}"}
    signal = json.dumps(Pen().signal(own.nis_code)).encode()
    base = f"{url}/api/v1/cells/{own.cell}"
    chance = random.Random(1)

    def create() -> bytes:
        return http_request("POST", f"{base}/signals", headers | {"Idempotency-Key": str(uuid4())}, signal)

    def read() -> bytes:
        return http_request("GET", f"{base}/cases/{chance.choice(ids)}", headers)

    page = http_request("GET", f"{base}/cases?page_size=20", headers)
    return {
        "create": tally.counted(create, ["enter_signal"]),
        "list 20": tally.counted(lambda: page, ["list_cases"]),
        "read": tally.counted(read, ["read_case"]),
    }


def processor_seconds(platform: Platform) -> dict[str, float]:
    """CPU each process has used so far."""
    found = {}
    for service in platform.services:
        if (pid := service.process.pid) is not None:
            times = psutil.Process(pid).cpu_times()
            found[service.name] = times.user + times.system
    return found
