"""Requests to the register of the law, for the isolation matrix."""

from __future__ import annotations

import secrets
from typing import Any

from tests.e2e.bodies import day
from tests.security.asks import Ask
from tests.security.world import World


def law() -> dict[str, Any]:
    """A legal basis of a code of its own."""
    texts = {f"{text}_{language}": "Decreet Test" for text in ("title", "name") for language in ("nl", "fr")}
    named = {"code": f"decree-{secrets.token_hex(6)}", "from": day(1), "source": "Invented for a test"}
    return texts | named | {"allows": ["take_part"]}


async def new_law(world: World) -> Ask:
    return Ask(body=law())


async def kept_law(world: World) -> Ask:
    made = await world["host"].post("/legal-bases", law())
    return Ask({"legal_basis": made.body["id"]}, {"last_day": day(2)}, made.etag)


async def unconfirmed_law(world: World) -> Ask:
    made = await world["host"].post("/legal-bases", law())
    return Ask({"legal_basis": made.body["id"]}, {}, made.etag)
