"""Rules of the demo town: two versions in a row, and a protocol that waits for the mayor."""

from __future__ import annotations

from datetime import timedelta

from services.kit.clock import local_date, utc_now
from tests.e2e.table import Table

GOAL, END = "# Waarvoor\n\nWij helpen mensen tijdig.", "- Wij komen op tijd.\n\n# Einde\n\nElk jaar"
BEFORE = f"{GOAL}\n\n- Wij delen alles.\n{END} opnieuw."
AFTER = f"{GOAL}\n\n- Wij delen wat nodig is.\n{END}."
FRENCH = "# Pourquoi\n\nNous aidons des personnes à temps.\n\n- Nous partageons ce qu'il faut."


async def rules_of(table: Table) -> dict[str, str]:
    """Ids: `rules` to come with a version before, `waiting_rules` that nobody decided on. Made once."""
    listed = (await table["lieve"].get(table.path("rules"), page_size=50)).body["rules"]
    if listed:
        found = {version["standing"]: version["rules_id"] for version in listed[::-1]}
        return {"rules": found.get("coming", found.get("in_force", "")), "waiting_rules": found["waiting"]}
    first = await _decided(table, "", BEFORE, 0)
    rules = await _decided(table, first, AFTER, 1)
    waiting = await _drafted(table, "cooperation_protocol", "", AFTER)
    return {"rules": rules, "waiting_rules": waiting}


async def _decided(table: Table, follows: str, text: str, days: int) -> str:
    drafted = await _drafted(table, "internal_rules", follows, text)
    body = {"from": (local_date(utc_now()) + timedelta(days=days)).isoformat()}
    await table["lieve"].post(table.path(f"rules/{drafted}/decide"), body, if_match='"1"')
    return drafted


async def _drafted(table: Table, kind: str, follows: str, text: str) -> str:
    body = {"kind": kind, "text_nl": text, "text_fr": FRENCH, **({"follows": follows} if follows else {})}
    made = await table["an"].post(table.path("rules"), body)
    return str(made.body["id"])
