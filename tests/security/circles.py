"""Rows of the matrix about who is in the circle of a case, and about informing the person concerned."""

from __future__ import annotations

from tests.e2e.bodies import day
from tests.security.asks import Ask, Row
from tests.security.world import World

ABSENT_CASE = (404, "NotFound")
ROLE = (403, "RoleMissing")


async def informing(world: World) -> Ask:
    case_id = await world.listed("insider")
    case = await world["coordinator"].get(world.path(f"cases/{case_id}"))
    return Ask({"case": case_id}, {"answer": "informed", "day": day(0)}, case.etag)


async def declaring(world: World) -> Ask:
    return Ask({"case": await world.listed("insider")})


async def keeping_out(world: World) -> Ask:
    case_id = await world.listed("colleague")
    case = await world["mayor"].get(world.path(f"cases/{case_id}"))
    return Ask({"case": case_id}, {"person_id": world.person_ids["colleague"]}, case.etag)


async def kept_out(world: World) -> Ask:
    asked = await keeping_out(world)
    path = world.path(f"cases/{asked.ids['case']}/kept-out")
    await world["mayor"].post(path, dict(asked.body or {}), if_match=asked.etag)
    case = await world["mayor"].get(world.path(f"cases/{asked.ids['case']}"))
    return Ask({**asked.ids, "person": world.person_ids["colleague"]}, {}, case.etag)


async def invitation(world: World) -> Ask:
    case_id = await world.listed()
    etag = (await world["coordinator"].get(world.path(f"cases/{case_id}"))).etag
    return Ask({"case": case_id}, world.pen.invitation(world.person_ids["colleague"], "family"), etag)


async def invited(world: World) -> Ask:
    case_id = await world.listed("colleague")
    case = await world["coordinator"].get(world.path(f"cases/{case_id}"))
    entry = next(entry["entry_id"] for entry in case.body["circle"] if entry["person_id"])
    return Ask({"case": case_id, "entry": entry}, {"reason": "no_longer_needed"}, case.etag)


CIRCLES = {
    "invite_to_circle": Row("coordinator", invitation, {"mayor": ROLE, "insider": ROLE, "outsider": ROLE}),
    "end_invitation": Row("coordinator", invited, {"other_mayor": ABSENT_CASE, "insider": ROLE, "outsider": ROLE}),
    "note_information": Row("coordinator", informing, {"other_mayor": ROLE, "mayor": ROLE, "insider": ROLE}),
    "declare_conflict": Row("insider", declaring, {"other_mayor": ABSENT_CASE, "outsider": ABSENT_CASE, "dpo": ROLE}),
    "keep_out": Row("mayor", keeping_out, {"other_mayor": ABSENT_CASE, "coordinator": ROLE, "insider": ROLE}),
    "lift_conflict": Row("mayor", kept_out, {"other_mayor": ABSENT_CASE, "colleague": ROLE, "insider": ROLE}),
}
