"""What a cell of the demo agrees on before its table is opened: internal rules, accepted by its people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from deploy.local.caller import Caller, Problem
from deploy.local.towns import HOUSE_RULES
from services.kit.clock import local_date, utc_now


async def agree(cell: str, coordinator: Caller, mayor: Caller) -> str:
    """Internal rules, the first of a cell, in force since today; their id."""
    rules = await posted(coordinator, f"/cells/{cell}/rules", {"kind": "internal_rules"} | HOUSE_RULES)
    first_day = {"from": local_date(utc_now()).isoformat()}
    path = f"/cells/{cell}/rules/{rules}/decide"
    await posted(mayor, path, first_day, existing="VersionChanged", if_match='"1"')
    return rules


async def rules_of(cell: str, person: Caller) -> str:
    """The id of the only internal rules of a cell, as one of its people reads them."""
    (rules,) = (await person.get(f"/cells/{cell}/rules", kind="internal_rules")).body["rules"]
    return str(rules["rules_id"])


async def accept(cell: str, rules: str, person: Caller) -> str:
    """The person accepts them; of somebody with two seats, once."""
    path = f"/cells/{cell}/rules/{rules}/accept"
    return await posted(person, path, {}, existing="RulesAccepted", if_match='"2"')


async def posted(
    caller: Caller, path: str, body: Mapping[str, Any], *, existing: str = "", if_match: str | None = None
) -> str:
    """The id of what was made, now or by the same request before; "existed" when refused with the code `existing`."""
    key = str(uuid5(NAMESPACE_URL, f"{path} {json.dumps(body, sort_keys=True)}"))
    try:
        made: str = (await caller.post(path, body, key=key, if_match=if_match)).body["id"]
    except Problem as problem:
        if problem.code != existing:
            raise
        return "existed"
    return made
