"""From an act in one service to a letter at the mail server: what waits is told, and nothing of what it is."""

from __future__ import annotations

from deploy.local.platform import Platform
from deploy.mail.kept import KeptLetter, KeptLetters
from tests.e2e.bodies import Pen
from tests.e2e.table import Table
from tests.e2e.waiting import until


async def test_an_urgent_signal_reaches_the_coordinator_by_mail_at_any_hour(platform: Platform, table: Table) -> None:
    body = Pen().signal(table.nis_code) | {"urgent": True}
    made = await table["nele"].post(table.path("signals"), body)
    address = f"{platform.instance.portal_url}/cells/{table.cell}/signals/{made.body['id']}"
    kept = KeptLetters(platform.instance.mail)

    async def arrived() -> KeptLetter | None:
        return next((letter for letter in kept.newest_first() if address in letter.body("plain")), None)

    letter = await until("the coordinator is written to", arrived)
    assert letter.says("Subject") == "Rondetafel: dringend, er wacht iets op je"
    assert address in letter.body("html")
    said = letter.message.as_bytes() + letter.body("plain").encode() + letter.body("html").encode()
    told = [*body["person"].values(), body["observed"], body["tried"], body["reason"], "Vaartbeke"]
    assert [text for text in told if str(text).encode() in said] == []
    assert len([other for other in kept.newest_first() if address in other.body("plain")]) == 1
