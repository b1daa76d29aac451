"""What the isolation matrix asks of mandates and organisations."""

from __future__ import annotations

import secrets
from dataclasses import replace

from tests.e2e.bodies import day
from tests.security.asks import Ask
from tests.security.world import CAST, World


async def new_organisation(world: World) -> Ask:
    first = f"0{secrets.randbelow(10**7):07d}"
    number = f"{first}{97 - int(first) % 97:02d}"
    return Ask(body={"kbo_number": number, "name": "Jeugdhuis Test", "kind": "youth_work"})


async def ending_mandate(world: World) -> Ask:
    body = world.mandate(f"leaving-{secrets.token_hex(4)}@{world.tag}.example", CAST["outsider"])
    made = await world["coordinator"].post(world.path("mandates"), body)
    return Ask({"mandate": made.body["id"]}, {"reason": "left"}, made.etag)


async def longer_mandate(world: World) -> Ask:
    found = await ending_mandate(world)
    return Ask(found.ids, {"last_day": day(400)}, found.etag)


async def changed_mandate(world: World) -> Ask:
    found = await ending_mandate(world)
    return Ask(found.ids, {"nis_codes": list(world.nis_codes[:1])}, found.etag)


async def suspending_mandate(world: World) -> Ask:
    found = await ending_mandate(world)
    return Ask(found.ids, {"reason": "inquiry"}, found.etag)


async def suspended_mandate(world: World) -> Ask:
    found = await suspending_mandate(world)
    path = world.path(f"mandates/{found.ids['mandate']}/suspend")
    made = await world["coordinator"].post(path, found.body or {}, if_match=found.etag)
    return Ask(found.ids, {}, made.etag)


async def naming_deputy(world: World) -> Ask:
    """An officer of the prevention, for another that was invited just so."""
    made = []
    for _ in range(2):
        body = world.mandate(f"officer-{secrets.token_hex(4)}@{world.tag}.example", CAST["prevention"])
        made.append(await world["coordinator"].post(world.path("mandates"), body))
    return Ask({"mandate": made[0].body["id"]}, {"holder_id": made[1].body["id"], "when": "absent"}, made[0].etag)


async def marking_absent(world: World) -> Ask:
    body = world.mandate(f"officer-{secrets.token_hex(4)}@{world.tag}.example", CAST["prevention"])
    made = await world["coordinator"].post(world.path("mandates"), body)
    return Ask({"mandate": made.body["id"]}, {"first_day": day(2), "last_day": day(5)})


async def marked_absent(world: World) -> Ask:
    found = await marking_absent(world)
    path = world.path(f"mandates/{found.ids['mandate']}/absences")
    made = await world["coordinator"].post(path, found.body or {})
    return Ask({"absence": made.body["id"]}, {}, made.etag)


async def suspending_organisation(world: World) -> Ask:
    """One of its own, so that nobody else of the matrix is suspended."""
    known = await new_organisation(world)
    made = await world["host"].post("/organisations", known.body or {})
    kind = replace(CAST["outsider"], kbo_number=(known.body or {})["kbo_number"])
    body = world.mandate(f"suspended-{secrets.token_hex(4)}@{world.tag}.example", kind)
    await world["coordinator"].post(world.path("mandates"), body)
    return Ask({"organisation": made.body["id"]}, {"reason": "inquiry"})


async def suspended_organisation(world: World) -> Ask:
    found = await suspending_organisation(world)
    await world["coordinator"].post(world.path(f"organisations/{found.ids['organisation']}/suspend"), found.body or {})
    return Ask(found.ids, {})
