"""All cells of Flanders in one go, then a person of three of them signs in."""

from __future__ import annotations

import random
import secrets
import time
from dataclasses import dataclass
from uuid import UUID

from deploy.local.caller import Caller, Problem
from deploy.local.code_flow import CodeFlow
from deploy.local.demo import Seeder, seeder
from deploy.local.people import People, Person
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import MUNICIPALITY, ORGANISATIONS
from tests.e2e.bodies import day

EXISTING = "CellExists"


@dataclass(frozen=True, slots=True)
class Flanders:
    """What it took: 10 seconds are the goal for all cells."""

    cells: int
    seconds: float
    seen: int
    first_sign_in_seconds: float

    def __str__(self) -> str:
        return (
            f"All of Flanders: {self.cells} cells in {self.seconds:.1f} s (goal 10 s); "
            f"a person of three of them signed in in {self.first_sign_in_seconds:.2f} s and saw {self.seen}"
        )


async def create_flanders(platform: Platform) -> tuple[list[tuple[UUID, str]], Flanders]:
    """The new cells with their NIS codes, and what it took."""
    connection = await platform.postgres.connect("rondetafel_partner_directory")
    query = "SELECT nis_code FROM municipality WHERE region = 'flanders' AND successor IS NULL AND valid_to IS NULL"
    towns = [row["nis_code"] for row in await connection.fetch(query)]
    await connection.close()
    tag = secrets.token_hex(3)
    async with seeder(platform, Progress(platform.instance.root / "flanders.json")) as town_hall:
        started = time.perf_counter()
        cells = [cell for town in towns if (cell := await _cell(town_hall.host, town)) is not None]
        seconds = time.perf_counter() - started
        seen, signing = await _person_of_three(platform, town_hall, cells, tag)
    return cells, Flanders(len(cells), seconds, seen, signing)


async def _cell(host: Caller, nis_code: str) -> tuple[UUID, str] | None:
    try:
        made = await host.post("/cells", {"nis_codes": [nis_code], "name": f"Cel {nis_code}"})
    except Problem as problem:
        if problem.code != EXISTING:
            raise
        return None
    return UUID(made.body["id"]), nis_code


async def _person_of_three(
    platform: Platform, town_hall: Seeder, cells: list[tuple[UUID, str]], tag: str
) -> tuple[int, float]:
    person = Person.invent(f"three-{tag}", "Dirk Drie", f"{tag}.example")
    async with platform.keycloak.admin() as admin:
        await People(platform.instance).add(admin, [person])
    number, name, kind = ORGANISATIONS[0]
    await town_hall.register({"kbo_number": number, "name": name, "kind": kind})
    invitations: dict[UUID, str] = {}
    for cell, nis_code in random.sample(cells, 3):
        mandate = {
            "email": person.email, "given_name": "Dirk", "family_name": "Drie", "kbo_number": MUNICIPALITY,
            "role": "coordinator", "nis_codes": [nis_code], "from": day(0), "to": day(100),
            "legal_basis": "law-2018-07-30",
        }  # fmt: skip
        invitations[cell] = (await town_hall.host.post(f"/cells/{cell}/mandates", mandate)).body["id"]
    started = time.perf_counter()
    await CodeFlow(platform.instance).token(person.name)
    signing = time.perf_counter() - started
    for cell, invitation in invitations.items():
        await town_hall.come(str(cell), invitation, person.email)
    return len((await town_hall.person(person.name).get("/me")).body["cells"]), signing
