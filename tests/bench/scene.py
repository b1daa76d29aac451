"""The scenes of the bench: cells full of cases, and the three doors of the API that are measured."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from uuid import UUID, uuid4

from deploy.local.platform import Platform
from tests.bench.acts import Tally
from tests.bench.fill import Filler, Member
from tests.bench.load import Request, http_request
from tests.bench.measure import CASES
from tests.bench.pages import Opened, opened
from tests.e2e.bodies import Pen
from tests.e2e.table import Table

MANY = int(CASES * 0.15)
"""Of all cases, those in the larger of the cells that are read: its people sit in as many circles."""
FEW = min(150, MANY)
"""The same of the smaller one."""
TARGETS = {
    ("create", 8): "600/s", ("create", 1): "p50 6 ms", ("list 20", 8): "700/s", ("list 20", 1): "p50 5 ms",
    ("read", 8): "800/s", ("read", 1): "p50 5 ms",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """One cell that is read: its people, its cases, its pages ready to be opened."""

    circles: int
    table: Table
    ids: list[UUID]
    pages: Opened

    async def doors(self, url: str, tally: Tally) -> dict[str, Request]:
        """The three doors of the API, with a token that is new."""
        return _requests(url, self.table, await self.table["nele"].token(), self.ids, tally)


async def arranged(platform: Platform, table: Table, circles: int, tally: Tally) -> Scene:
    """A cell with so many cases, in whose circles the same people sit."""
    members = await members_of(table)
    ids = await filled(platform, {UUID(table.cell): table.nis_code}, circles, members["nele"])
    return Scene(circles, table, ids, await opened(platform, table, members, ids, tally))


async def members_of(own: Table) -> Mapping[str, Member]:
    """Who sits at our table, by the name they have in the story."""
    mandates = (await own["an"].get(own.path("mandates"), page_size=50)).body["mandates"]
    return {
        mandate["given_name"].lower(): Member(UUID(mandate["person_id"]), UUID(mandate["organisation_id"]))
        for mandate in mandates
    }


async def filled(platform: Platform, cells: Mapping[UUID, str], cases: int, insider: Member) -> list[UUID]:
    """So many cases in each of these cells, by the municipality that its codes begin with; the ids of all."""
    connection = await platform.postgres.connect("rondetafel_case")
    filler = Filler(connection, platform.instance.secrets.root_key("case"))
    ids = []
    for cell, nis_code in cells.items():
        ids += await filler.fill(cell, nis_code, cases, insider)
    await connection.execute("ANALYZE")
    await connection.close()
    return ids


def _requests(url: str, own: Table, token: str, ids: list[UUID], tally: Tally) -> dict[str, Request]:
    headers = {"Authorization": f"Bearer {token}"}
    told = Pen().signal(own.nis_code)
    base = f"{url}/api/v1/cells/{own.cell}"
    chance = random.Random(1)

    def create() -> bytes:
        # Of somebody else each time: names are indexed, and of one name alone a town would have no thousands.
        told["person"] |= {"given_name": _name(chance), "family_name": _name(chance)}
        keyed = headers | {"Idempotency-Key": str(uuid4())}
        return http_request("POST", f"{base}/signals", keyed, json.dumps(told).encode())

    def read() -> bytes:
        return http_request("GET", f"{base}/cases/{chance.choice(ids)}", headers)

    page = http_request("GET", f"{base}/cases?page_size=20", headers)
    return {
        "create": tally.counted(create, ["enter_signal"]),
        "list 20": tally.counted(lambda: page, ["list_cases"]),
        "read": tally.counted(read, ["read_case"]),
    }


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(ascii_lowercase, k=9)).title()
