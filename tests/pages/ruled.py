"""Rules of the demo town: two versions in a row, and a protocol that waits for the mayor."""

from __future__ import annotations

import base64
from uuid import uuid4

from deploy.local.towns import HOUSE_RULES
from services.kit.clock import local_date, utc_now
from tests.e2e.table import Table
from tests.pdfs import pdf

AFTER = HOUSE_RULES["text_nl"].replace("alleen wat nodig is", "wat nodig is") + "\n\n# Einde\n\nElk jaar opnieuw."
FRENCH = "# Pourquoi\n\nNous aidons des personnes à temps.\n\n- Nous partageons ce qu'il faut."


async def rules_of(table: Table) -> dict[str, str]:
    """Ids: `rules` to come, the demo's own; `waiting_rules` that nobody decided on; `pdf` in force."""
    listed = (await table["lieve"].get(table.path("rules"), page_size=50)).body["rules"]
    found = {version["standing"]: version["rules_id"] for version in listed[::-1]}
    rules = found.get("coming", found.get("in_force", ""))
    files = [version["rules_id"] for version in listed if version["format"] == "pdf"]
    if files:
        return {"rules": rules, "waiting_rules": found["waiting"], "pdf": files[0]}
    file = await _handed_in(table)
    waiting = await _drafted(table, "cooperation_protocol", file, AFTER)
    return {"rules": rules, "waiting_rules": waiting, "pdf": file}


async def _handed_in(table: Table) -> str:
    """A protocol as a PDF, in force since today."""
    content = base64.b64encode(pdf()).decode()
    body = {"kind": "cooperation_protocol", "upload_id": str(uuid4()), "part": "1/1", "piece": content}
    made = await table["an"].post(table.path("rules/upload"), body)
    first_day = {"from": local_date(utc_now()).isoformat()}
    await table["lieve"].post(table.path(f"rules/{made.body['id']}/decide"), first_day, if_match=made.etag)
    return str(made.body["id"])


async def _drafted(table: Table, kind: str, follows: str, text: str) -> str:
    body = {"kind": kind, "text_nl": text, "text_fr": FRENCH, **({"follows": follows} if follows else {})}
    made = await table["an"].post(table.path("rules"), body)
    return str(made.body["id"])
