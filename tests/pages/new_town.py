"""From the host's terminal to an open table: a new town, as its first people set it up on the pages.

Nobody of them has an account. What each needs comes by letter: a link to password and second step, and an invitation
with a code. Pages are known by their words alone, in the language of each person's browser.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import date, timedelta
from typing import ClassVar

from deploy.local.platform import Platform
from deploy.local.towns import LAW, MUNICIPALITY, POLICE
from services.kit.clock import local_date, utc_now
from tests.browser import Contexts
from tests.e2e.test_cli import rondetafel
from tests.e2e.waiting import until
from tests.pages.keyboard import Keyboard
from tests.pages.line import Words
from tests.pages.newcomers import LINK, Newcomer, found_in, letter_to, sets_up_sign_in
from tests.pages.tabbing import tab_stops
from tests.pages.visitor import Visitor, visiting

DANGER = "Wachtdienst preventie, 016 00 00 00"
READY = "Everything is there. Once you open the table, cases can be proposed. It is not closed again."
CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)


class NewTown:
    """The town and who comes there, by the name of their role; in French and Dutch, by every hand."""

    def __init__(self, platform: Platform, contexts: Contexts, people: Mapping[str, Newcomer]) -> None:
        self.platform = platform
        self.contexts = contexts
        self.people = people
        self.tag = secrets.token_hex(4)
        self.name = f"Nieuwveld {self.tag}"
        self.cell = ""
        self._at: dict[str, Visitor] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> NewTown:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    def __getitem__(self, role: str) -> Visitor:
        return self._at[role]

    def say(self, role: str) -> Words:
        """The words this person reads."""
        return Words(self.people[role].language)

    def path(self, rest: str) -> str:
        """An address in the cell."""
        return f"/cells/{self.cell}/{rest}"

    def email(self, role: str) -> str:
        """Where this person is written to."""
        return f"{role.replace('_', '-')}@{self.tag}.example"

    async def is_founded(self, nis_code: str) -> None:
        """The host makes the cell, makes the municipality known, and invites mayor and coordinator."""
        told = await self._host("cell", "create", "--nis", nis_code, "--name", self.name)
        self.cell = told.split()[1]
        for kbo_number, name, kind in ((MUNICIPALITY, "Gemeente Vaartbeke", "municipality"), (POLICE, "PZ", "police")):
            await rondetafel(
                self.platform.instance.root, "organisation", "register", "--kbo", kbo_number, "--name", name,
                "--kind", kind,
            )  # fmt: skip
        for role in ("mayor", "coordinator"):
            who, (first, last) = self.people[role], self._days()
            await self._host(
                "person", "invite", "--cell", self.cell, "--email", self.email(role), "--given-name", who.given_name,
                "--family-name", who.family_name, "--kbo", who.kbo_number, "--role", role, "--from", first.isoformat(),
                "--to", last.isoformat(), "--legal-basis", LAW, "--language", who.language,
            )  # fmt: skip

    async def comes(self, role: str) -> None:
        """From both letters, by password, second step, code and promise, to the table."""
        who, say = self.people[role], self.say(role)
        visit = visiting(self.contexts, f"{role}-{self.tag}", who.by, who.look, signed_in=False)
        visitor = self._at[role] = await self._open.enter_async_context(visit)
        await sets_up_sign_in(self.platform, visitor, who, self.email(role))
        letter = await letter_to(self.platform, self.email(role), "/invitation/")
        await visitor.watched.open(found_in(letter, LINK))
        await visitor.reads(say("You are invited to the table"))
        await self._can_be_tabbed(visitor)
        if await visitor.watched.page.get_by_role("link", name=say("Go on to sign in")).count():
            await visitor.follow(say("Go on to sign in"))
            await visitor.answer_sign_in()
        code = found_in(letter, CODE)
        await visitor.fill(re.compile(say("The code of the letter")), code.lower().replace("-", " "))
        await visitor.press_button(say("Come to the table"))
        await visitor.reads(say("What you hear here stays here"))
        await self._can_be_tabbed(visitor)
        await visitor.choose(say("I have read this text, and I promise it"))
        await visitor.press_button(say("Go on to the table"))

        async def at_the_table() -> bool | None:
            """The other services hear of the promise within a second."""
            await visitor.open(self.path("").rstrip("/"))
            return not visitor.at.startswith(self.path("undertaking")) or None

        await until(f"{role} is at the table", at_the_table)
        await visitor.reads(self.name)

    async def is_set_up(self) -> None:
        """Whatever line the list shows as missing is done, by who does it, one after the other."""
        coordinator, say = self["coordinator"], self.say("coordinator")
        done: list[str] = []
        while (line := await self._next_missing()) is not None:
            assert line not in done, f"{line} was done, and the list does not say so"
            assert line in self._DOES, f"the list has a line nobody here knows how to do: {line}"
            await self._DOES[line](self, line)
            done.append(line)
        await coordinator.open(self.path("set-up"))
        await coordinator.reads(say(READY))

    async def is_opened(self) -> None:
        """The coordinator opens it, and everybody who reads the list reads that."""
        coordinator, say = self["coordinator"], self.say("coordinator")
        await coordinator.press_button(say("Open the table"))
        await coordinator.reads(say("The table is open. From now on cases can be proposed."))
        await self["mayor"].open(self.path("set-up"))
        say = self.say("mayor")
        today = say.language.day(local_date(utc_now()), weekday=False)
        await self["mayor"].reads(say("This table is open since %(day)s, and has everything it needs.", day=today))

    async def invites(self, giver: str, role: str) -> None:
        """By the form, read once more, and sent."""
        by, say, who = self[giver], self.say(giver), self.people[role]
        await by.open(self.path("set-up"))
        await by.follow(say.of("set_up_line", SEAT_OF[role]))
        await by.follow(say("Invite somebody"))
        for label, text in (
            ("Given name", who.given_name), ("Family name", who.family_name), ("E-mail address", self.email(role)),
            ("Number of the organisation", who.kbo_number),
        ):  # fmt: skip
            await by.fill(say(label), text)
        await by.choose(LANGUAGES[who.language], within=say("In which language is the letter?"))
        await by.choose(say.of("role", who.role), within=say("As what does this person come?"))
        for legend, day in zip(("First day", "Last day"), self._days(), strict=True):
            await self._writes_day(by, say, legend, day)
        basis = by.watched.page.locator(f"[name=legal_basis][value={LAW}]")
        label = await by.watched.page.locator(f"label[for={await basis.get_attribute('id')}]").inner_text()
        await by.choose(label.strip(), within=say("On which legal basis?"))
        if who.cleared:
            await self._writes_day(by, say, "Last day of the clearance", self._days()[1])
        await by.press_button(say("Go on"))
        await by.reads(say("Is this whom you invite?"), f"{who.given_name} {who.family_name}", self.email(role))
        await by.press_button(say("Send the invitation"))
        await by.reads(say("The letter goes out in a moment. Who comes with its code gets the mandate."))

    async def _next_missing(self) -> str | None:
        coordinator, say = self["coordinator"], self.say("coordinator")
        await coordinator.open(self.path("set-up"))
        lines = await coordinator.watched.page.locator("ul.todo > li").all_inner_texts()
        for line in lines:
            if say("still missing") in line or say("may wait") in line:
                told = line.strip().splitlines()[0]
                return next(code for code, name in say.labels.all("set_up_line").items() if name == told)
        return None

    async def _seat(self, line: str) -> None:
        role = next(role for role, seat in SEAT_OF.items() if seat == line)
        await self.invites("mayor" if line == "dpo" else "coordinator", role)
        await self.comes(role)

    async def _rules(self, line: str) -> None:
        """The coordinator puts the model text before the mayor, who decides that it is in force from today on."""
        by, say = await self._says(line)
        kind = say.labels.of("rules_kind", "internal_rules")
        await by.follow(re.compile(f"{say('Write a new version')}.*{kind}", re.IGNORECASE))
        await by.follow(say("Begin from the model text of the platform"))
        await by.press_button(say("Put it before the mayor"))
        mayor, say = self["mayor"], self.say("mayor")
        await mayor.open(by.at.partition("?")[0])
        await mayor.follow(say("Decide"))
        await mayor.choose(say("It will be in force"))
        await self._writes_day(mayor, say, "First day", local_date(utc_now()))
        await mayor.press_button(say("Go on"))
        await mayor.press_button(say("Decide"))

    async def _deputy(self, line: str) -> None:
        """Another coordinator is invited, comes, and stands in while the first is absent."""
        await self.invites("coordinator", "deputy")
        await self.comes("deputy")
        by, say, names = self["coordinator"], self.say("coordinator"), self.people
        called = f"{names['deputy'].given_name} {names['deputy'].family_name}"
        await by.open(self.path("mandates"))
        await by.unfold(say("Change something for %(name)s", name=called))
        await by.follow(say("Make %(name)s a deputy", name=called))
        first = re.compile(f"{names['coordinator'].given_name} {names['coordinator'].family_name}")
        await by.choose(first, within=say("Who is replaced?"))
        await by.choose(say.of("deputy_turn", "absent"), within=say("When?"))
        await by.press_button(say("Go on"))
        await by.press_button(say("Name the deputy"))

    async def _dpia(self, line: str) -> None:
        by, say = await self._says(line)
        await by.fill(say("Its number, title or place"), "GEB 2026/4")
        await self._writes_day(by, say, "Day of the assessment", local_date(utc_now()))
        await by.press_button(say("Keep it"))

    async def _danger_contact(self, line: str) -> None:
        by, say = await self._says(line)
        await by.fill(say("Who, how and when"), DANGER)
        await by.press_button(say("Keep it"))

    async def _contact(self, line: str) -> None:
        by, say = await self._says(line)
        await by.fill(say("E-mail address of the municipality"), f"veiligheid@{self.tag}.example")
        await by.press_button(say("Keep it"))

    async def _colour(self, line: str) -> None:
        by, say = await self._says(line)
        await by.fill(say("Colour of the pages"), "#1b6c68")
        await by.press_button(say("Keep it"))

    async def _says(self, line: str) -> tuple[Visitor, Words]:
        by, say = self["coordinator"], self.say("coordinator")
        await by.follow(say.of("set_up_line", line))
        return by, say

    _DOES: ClassVar[Mapping[str, Callable[[NewTown, str], Awaitable[None]]]] = {
        "police": _seat, "prevention": _seat, "dpo": _seat, "rules": _rules, "deputy": _deputy, "dpia": _dpia,
        "danger_contact": _danger_contact, "contact": _contact, "colour": _colour,
    }  # fmt: skip

    async def _can_be_tabbed(self, visitor: Visitor) -> None:
        """Whoever has keys alone reaches each stop of the present page, and sees where the focus is."""
        if isinstance(visitor.hand, Keyboard):
            assert await tab_stops(visitor.watched) == []

    async def _writes_day(self, by: Visitor, say: Words, legend: str, day: date) -> None:
        for part in ("Day", "Month", "Year"):
            await by.fill(say(part), str(getattr(day, part.lower())), within=say(legend))

    async def _host(self, *arguments: str) -> str:
        code, told = await rondetafel(self.platform.instance.root, *arguments)
        assert code == 0, told
        return told

    @staticmethod
    def _days() -> tuple[date, date]:
        today = local_date(utc_now())
        return today, today + timedelta(days=700)


SEAT_OF = {"information_officer": "police", "prevention_officer": "prevention", "dpo": "dpo", "deputy": "deputy"}
"""The line that each of those who are invited fills."""
LANGUAGES = {"nl": "Nederlands", "fr": "Français"}
