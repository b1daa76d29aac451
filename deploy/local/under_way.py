"""What is under way in the demo: somebody invited who has not come, rules to accept, a deputy at work.

Through the front door, as people do it; each once, on the day the demo is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from deploy.local.agreeing import posted
from deploy.local.caller import Caller, Problem
from deploy.local.past import HEARD_WITHIN_SECONDS, PAUSE_SECONDS
from deploy.local.people import DEMO_PEOPLE
from deploy.local.progress import Progress
from deploy.local.towns import CAW, DECREE, DIJKGEM, HOUSE_RULES, VAARTBEKE
from services.kit.clock import local_date, utc_now

Ask = Callable[[str], Caller]
GUEST = ("Farah", "El Amrani", "farah.el.amrani@caw-kanaal.example")
SOON = timedelta(days=10)
"""From then on the next version of the rules is in force."""
WEEK = timedelta(days=6)
NEXT_RULES = {
    "text_nl": HOUSE_RULES["text_nl"] + "\n- Wie iets niet weet, zegt dat.",
    "text_fr": HOUSE_RULES["text_fr"] + "\n- Qui ne sait pas quelque chose le dit.",
}
AGREED = ("an", "lieve", "karim")
"""Who accepted them already; the others find them on their start page."""
HOLDER, DEPUTY = "ilse", "hanne"
TOLD = {
    "person": {"given_name": "Senne", "family_name": "Verbeeck", "address": "Dijkpad 11, Dijkgem"},
    "observed": "Senne komt niet meer naar het jeugdhuis. Op het plein deelt hij folders uit die haat zaaien.",
    "tried": "Een buurtwerker sprak hem twee keer aan.",
    "reason": "Wij weten niet wie hem die folders geeft.",
    "urgent": False,
    "minor": False,
    "language": "nl",
}


class UnderWay:
    """Two furnished towns, by the ids of their cells, and their people."""

    def __init__(self, progress: Progress, person: Ask, vaartbeke: str, dijkgem: str) -> None:
        self._progress = progress
        self._person = person
        self._vaartbeke = f"/cells/{vaartbeke}"
        self._dijkgem = f"/cells/{dijkgem}"

    async def begin(self) -> None:
        """All of it, or what is left of it."""
        await self._once("a guest is invited", self._invites_a_guest)
        rules = await self._once("the next rules are written", self._writes_the_next_rules)
        await self._once("the next rules are decided on", partial(self._decides, rules))
        for name in AGREED:
            await self._once(f"{name} accepts the next rules", partial(self._accepts, rules, name))
        await self._once("a deputy is named", self._names_a_deputy)
        await self._once("the holder is away", self._marks_absent)
        await self._once("the deputy acts", self._deputy_acts)

    async def _once(self, step: str, do: Callable[[], Awaitable[str]]) -> str:
        return await self._progress.once(step, do)

    async def _invites_a_guest(self) -> str:
        given_name, family_name, email = GUEST
        today = local_date(utc_now())
        body = {
            "email": email, "given_name": given_name, "family_name": family_name, "kbo_number": CAW,
            "role": "participant", "nis_codes": [VAARTBEKE.nis_code], "from": today.isoformat(),
            "to": (today + timedelta(days=365)).isoformat(), "legal_basis": DECREE, "language": "nl",
            "note": "Welkom, Farah. Nele vertelt je graag hoe wij werken.",
        }  # fmt: skip
        return await self._posted("an", f"{self._vaartbeke}/mandates", body, existing="InvitationExists")

    async def _writes_the_next_rules(self) -> str:
        (first,) = (await self._person("an").get(f"{self._vaartbeke}/rules", kind="internal_rules")).body["rules"]
        body = {"kind": "internal_rules", "follows": first["rules_id"]} | NEXT_RULES
        return await self._posted("an", f"{self._vaartbeke}/rules", body)

    async def _decides(self, rules: str) -> str:
        path, first_day = f"{self._vaartbeke}/rules/{rules}/decide", local_date(utc_now()) + SOON
        return await self._posted("lieve", path, {"from": first_day.isoformat()}, '"1"', existing="VersionChanged")

    async def _accepts(self, rules: str, name: str) -> str:
        path = f"{self._vaartbeke}/rules/{rules}/accept"
        return await self._posted(name, path, {}, '"2"', existing="RulesAccepted")

    async def _names_a_deputy(self) -> str:
        mandates = await self._mandates()
        deputy, body = mandates[DEPUTY], {"holder_id": mandates[HOLDER]["mandate_id"], "when": "absent"}
        if deputy.get("deputy_of"):
            return "existed"
        path = f"{self._dijkgem}/mandates/{deputy['mandate_id']}/deputy"
        return await self._posted("wim", path, body, f'"{deputy["version"]}"')

    async def _marks_absent(self) -> str:
        today, holder = local_date(utc_now()), (await self._mandates())[HOLDER]
        days = {"first_day": today.isoformat(), "last_day": (today + WEEK).isoformat()}
        path = f"{self._dijkgem}/mandates/{holder['mandate_id']}/absences"
        return await self._posted(HOLDER, path, days, existing="AbsenceOverlaps")

    async def _deputy_acts(self) -> str:
        """A signal, once the case service has heard that it is the deputy's turn."""
        async with asyncio.timeout(HEARD_WITHIN_SECONDS):
            while True:
                try:
                    return await self._posted(DEPUTY, f"{self._dijkgem}/signals", TOLD | {"nis_code": DIJKGEM.nis_code})
                except Problem as problem:
                    if problem.status != httpx.codes.NOT_FOUND:
                        raise
                await asyncio.sleep(PAUSE_SECONDS)

    async def _mandates(self) -> dict[str, Any]:
        """Of Dijkgem, by the name of the person, as the coordinator sees them."""
        found = (await self._person("wim").get(f"{self._dijkgem}/mandates", page_size=50)).body["mandates"]
        by_name = {f"{mandate['given_name']} {mandate['family_name']}": mandate for mandate in found}
        return {name: by_name[DEMO_PEOPLE[name][0]] for name in (HOLDER, DEPUTY)}

    async def _posted(
        self, name: str, path: str, body: dict[str, Any], if_match: str | None = None, *, existing: str = ""
    ) -> str:
        return await posted(self._person(name), path, body, existing=existing, if_match=if_match)
