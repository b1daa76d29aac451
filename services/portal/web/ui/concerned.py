"""The person concerned as pages show them: what is known, and how sure it is."""

from __future__ import annotations

from datetime import date

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.partial_dates import PartialDay
from services.portal.web.ui.language import Language, message

POSSIBLY = "possibly_minor"
OF_AGE = "of_age"


class Concerned:
    """Of a signal or case, as far as the reader reads the identity; without it everything is empty."""

    def __init__(self, person: pb.PersonConcerned, age: pb.Age, language: Language, *, minor: bool) -> None:
        self._person = person
        self._age = age
        self._language = language
        self._minor = minor

    @property
    def name(self) -> str:
        """All that is known of it."""
        return f"{self._person.given_name} {self._person.family_name}".strip()

    @property
    def called(self) -> str:
        """The first name; the family name when there is none."""
        return self._person.given_name or self._person.family_name

    @property
    def heading(self) -> str:
        """First name and age."""
        return ", ".join(filter(None, (self.called, self.age))) if self.called else ""

    @property
    def age(self) -> str:
        """In words; empty when nothing is known of it."""
        least, most = self._age.least, self._age.most
        if not self._age.minor:
            return ""
        if self._person.HasField("estimated_age"):
            return self._language.plural("about %(num)d year", "about %(num)d years", (least + most) // 2)
        if least == most:
            return self._language.plural("%(num)d year", "%(num)d years", most)
        return self._say(message("%(least)d or %(most)d years"), least=least, most=most)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Pairs of a name and what is known."""
        person = self._person
        found = [
            (message("Name"), self.name),
            (message("Also known as"), person.also_known_as),
            (message("Born"), self._born),
            (message("Estimated age"), self._estimated),
            (message("Minor"), self._minority),
            (message("Address"), person.address),
        ]
        return [(self._say(name), told) for name, told in found if told]

    @property
    def born(self) -> str:
        """What is known of the birth, a day or an age; empty when nothing is."""
        return self._born or self._estimated

    @property
    def _born(self) -> str:
        born = self._person.birth_date
        return self._language.part_of(PartialDay.from_text(born)) if born else ""

    @property
    def _estimated(self) -> str:
        estimated = self._person.estimated_age
        if not self._person.HasField("estimated_age"):
            return ""
        day = self._language.day(date.fromisoformat(estimated.as_of), weekday=False)
        return self._language.plural(
            "about %(num)d year on %(day)s", "about %(num)d years on %(day)s", estimated.years, day=day
        )

    @property
    def _minority(self) -> str:
        """What the mark of a minor does not tell by itself: that it is not certain, or not so any more."""
        if not self.name:
            return ""
        if not self._age.minor:
            told = message("Told to be younger than 18, or perhaps so. Nothing is known of the birth.")
            return self._say(told if self._minor else message("Told to be 18 or older. Nothing is known of the birth."))
        if self._age.minor == POSSIBLY:
            return self._say(message("Possibly, and so treated as one: %(age)s old."), age=self.age)
        by_now = message("Of age by now. The mark stays as it was decided.")
        return self._say(by_now) if self._minor and self._age.minor == OF_AGE else ""

    def _say(self, sentence: str, **values: object) -> str:
        return self._language.text(sentence, **values)


def heading_of(concerned: pb.Concerned, language: Language) -> str:
    """First name and age beside a code in a list; empty for who does not read the identity."""
    person = pb.PersonConcerned(given_name=concerned.name)
    if concerned.estimated:
        person.estimated_age.SetInParent()
    return Concerned(person, concerned.age, language, minor=False).heading
