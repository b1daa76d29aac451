"""Requests about setting up a cell, for the isolation matrix."""

from __future__ import annotations

import secrets

from tests.e2e.fresh import next_nis_code
from tests.security.asks import Ask
from tests.security.world import CAST, World


async def set_up(world: World, body: dict[str, str]) -> Ask:
    """Something said of the cell, as it was last read."""
    read = await world["coordinator"].get(world.path("set-up"))
    return Ask(body=body, etag=read.etag)


async def new_dpia(world: World) -> Ask:
    return await set_up(world, {"reference": "GEB 2026/4", "on": "2026-10-05"})


async def new_danger_contact(world: World) -> Ask:
    return await set_up(world, {"danger_contact": "Wachtdienst, 016 00 00 00"})


async def new_contact(world: World) -> Ask:
    return await set_up(world, {"contact": f"{secrets.token_hex(4)}@town.example"})


async def ready_cell(world: World) -> Ask:
    return Ask(cell=await world.ready())


async def unused_cell(world: World) -> Ask:
    """A fresh cell in which nobody was given anything."""
    made = await world["host"].post("/cells", {"nis_codes": [next_nis_code()], "name": "Vergist"})
    return Ask({"host_cell": made.body["id"]})


async def cell_to_suspend(world: World) -> Ask:
    """A fresh cell, and why."""
    return Ask((await unused_cell(world)).ids, {"reason": "incident"})


async def suspended_cell(world: World) -> Ask:
    """One that the host suspended."""
    asked = await cell_to_suspend(world)
    await world["host"].post(f"/host-cells/{asked.ids['host_cell']}/suspend", asked.body or {})
    return Ask(asked.ids)


async def founding_seat(world: World) -> Ask:
    """A fresh cell, and its first coordinator."""
    body = world.mandate(f"founder-{secrets.token_hex(4)}@town.example", CAST["coordinator"]) | {"nis_codes": []}
    return Ask((await unused_cell(world)).ids, body)


async def founded_seat(world: World) -> Ask:
    """One to whom the letter was sent."""
    asked = await founding_seat(world)
    made = await world["host"].post(f"/host-cells/{asked.ids['host_cell']}/founding", asked.body or {})
    return Ask({**asked.ids, "invitation": made.body["id"]}, {}, made.etag)
