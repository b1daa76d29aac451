"""The story of one case, from signal to decision, told by the people around the table: `make demo`.

Knows only the platform's public address and tokens of the real code flow; imports nothing of services/.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.accounts import running_instance
from deploy.local.caller import Problem
from deploy.local.platform import Platform
from deploy.local.process import StartFailed
from tests.e2e.bodies import Pen, day
from tests.e2e.setting_up import play_once
from tests.e2e.table import Table, demo_table
from tests.e2e.waiting import post_once_heard, until

Say = Callable[[str], None]
RUN = Path(__file__).parents[2] / ".run"

TOLD_ACTIONS = (
    "enter_signal", "read_signal", "start_check", "read_check", "answer_check", "propose_case", "place_on_list",
    "invite_to_circle", "write_contribution",
    "assess_contribution", "share_contribution", "read_case", "plan_session", "open_session", "record_decision",
)  # fmt: skip


class Story:
    """The steps, in order. `case`, `session` and the like are known once their step was played."""

    def __init__(self, table: Table, say: Say = print, pen: Pen | None = None) -> None:
        self.table = table
        self.ids: dict[str, str] = {}
        self.signal = self.case = self.code = self.session = ""
        self.contributions: dict[str, str] = {}
        self._say = say
        self._pen = pen or Pen()

    async def play(self) -> None:
        """The whole story. Raises Problem, AssertionError or TimeoutError at what goes otherwise."""
        self.ids = await self.table.ids()
        await self.nele_enters_a_signal()
        await self.an_asks_the_police()
        await self.karim_has_no_objection()
        await self.an_proposes_a_case()
        await self.lieve_lists_it()
        await self.an_composes_the_circle()
        await self.partners_share()
        await self.an_plans_a_session()
        await self.lieve_opens_it()
        await self.lieve_decides()
        await self.the_case_is_followed_up()
        await self.others_see_what_they_may()

    async def nele_enters_a_signal(self) -> None:
        """A CAW worker tells of a concern, and reads it back."""
        nele = self.table["nele"]
        made = await nele.post(self.table.path("signals"), self._pen.signal(self.table.nis_code))
        self.signal = made.body["id"]
        read = (await nele.get(self.table.path(f"signals/{self.signal}"))).body
        assert read["person"]["family_name"].startswith("Voorbeeld")
        self._told("Nele (CAW)", f"enters a signal: {made.body['state']}")

    async def an_asks_the_police(self) -> None:
        """The coordinator starts the preliminary check."""
        an, path = self.table["an"], self.table.path(f"signals/{self.signal}")
        asked = await an.post(f"{path}/check", {}, if_match=(await an.get(path)).etag)
        self._told("An (coordinator)", f"asks the police whether anything stands against it: {asked.body['state']}")

    async def karim_has_no_objection(self) -> None:
        """The information officer reads whom it is about, and nothing else; the answer is one of two."""
        found = await self._answer({"answer": "no_objection"})
        assert found["person"]["family_name"].startswith("Voorbeeld")
        self._told("Karim (police)", "reads the name, and has no objection")

    async def karim_asks_to_wait(self) -> None:
        """The other answer."""
        await self._answer({"answer": "hold", "hold_until": day(30)})

    async def _answer(self, body: dict[str, str]) -> Any:
        karim, path = self.table["karim"], self.table.path(f"signals/{self.signal}/check")
        found = await karim.get(path)
        await karim.post(f"{path}/answer", body, if_match=found.etag)
        return found.body

    async def an_dismisses_it(self) -> None:
        """It is nothing for the table."""
        body = {"reason": "other_purpose", "noted": "Geen teken van geweld.", "told": "Dank je. Praat met zijn ouders."}
        await self._end("dismiss", body)

    async def an_redirects_it(self) -> None:
        """Others can help better."""
        await self._end("redirect", {"help": "school_support", "told": "Bel het CLB en vraag naar het onthaal."})

    async def _end(self, way: str, body: dict[str, str]) -> None:
        an, path = self.table["an"], self.table.path(f"signals/{self.signal}")
        await an.post(f"{path}/{way}", body, if_match=(await an.get(path)).etag)

    async def an_proposes_a_case(self) -> None:
        """The coordinator reads it and proposes a case, argued."""
        an = self.table["an"]
        signal = await an.get(self.table.path(f"signals/{self.signal}"))
        made = await an.post(self.table.path("cases"), self._pen.proposal(self.signal), if_match=signal.etag)
        self.case = made.body["id"]
        self.code = (await self.read_case("an"))["frame"]["code"]
        self._told("An (coordinator)", f"proposes case {self.code}, argued by one criterion: {made.body['state']}")

    async def lieve_lists_it(self) -> None:
        """The mayor reads the proposal and puts the case on the list."""
        lieve = self.table["lieve"]
        proposed = await lieve.get(self._case())
        listed = await lieve.post(self._case("/list"), self._pen.listing(), if_match=proposed.etag)
        self._told("Lieve (mayor)", f"puts it on the list: {listed.body['state']}")

    async def an_composes_the_circle(self) -> None:
        """Sofie of the CLB and Nele are invited to this case, until a date."""
        an = self.table["an"]
        for name, domain in (("sofie", "school_and_training"), ("nele", "family")):
            present = await an.get(self._case())
            invitation = self._pen.invitation(self.ids[name], domain)
            await an.post(self._case("/circle"), invitation, if_match=present.etag)
            self._told("An (coordinator)", f"invites {name.capitalize()} to the circle until {day(180)} for {domain}")

    async def partners_share(self) -> None:
        """Both write in private, weigh, and share; then each reads the other's."""
        texts = {
            "nele": ("family", "Hij zoekt weer contact met zijn zus; dat is hoopgevend."),
            "sofie": ("school_and_training", "Hij komt minder naar de les, maar praat met zijn leerkracht."),
        }
        for name, (domain, text) in texts.items():
            await self.contribute(name, domain, text)
        seen = {contribution["author_id"] for contribution in (await self.read_case("sofie"))["contributions"]}
        assert seen == {self.ids["nele"], self.ids["sofie"]}

    async def contribute(self, name: str, domain: str, text: str) -> None:
        """Somebody of the circle writes, weighs and shares this."""
        author, path = self.table[name], self.table.path
        written = await author.post(self._case("/contributions"), self._pen.draft(domain, text))
        contribution = self.contributions[name] = written.body["id"]
        assert contribution not in str((await self.read_case("an"))["contributions"]), "a draft is its author's alone"
        assessed = await author.post(
            path(f"contributions/{contribution}/assess"), self._pen.assessment(), if_match=written.etag
        )
        shared = await author.post(path(f"contributions/{contribution}/share"), {}, if_match=assessed.etag)
        self._told(name.capitalize(), f"writes, weighs and shares what is known of {domain}: {shared.body['state']}")

    async def an_plans_a_session(self) -> None:
        """One agenda item for the case; the meeting knows the case by event."""
        plan = self._pen.plan(self.case)
        heard = frozenset({"CaseNotOnList"})
        made = await post_once_heard(self.table["an"], self.table.path("sessions"), plan, not_yet=heard)
        self.session = made.body["id"]
        await self._case_becomes("SCHEDULED")
        self._told("An (coordinator)", f"plans a session with {self.code} on its agenda: {made.body['state']}")

    async def lieve_opens_it(self) -> None:
        """The three mandatory seats are there, and secrecy is declared."""
        lieve = self.table["lieve"]
        present = [self.ids[name] for name in ("lieve", "karim", "joris", "an", "nele", "sofie")]
        planned = await lieve.get(self._session())
        opening = {"present_person_ids": present, "secrecy_declared": True}
        opened = await lieve.post(self._session("/open"), opening, if_match=planned.etag)
        for name in ("karim", "joris"):
            assert (await self.read_case(name))["contributions"], "mandatory seats are in the circle"
        self._told("Lieve (mayor)", f"opens it with Karim (police) and Joris (prevention): {opened.body['state']}")

    async def an_prepares(self) -> None:
        """The coordinator prepares what the chair may decide."""
        an = self.table["an"]
        opened = await an.get(self._session())
        item = next(item for item in opened.body["items"] if item["case_id"] == self.case)
        prepared = self._pen.follow_up(item["agenda_item_id"], self.ids["nele"], self.ids["sofie"])
        heard = frozenset({"CaseNotForDecision"})
        await post_once_heard(an, self._session("/prepared"), prepared, not_yet=heard, if_match='"0"')
        self._told("An (coordinator)", "prepares a decision for the chair")

    async def an_cancels(self) -> None:
        """The session will not be held; the case awaits another one."""
        an = self.table["an"]
        planned = await an.get(self._session())
        await an.post(self._session("/cancel"), {}, if_match=planned.etag)
        await self._case_becomes("LISTED")
        self._told("An (coordinator)", f"cancels it: {self.code} awaits another session")

    async def lieve_decides(self) -> None:
        """The chair decides to follow up; Sofie's dissent is recorded."""
        lieve = self.table["lieve"]
        opened = await lieve.get(self._session())
        item = next(item for item in opened.body["items"] if item["case_id"] == self.case)
        decision = self._pen.follow_up(item["agenda_item_id"], self.ids["nele"], self.ids["sofie"])
        heard = frozenset({"CaseNotForDecision", "PersonOutsideCircle"})
        path = self._session("/decisions")
        await post_once_heard(lieve, path, decision, not_yet=heard, if_match=opened.etag)
        self._told("Lieve (mayor)", f"decides to follow up, Sofie dissenting; Nele leads, review on {day(90)}")

    async def the_case_is_followed_up(self) -> None:
        """The decision reaches the case by event."""
        await self._case_becomes("FOLLOW_UP")
        case = await self.read_case("nele")
        assert [action["owner_id"] for action in case["actions"]] == [self.ids["nele"]]
        self._told("Nele (CAW)", f"reads her first action, due {case['actions'][0]['due_on']}: FOLLOW_UP")

    async def others_see_what_they_may(self) -> None:
        """The neighbour learns nothing, not even that the case exists; the DPO sees no content."""
        wim, tom = self.table["wim"], self.table["tom"]
        real, invented = await wim.send("GET", self._case()), await wim.send("GET", self._case_of(str(uuid4())))
        assert real.status_code == 404
        assert real.content == invented.content
        own = (await wim.get(f"/cells/{self.table.neighbour}/cases")).body["cases"]
        assert self.case not in str(own)
        self._told("Wim (next town)", "asks for the case and learns nothing: 404, as for one that does not exist")
        answer = await tom.send("GET", self._case())
        assert "contributions" not in answer.text or answer.json()["contributions"] == []
        assert "Voorbeeld" not in answer.text
        self._told("Tom (DPO)", f"asks for the case and reads no content: {answer.status_code}")

    async def audit_trail(self) -> list[dict[str, Any]]:
        """The entries about signal and case as the DPO finds them, oldest first, once all are there."""

        async def complete() -> list[dict[str, Any]] | None:
            entries = await self._entries(self.signal) + await self._entries(self.case)
            found = {entry["index"]: entry for entry in entries}
            actions = {json.loads(entry["leaf"])["action"] for entry in found.values()}
            return [found[index] for index in sorted(found)] if actions >= set(TOLD_ACTIONS) else None

        return await until("the log tells the whole story", complete)

    async def _entries(self, object_id: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        cursor = ""
        while True:
            query = {"object_id": object_id, "cursor": cursor}
            page = (await self.table["tom"].get(self.table.path("audit"), page_size=50, **query)).body
            entries += page["entries"]
            if not (cursor := page["next_cursor"]):
                return entries

    async def read_case(self, name: str) -> dict[str, Any]:
        """The case as this person reads it."""
        case: dict[str, Any] = (await self.table[name].get(self._case())).body
        return case

    async def _case_becomes(self, state: str) -> None:
        async def there() -> bool | None:
            cases = (await self.table["an"].get(self.table.path("cases"), state=state)).body["cases"]
            return self.case in {case["case_id"] for case in cases} or None

        await until(f"case {self.code} becomes {state}", there)

    def _case(self, rest: str = "") -> str:
        return self._case_of(self.case) + rest

    def _case_of(self, case: str) -> str:
        return self.table.path(f"cases/{case}")

    def _session(self, rest: str = "") -> str:
        return self.table.path(f"sessions/{self.session}{rest}")

    def _told(self, who: str, what: str) -> None:
        self._say(f"  {who:18} {what}")


def trail_lines(entries: list[dict[str, Any]], names: dict[str, str]) -> list[str]:
    """The audit trail for people: when, who, what, with which outcome."""
    lines = []
    for entry in entries:
        leaf = json.loads(entry["leaf"])
        who = names.get(entry.get("actor_id") or "", "a process")
        fields = ", ".join(leaf.get("fields", ()))
        lines.append(f"  {entry['index']:5} {leaf['at']} {who:10} {leaf['action']:20} {leaf['outcome']:6} {fields}")
    return lines


async def main() -> None:
    """Set a new town up, play the story at the demo town, and show what the log tells of it."""
    print("A new town, from the host's first act to an open table:")
    await play_once(Platform(running_instance(RUN)))
    async with demo_table(RUN) as table:
        story = Story(table)
        print("\nIn Vaartbeke, from signal to decision, as the people around the table do it:")
        await story.play()
        entries = await story.audit_trail()
        print(f"\nThe log of the cell, as its DPO reads it: {len(entries)} entries about this signal and case")
        print("\n".join(trail_lines(entries, {person_id: name for name, person_id in story.ids.items()})))


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (StartFailed, Problem, TimeoutError, httpx.HTTPError) as failure:
        sys.exit(f"{failure or type(failure).__name__}")
