"""The whole line, from signal to decision, as seven people live it on the pages: what story.py tells over the API.

Knows the pages as people do: by their words, in the language of the browser. `Words` looks an English message up in the
catalogue of that language.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta

from services.kit.clock import BRUSSELS, local_date, utc_now
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import NAMES, Language, Languages
from tests.e2e.table import Table
from tests.e2e.waiting import until
from tests.pages.visitor import Visitor

GUESTS = {
    "nele": ("family", "Zij zoekt weer contact met haar zus."),
    "sofie": ("leisure", "Zij traint weer elke week."),
}
LEFT_OUT = "Dit zinnetje blijft bij mij."
LOOK_AGAIN = "Nothing is done yet. Read it once more, then go on."
PRESENT = ("lieve", "karim", "joris", "an", "nele", "sofie")
ACTION = "Belt elke week met haar zus."
PERSON = ("Robin", "Voorbeeld")


class Words:
    """What the pages call things in one language."""

    def __init__(self, code: str) -> None:
        self.language: Language = Languages()[code]
        self.labels = Labels(self.language)

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language."""
        return self.language.text(message, **values)

    def of(self, kind: str, code: str) -> re.Pattern[str]:
        """A code in words, such as of("place", "town_hall"); pages may begin it with a capital."""
        return re.compile(rf"^\s*{re.escape(self.labels.of(kind, code))}\s*$", re.IGNORECASE)


class Line:
    """The steps, in order; `case` and `session` are addresses, known once their step was played."""

    def __init__(self, table: Table, people: Mapping[str, Visitor], words: Words, *, live: bool = True) -> None:
        """`live`: the open page of a session keeps itself up to date; without scripts people load it again."""
        self.table = table
        self.people = people
        self.say = words
        self.live = live
        self.case = self.code = self.session = ""

    def __getitem__(self, name: str) -> Visitor:
        return self.people[name]

    async def play(self) -> None:
        """The whole line. Raises AssertionError or TimeoutError at what goes otherwise."""
        for name in (*PRESENT, "tom"):
            await self.sign_in(self[name])
        await self.nele_passes_on_a_signal()
        await self.an_asks_the_police()
        await self.karim_has_no_objection()
        await self.an_proposes_a_case()
        await self.lieve_lists_it()
        await self.an_composes_the_circle()
        for name in GUESTS:
            await self.share(self[name], *GUESTS[name])
        await self.an_plans_a_session()
        await self.lieve_opens_it()
        await self.lieve_decides_before_all()
        await self.tom_reads_no_content()
        await self.sign_out(self["nele"])

    async def sign_in(self, person: Visitor) -> None:
        """From the start page, its single field and button, through Keycloak's pages, to what waits."""
        say = self.say
        await person.open("/")
        await person.fill(say("Your e-mail address at work"), person.email)
        await person.press_button(say("Go on to sign in"))
        await person.answer_sign_in()
        await person.reads(say("What waits for you"))

    async def nele_passes_on_a_signal(self) -> None:
        """Two minutes; then it is said what happens next."""
        nele, say = self["nele"], self.say
        await nele.open(self.table.path("signals/new"))
        await nele.fill(say("What did you see or hear?"), "Trekt zich terug en praat over geweld.")
        await nele.fill(say("What did you try already?"), "Drie gesprekken.")
        await nele.fill(say("First name"), PERSON[0])
        await nele.fill(say("Family name"), PERSON[1])
        await nele.choose(say("Yes, or perhaps"))
        await nele.press_button(say("Send the signal"))
        assert nele.status == 422, "why it is brought to the table is missing"
        await nele.holds(say("First name"), PERSON[0])
        async for words in self._in_both_languages(nele):
            await nele.holds(words("First name"), PERSON[0])
            await nele.does_not_read(words("Something is missing or not right yet"))
        await nele.fill(say("Why do you bring this to the table?"), "Wij zien maar een stuk van de puzzel.")
        await nele.press_button(say("Send the signal"))
        assert nele.at.endswith("/thanks"), nele.at

    async def _in_both_languages(self, person: Visitor) -> AsyncIterator[Words]:
        """The present page in the other language, and back: what was typed stays, also between a form and its act."""
        own = self.say.language.code
        for code in ("nl" if own == "fr" else "fr", own):
            await person.press_button(NAMES[code])
            yield Words(code)

    async def _looked_at(self, person: Visitor, button: str) -> None:
        """The button of the form, then the one of the page between, which is called alike."""
        await person.press_button(button)
        await person.reads(self.say(LOOK_AGAIN))
        await person.press_button(button)

    async def an_asks_the_police(self) -> None:
        """From what waits, by the signal."""
        an, say = self["an"], self.say
        await an.open("/")
        await an.follow(say("Look at the signal of %(organisation)s", organisation="CAW Kanaal"))
        await an.reads("Drie gesprekken.")
        await an.follow(say("Ask the police"))
        await an.press_button(say("Yes, ask the police"))
        await an.reads(say("Propose without waiting"))

    async def karim_has_no_objection(self) -> None:
        """He reads whom it is about, and nothing of what was told."""
        karim, say = self["karim"], self.say
        await karim.open("/")
        await karim.follow(say("Answer the coordinator: does anything stand against a signal?"))
        await karim.reads(*PERSON)
        await karim.does_not_read("Drie gesprekken.")
        await karim.choose(say("No objection"))
        await karim.press_button(say("Answer"))
        await karim.reads(say("You answered that you have no objection."))

    async def an_proposes_a_case(self) -> None:
        """From what waits again, by the answer of the police, to the arguments."""
        an, say = self["an"], self.say
        await an.open("/")
        await an.follow(say("Go on with a signal"))
        await an.reads(say("The police have no objection."))
        await an.follow(say("Propose as a case"))
        await an.select(say("Criterion"), say.of("criterion", "isolation"), within=say("Your strongest argument"))
        await an.choose(say.of("evidence", "observation"), within=say("Your strongest argument"))
        await self._day(an, say("Of which day?"), local_date(utc_now()) - timedelta(days=7))
        argument = say("Why does this matter for preventing terrorist offences?")
        await an.fill(argument, "Zoekt gewelddadig materiaal op.", within=say("Your strongest argument"))
        await an.fill(say("What is best for this child?"), "Snelle steun op school.")
        await an.press_button(say("Propose to the mayor"))
        self.case = an.at.partition("?")[0]
        self.code = re.findall(r"\S+", (await an.watched.page.title()).removesuffix(" - Rondetafel"))[-1]

    async def lieve_lists_it(self) -> None:
        """The mayor decides on the list, from what waits."""
        lieve, say = self["lieve"], self.say
        await lieve.open("/")
        await lieve.follow(say("Decide whether case %(code)s goes on the list", code=self.code))
        await lieve.reads("Zoekt gewelddadig materiaal op.")
        await lieve.choose(say("It comes before the table"))
        await lieve.fill(say("Why?"), "De partners vragen samen overleg.")
        await lieve.press_button(say("Decide"))
        async for words in self._in_both_languages(lieve):
            await lieve.reads(words(LOOK_AGAIN), "De partners vragen samen overleg.")
        await lieve.press_button(f"{say('Change')} {say('Why?')}")
        assert lieve.at.endswith("#reasons"), lieve.at
        await lieve.holds(say("Why?"), "De partners vragen samen overleg.")
        await self._looked_at(lieve, say("Decide"))
        await lieve.does_not_read(say(LOOK_AGAIN))

    async def an_composes_the_circle(self) -> None:
        """Nele and Sofie are invited, each for a domain of life."""
        an, say = self["an"], self.say
        for name, (domain, _) in GUESTS.items():
            await an.open(f"{self.case}/circle")
            await an.follow(say("Invite somebody"))
            await an.select(say("Whom do you invite?"), re.compile(name.capitalize()))
            await an.press_button(say("Go on"))
            await an.choose(say.of("life_domain", domain))
            await an.fill(say("Why is this person needed?"), "Kent de situatie van nabij.")
            await an.press_button(say("Go on"))
            await an.press_button(say("Go on"))
            await an.reads(say(LOOK_AGAIN))
            await an.press_button(say("Invite"))
            assert an.at.endswith("?invited=1"), await an.text()

    async def share(self, author: Visitor, domain: str, sentence: str) -> None:
        """Written for oneself, then the five questions; one of two sentences is shared."""
        say = self.say
        await author.open(f"{self.case}/contribution")
        await author.fill(say("What did you see or hear?"), f"{sentence} {LEFT_OUT}")
        await author.select(say("What is it mostly about?"), say.of("life_domain", domain))
        await author.press_button(say("Save and go on"))
        await author.follow(say("Choose what I share"))
        await author.fill(say("What would the others miss without it?"), "Zonder dit missen zij wat draagt.")
        await author.press_button(say("Go on"))
        await author.choose(say.of("informed", "informed"))
        await author.press_button(say("Go on"))
        await author.choose(sentence)
        await author.press_button(say("Go on"))
        await author.fill(say("Why does it help more than it costs?"), "Enkel wat nodig is voor de steun.")
        await author.press_button(say("Go on"))
        await author.press_button(say("Share with the circle"))
        await author.reads(say("Shared with the circle"), sentence, LEFT_OUT)
        await author.open(self.case)
        await author.reads(sentence)
        await author.does_not_read(LEFT_OUT)

    async def an_plans_a_session(self) -> None:
        """The case stands among those to choose from; the meeting service may hear of it a moment later."""
        an, say = self["an"], self.say
        now = utc_now().astimezone(BRUSSELS)
        await an.open(self.table.path("sessions/new"))
        await self._day(an, say("Which day?"), now.date())
        await an.fill(say("Begins at"), f"{now:%H.%M}", within=say("From when until when?"))
        await an.choose(say.of("place", "town_hall"))
        await an.choose(self.code)
        await an.press_until_left(say("Plan the session"))
        self.session = an.at
        await an.reads(self.code)

    async def lieve_opens_it(self) -> None:
        """The three mandatory seats are there, secrecy is declared."""
        lieve, say = self["lieve"], self.say
        await lieve.open(self.session)
        for name in PRESENT:
            await lieve.choose(re.compile(name.capitalize()), within=say("Who is present?"))
        await lieve.choose(say("The secrecy of this session was declared"))
        await self._looked_at(lieve, say("Open the session"))
        await lieve.follow(say("Go to the case"))
        await lieve.reads(*(sentence for _, sentence in GUESTS.values()))
        await lieve.does_not_read(LEFT_OUT)

    async def lieve_decides_before_all(self) -> None:
        """Karim, Joris and the guests have the page open; the decision appears to them."""
        say, reasons = self.say, "Samen zien wij aanknopingspunten voor steun."
        watching = [self[name] for name in ("karim", "joris", "nele", "sofie")]
        for person in watching:
            await person.open(self["lieve"].at)
            await person.reads(GUESTS["nele"][1], GUESTS["sofie"][1])
        await self.an_prepares(reasons)
        await self._decide(self["lieve"], reasons)
        for person in watching:
            await (person.reads(reasons) if self.live else person.reads_in_time(reasons))
        await self["nele"].open(self.case)
        await self["nele"].reads_in_time(say("The plan"), reasons, ACTION)

    async def an_prepares(self, reasons: str) -> None:
        """The coordinator writes down what the table says, and puts it to the chair."""
        an, say = self["an"], self.say
        await an.open(self["lieve"].at)
        await an.follow(say("Prepare the decision"))
        await an.reads(*(sentence for _, sentence in GUESTS.values()))
        await an.choose(say.of("outcome", "follow_up"))
        await an.fill(say("Why?"), reasons)
        await an.fill(say("What will be done?"), ACTION, within=say("What is agreed"))
        await an.select(say("What is it about?"), say.of("life_domain", "family"), within=say("What is agreed"))
        await an.select(say("Who does it?"), re.compile("Nele"), within=say("What is agreed"))
        await self._day(an, say("By when?"), local_date(utc_now()) + timedelta(days=30))
        await an.press_button(say("Put it to the chair"))
        await an.reads(say("Prepared: %(outcome)s", outcome=say.labels.of("outcome", "follow_up")))

    async def tom_reads_no_content(self) -> None:
        """The DPO sees the log, and no content of the case."""
        tom = self["tom"]
        await tom.open(self.case)
        await tom.does_not_read(*PERSON, *(sentence for _, sentence in GUESTS.values()))
        await tom.open(self.table.path("log"))
        await tom.reads_in_time(self.code)

    async def sign_out(self, person: Visitor) -> None:
        """By the button at the foot of each page."""
        await person.press_button(self.say("Sign out"))
        await person.reads(self.say("You are signed out."))

    async def _decide(self, chair: Visitor, reasons: str) -> None:
        say = self.say
        await chair.open(chair.at)
        await chair.follow(say("Look at what is prepared"))
        await chair.holds(say("Why?"), reasons)
        await chair.holds(say("What will be done?"), ACTION)
        await chair.select(say("Who leads the case?"), re.compile("Nele"))
        await self._day(chair, say("When does the table look again?"), local_date(utc_now()) + timedelta(days=90))
        await self._pressed_until(chair, say("Record the decision"), reasons)

    async def _day(self, person: Visitor, legend: str, day: date) -> None:
        for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            await person.fill(self.say(label), str(number), within=legend)

    async def _pressed_until(self, person: Visitor, button: str, text: str) -> None:
        async def told() -> bool | None:
            await self._looked_at(person, button)
            return person.status == 200 or None

        await until(f"{person.name} reads {text}", told)
        await person.reads(text)
