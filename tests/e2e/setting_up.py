"""A new town, from the host's first act to an open table, told by its first people: `make demo` begins with it.

Knows only the platform's public address, the letters of its catcher, and tokens of the real code flow; imports nothing
of services/. What is there already is left as it is, so it can be told again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from deploy.local.caller import Caller, Problem, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.demo import seeder
from deploy.local.invited import code_of
from deploy.local.people import People, Person
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import LAW, MUNICIPALITY, POLICE
from tests.e2e.bodies import day

Say = Callable[[str], None]
NAME, NIS_CODE = "Molenwijk (demo)", "23003"
"""Invented; a cell needs the code of a real town."""
DOMAIN = "molenwijk.example"
FOUNDED_BY_HOST = ("coordinator", "mayor")
RULES = {
    "kind": "internal_rules",
    "text_nl": "# Waarvoor\n\nWij helpen mensen tijdig.\n\n- Wij delen alleen wat nodig is.",
    "text_fr": "# Pourquoi\n\nNous aidons des personnes à temps.\n\n- Nous ne partageons que ce qu'il faut.",
}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who comes, as what, for whom; `language` is that of the letter."""

    name: str
    full_name: str
    role: str
    called: str
    kbo_number: str = MUNICIPALITY
    language: str = "nl"


PEOPLE = (
    Newcomer("mieke", "Mieke Aelbrecht", "coordinator", "Mieke (coordinator)"),
    Newcomer("luc", "Luc Lambert", "mayor", "Luc (mayor)", language="fr"),
    Newcomer("samira", "Samira Idrissi", "information_officer", "Samira (police)", POLICE),
    Newcomer("bart", "Bart Nuyts", "prevention_officer", "Bart (prevention)"),
    Newcomer("lotte", "Lotte Cools", "dpo", "Lotte (DPO)"),
)
"""The coordinator comes before the mayor: from then on the cell gives its mandates itself."""


class SettingUp:
    """The steps, in order; `cell` is known once the host has made it."""

    def __init__(
        self, platform: Platform, host: Caller, people: Mapping[str, Caller], emails: Mapping[str, str], town: str,
        nis_code: str, say: Say = print,
    ) -> None:  # fmt: skip
        self.cell = ""
        self._platform = platform
        self._host = host
        self._people = people
        self._emails = emails
        self._town = town
        self._nis_code = nis_code
        self._say = say

    async def play(self) -> None:
        """From nothing to an open table. Raises Problem or TimeoutError at what goes otherwise."""
        await self.the_host_makes_a_cell()
        for who in PEOPLE:
            await self.comes(who)
        await self.the_table_needs(9)
        await self.they_agree_and_say()
        await self.the_table_needs(0)
        await self.it_is_opened()

    async def the_host_makes_a_cell(self) -> None:
        """For one town, with nobody in it; the organisations are known by their numbers."""
        made = await self._host.post("/cells", {"nis_codes": [self._nis_code], "name": self._town})
        self.cell = made.body["id"]
        self._told("The host", f"makes the cell {self._town}, in which nobody sits: {made.body['state']}")
        for kbo_number, name, kind in (
            (MUNICIPALITY, "Gemeente Vaartbeke", "municipality"), (POLICE, "Politiezone Vaart", "local_police"),
        ):  # fmt: skip
            known = {"kbo_number": kbo_number, "name": name, "kind": kind}
            if (await self._host.send("POST", "/organisations", json=known, headers=_key(kbo_number))).is_success:
                self._told("The host", f"makes {name} known")

    async def comes(self, who: Newcomer) -> None:
        """Invited by the host as the first of the kind, else by the coordinator; a letter, its code, the promise."""
        giver = self._host if who.role in FOUNDED_BY_HOST else self._people["mieke"]
        invitation = (await giver.post(self._path("mandates"), self._invitation(who))).body["id"]
        person, code = self._people[who.name], await code_of(self._platform.instance, invitation)
        await person.post(self._path(f"invitations/{invitation}/accept"), {"code": code})
        mine = next(mine for mine in (await person.get("/me")).body["cells"] if mine["cell_id"] == self.cell)
        await person.post(self._path("undertakings"), {"text_version": mine["undertaking_text_version"]})
        by = "the host" if who.role in FOUNDED_BY_HOST else "Mieke"
        self._told(who.called, f"is invited by {by}, comes with the code of the letter, and promises secrecy")

    async def the_table_needs(self, most: int) -> None:
        """What the list of lines says, as the coordinator reads it."""
        lines = (await self._people["mieke"].get(self._path("set-up"))).body["lines"]
        missing = [line["code"] for line in lines if not line["done"] and not line["optional"]]
        assert len(missing) <= most, missing
        self._told("Mieke (coordinator)", f"reads what is missing: {', '.join(missing) or 'nothing any more'}")

    async def they_agree_and_say(self) -> None:
        """Rules that the mayor decides on, the impact assessment, whom to reach in danger, where letters go."""
        mieke, luc = self._people["mieke"], self._people["luc"]
        drafted = await mieke.post(self._path("rules"), RULES)
        first_day = {"from": day(0)}
        await luc.post(self._path(f"rules/{drafted.body['id']}/decide"), first_day, if_match=drafted.etag)
        self._told("Luc (mayor)", "decides on the internal rules that Mieke wrote: in force from today on")
        for verb, said in (
            ("dpia", {"reference": "GEB 2026/4", "on": day(-1)}),
            ("danger-contact", {"danger_contact": "Wachtdienst preventie, 016 00 00 00"}),
            ("contact", {"contact": f"veiligheid@{DOMAIN}"}),
        ):
            version = (await mieke.get(self._path("set-up"))).etag
            await mieke.post(self._path(verb), said, if_match=version)
        self._told("Mieke (coordinator)", "says where the assessment is, whom to reach in danger, where letters go")

    async def it_is_opened(self) -> None:
        """Content opens 72 hours after the host gave the first mandates."""
        opened = await self._people["mieke"].post(self._path("open"), {})
        self._told("Mieke (coordinator)", f"opens the table: {opened.body['state']}")
        mandates = (await self._people["mieke"].get(self._path("mandates"), page_size=50)).body["mandates"]
        opens = max(mandate["opens_at"] for mandate in mandates if mandate.get("opens_at"))[:16].replace("T", " ")
        self._told("", f"from {opens} on (UTC) its people read and write: until then the town can say that it is wrong")

    def _invitation(self, who: Newcomer) -> dict[str, Any]:
        given_name, _, family_name = who.full_name.partition(" ")
        cleared = {"clearance_until": day(600)} if who.role == "information_officer" else {}
        return {
            "email": self._emails[who.name], "given_name": given_name, "family_name": family_name,
            "kbo_number": who.kbo_number, "role": who.role, "nis_codes": [self._nis_code], "from": day(0),
            "to": day(600), "legal_basis": LAW, "language": who.language,
        } | cleared  # fmt: skip

    def _path(self, rest: str) -> str:
        return f"/cells/{self.cell}/{rest}"

    def _told(self, who: str, what: str) -> None:
        self._say(f"  {who:19} {what}")


@asynccontextmanager
async def setting_up(
    platform: Platform, *, town: str = NAME, nis_code: str = NIS_CODE, tag: str = "", say: Say = print
) -> AsyncIterator[SettingUp]:
    """The story with its people, who have accounts and no mandate; `tag` makes them namesakes."""
    names = {who.name: f"{who.name}-{tag}" if tag else who.name for who in PEOPLE}
    domain = f"{tag}.example" if tag else DOMAIN
    invented = [Person.invent(names[who.name], who.full_name, domain) for who in PEOPLE]
    async with platform.keycloak.admin() as admin:
        await People(platform.instance).add(admin, invented)
    flow, instance = CodeFlow(platform.instance), platform.instance
    emails = {who.name: flow.people[names[who.name]].email for who in PEOPLE}
    async with (
        api_client(instance.portal_url) as http,
        seeder(platform, Progress(instance.root / "setting-up.json")) as town_hall,
    ):
        people = {
            name: Caller(http, lambda account=account: flow.token(account))  # type: ignore[misc]
            for name, account in names.items()
        }
        yield SettingUp(platform, town_hall.host, people, emails, town, nis_code, say)


async def play_once(platform: Platform, say: Say = print) -> None:
    """Play it, unless this town is there. Raises Problem or TimeoutError at what goes otherwise."""
    async with setting_up(platform, say=say) as story:
        try:
            await story.play()
        except Problem as problem:
            if problem.code != "CellExists":
                raise
            say(f"  {NAME} was set up before; `make reset` and `make run` make all anew")


def _key(text: str) -> Mapping[str, str]:
    return {"Idempotency-Key": f"known-{text}"}
