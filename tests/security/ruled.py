"""The rows of a cell's rules, and what they ask for, fresh each time: drafted, decided."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import uuid4

from services.kit.clock import local_date, utc_now
from tests.pdfs import pdf
from tests.security.asks import Ask, Row
from tests.security.world import World

KIND = "internal_rules"


async def _newest(world: World) -> dict[str, str]:
    listed = (await world["coordinator"].get(world.path(f"rules?kind={KIND}"))).body["rules"]
    return {"follows": str(listed[0]["rules_id"])} if listed else {}


async def _draft(world: World) -> dict[str, str]:
    return {"kind": KIND, "text_nl": "Wij helpen mensen tijdig.", **await _newest(world)}


async def new_rules(world: World) -> Ask:
    """What the coordinator may put forward."""
    return Ask(body=await _draft(world))


async def drafted_rules(world: World) -> Ask:
    """What the mayor may decide on."""
    made = await world["coordinator"].post(world.path("rules"), await _draft(world))
    return Ask({"rules": made.body["id"]}, {"from": (await _free_day(world)).isoformat()}, made.etag)


async def new_file(world: World) -> Ask:
    """A PDF of one part that the coordinator may hand in."""
    content = base64.b64encode(pdf()).decode()
    sent = {"kind": KIND, "upload_id": str(uuid4()), "part": "1/1", "piece": content}
    return Ask(body=sent | await _newest(world))


async def decided_file(world: World) -> Ask:
    """One that everybody may read."""
    asked = await new_file(world)
    made = await world["coordinator"].post(world.path("rules/upload"), asked.body or {})
    first_day = {"from": (await _free_day(world)).isoformat()}
    await world["mayor"].post(world.path(f"rules/{made.body['id']}/decide"), first_day, if_match=made.etag)
    return Ask({"rules": made.body["id"]})


async def decided_rules(world: World) -> Ask:
    """What everybody may read and accept: to come, so that the next row finds a day that is free."""
    drafted = await drafted_rules(world)
    path = world.path(f"rules/{drafted.ids['rules']}/decide")
    decided = await world["mayor"].post(path, drafted.body or {}, if_match=drafted.etag)
    return Ask(drafted.ids, {}, decided.etag)


async def read_rules(world: World) -> Ask:
    """What everybody may read."""
    return Ask((await decided_rules(world)).ids)


async def _free_day(world: World) -> date:
    listed = (await world["coordinator"].get(world.path(f"rules?kind={KIND}&page_size=50"))).body["rules"]
    taken = {version["from"] for version in listed}
    days = (local_date(utc_now()) + timedelta(days=number) for number in range(1, 365))
    return next(day for day in days if day.isoformat() not in taken)


async def _nothing(world: World) -> Ask:
    return Ask()


ROLE, ABSENT = (403, "RoleMissing"), (404, "NotFound")
OUTSIDE = {"host": ABSENT, "hilde": ABSENT}
"""The host has no part in what a cell agrees on."""
TABLE = {"insider": ROLE, "dpo": ROLE, "oversight": ROLE}

RULES: Mapping[str, Row] = {
    "draft_rules": Row("coordinator", new_rules, OUTSIDE | TABLE | {"mayor": ROLE}),
    "decide_rules": Row("mayor", drafted_rules, OUTSIDE | TABLE | {"coordinator": ROLE}),
    "accept_rules": Row("insider", decided_rules, OUTSIDE | {"oversight": ROLE}),
    "upload_rules": Row("coordinator", new_file, OUTSIDE | TABLE | {"mayor": ROLE}),
    "read_rules_file": Row("insider", decided_file, OUTSIDE),
    "list_rules": Row("insider", _nothing, OUTSIDE),
    "read_rules": Row("insider", read_rules, OUTSIDE),
    "read_undertaking": Row("insider", _nothing, OUTSIDE),
}
