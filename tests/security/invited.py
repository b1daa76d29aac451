"""Invitations to mandates, for the isolation matrix."""

from __future__ import annotations

import base64
import secrets

from services.kit.sheets import write_sheet
from tests.security.asks import Ask
from tests.security.world import CAST, World


async def new_mandate(world: World) -> Ask:
    return Ask(body=world.mandate(f"new-{secrets.token_hex(4)}@{world.tag}.example", CAST["outsider"]))


async def new_list(world: World) -> Ask:
    """A list of one seat."""
    body = world.mandate(f"listed-{secrets.token_hex(4)}@{world.tag}.example", CAST["outsider"])
    rows = [list(body), [" ".join(value) if isinstance(value, list) else str(value) for value in body.values()]]
    return Ask(body={"file": base64.b64encode(write_sheet(rows)).decode()})


async def waiting_invitation(world: World) -> Ask:
    made = await world["coordinator"].post(world.path("mandates"), (await new_mandate(world)).body or {})
    return Ask({"invitation": made.body["id"]}, {}, made.etag)


async def coming(world: World) -> Ask:
    """To one more mandate of somebody, later than the others: days that nobody else was invited for."""
    invitation = await world.invites_later("outsider")
    return Ask({"invitation": invitation}, {"code": await world.code_of(invitation)}, cell=world.cell)
