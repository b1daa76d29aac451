"""What the isolation matrix asks of mandates and organisations."""

from __future__ import annotations

import secrets
from dataclasses import replace

from tests.e2e.bodies import day
from tests.security.asks import Ask
from tests.security.world import CAST, Kind, World


async def new_organisation(world: World) -> Ask:
    first = f"0{secrets.randbelow(10**7):07d}"
    number = f"{first}{97 - int(first) % 97:02d}"
    return Ask(body={"kbo_number": number, "name": "Jeugdhuis Test", "kind": "youth_work"})


async def held(world: World, name: str, kind: Kind) -> tuple[Ask, int]:
    """A mandate of somebody of the cast, by invitation, and its first day, in weeks of which nothing is yet."""
    first = 400 + 2 * min(next(world.later) for _ in range(20))
    body = world.mandate(world.emails[name], kind) | {"from": day(first), "to": day(first + 1)}
    invitation = (await world["coordinator"].post(world.path("mandates"), body)).body["id"]
    code = {"code": await world.code_of(invitation)}
    made = await world[name].post(world.path(f"invitations/{invitation}/accept"), code)
    return Ask({"mandate": made.body["id"]}, etag=made.etag), first


async def ending_mandate(world: World) -> Ask:
    found, _ = await held(world, "outsider", CAST["outsider"])
    return Ask(found.ids, {"reason": "left"}, found.etag)


async def longer_mandate(world: World) -> Ask:
    found, first = await held(world, "outsider", CAST["outsider"])
    return Ask(found.ids, {"last_day": day(first + 20)}, found.etag)


async def shorter_mandate(world: World) -> Ask:
    found, first = await held(world, "outsider", CAST["outsider"])
    return Ask(found.ids, {"last_day": day(first), "reason": "left"}, found.etag)


async def changed_mandate(world: World) -> Ask:
    found, _ = await held(world, "outsider", CAST["outsider"])
    return Ask(found.ids, {"nis_codes": list(world.nis_codes[:1])}, found.etag)


async def suspending_mandate(world: World) -> Ask:
    found, _ = await held(world, "outsider", CAST["outsider"])
    return Ask(found.ids, {"reason": "inquiry"}, found.etag)


async def suspended_mandate(world: World) -> Ask:
    found = await suspending_mandate(world)
    path = world.path(f"mandates/{found.ids['mandate']}/suspend")
    made = await world["coordinator"].post(path, found.body or {}, if_match=found.etag)
    return Ask(found.ids, {}, made.etag)


async def naming_deputy(world: World) -> Ask:
    """An officer of the prevention, for another."""
    deputy, _ = await held(world, "outsider", CAST["prevention"])
    holder, _ = await held(world, "insider", CAST["prevention"])
    return Ask(deputy.ids, {"holder_id": holder.ids["mandate"], "when": "absent"}, deputy.etag)


async def marking_absent(world: World) -> Ask:
    found, first = await held(world, "outsider", CAST["prevention"])
    return Ask(found.ids, {"first_day": day(first), "last_day": day(first + 1)})


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
    await held(world, "outsider", kind)
    return Ask({"organisation": made.body["id"]}, {"reason": "inquiry"})


async def suspended_organisation(world: World) -> Ask:
    found = await suspending_organisation(world)
    await world["coordinator"].post(world.path(f"organisations/{found.ids['organisation']}/suspend"), found.body or {})
    return Ask(found.ids, {})
