"""Bodies of signals, cases and contributions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.portal.api.schema import Body, Code, Day, Id, Long, Name, Nis, Page, Short, example

Language = Literal["nl", "fr", "de", "en"]


class PersonConcerned(Body):
    """Who it is about: name, birth date, address; there is no field for origin, religion or opinion."""

    given_name: Name
    family_name: Name
    birth_date: Day | None = Field(None, description="1900 or later; absent = unknown.")
    address: Annotated[str, Field(max_length=500)] | None = None


class EnterSignal(Body):
    """A concern. Acute danger? Call 112 or 101: this is not an alarm channel."""

    model_config = example(
        nis_code="24001",
        person={"given_name": "Milan", "family_name": "Claes", "birth_date": "2010-04-02", "address": "Kerkstraat 1"},
        observed="Hij trekt zich al weken terug en mijdt zijn vrienden.", tried="Gesprek met de moeder en de school.",
        reason="Wij zien alleen een stuk van de puzzel.", urgent=False, minor=True, language="nl",
    )  # fmt: skip

    nis_code: Nis = Field(description="The town it is about.")
    person: PersonConcerned
    observed: Long = Field(description="What was observed.")
    tried: Long = Field(description="What was already tried.")
    reason: Long = Field(description="Why the cell.")
    urgent: bool = False
    minor: bool
    language: Language


class Criterion(Body):
    """An inclusion criterion, argued and dated."""

    code: Code
    evidence_kind: Literal["observation", "document", "conversation", "report"]
    evidence_date: Day
    argument: Long


class ProposeCase(Body):
    """A case made of a signal, argued against the one purpose: preventing terrorist offences."""

    model_config = example(
        signal_id="01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
        criteria=[
            {
                "code": "isolation",
                "evidence_kind": "observation",
                "evidence_date": "2026-11-20",
                "argument": "Verbreekt contacten en zoekt gewelddadig materiaal op.",
            }
        ],
        phenomenon="unclear", best_interest="Snelle steun houdt hem op school.",
    )  # fmt: skip

    signal_id: Id
    criteria: list[Criterion] = Field(min_length=1, max_length=20)
    phenomenon: Code | None = Field(None, description="A phenomenon code; absent = unclear.")
    best_interest: Short | None = Field(None, description="Required for a minor.")


class PlaceOnList(Body):
    """Why the mayor lists the case."""

    model_config = example(reasons="De criteria zijn aangetoond; de partners vragen samen overleg.")

    reasons: Long


class RefuseCase(Body):
    """Why the mayor refuses the case."""

    model_config = example(reasons="Gewone jeugdhulp volstaat; er is geen teken van geweld.")

    reasons: Long


class InviteToCircle(Body):
    """A person who may see some parts of one case, until a date."""

    model_config = example(
        person_id="7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10", parts=["identity", "content"], from_="2026-11-24",
        to="2027-05-24", why="Begeleidt de school.", life_domains=["school_and_training"],
    )  # fmt: skip

    person_id: Id
    parts: list[Literal["identity", "proposal", "content"]] = Field(min_length=1, max_length=3)
    from_: Day = Field(alias="from")
    to: Day = Field(description="The last day, inclusive.")
    why: Short
    life_domains: list[Code] = Field(default=[], max_length=20, description="What this person can speak of.")


class WriteContribution(Body):
    """A private draft, readable by its author alone."""

    model_config = example(text="Hij komt elke woensdag naar de jeugdwerking.", life_domain="leisure", language="nl")

    text: Long
    life_domain: Code
    language: Language


class ReviseContribution(Body):
    """A draft as it says from now on."""

    model_config = example(text="Hij komt enkel nog op woensdag.", life_domain="leisure", language="nl")

    text: Long
    life_domain: Code
    language: Language


class AssessContribution(Body):
    """The four questions before sharing, answered in words."""

    model_config = example(
        need="De school moet dit weten om te kunnen helpen.", less_is_enough="Namen van vrienden blijven weg.",
        proportionality="Enkel wat nodig is voor de steun.", person_informed="informed",
        legal_basis="decree-vl-2021-05-21",
    )  # fmt: skip

    need: Short
    less_is_enough: Short
    proportionality: Short
    person_informed: Literal["informed", "postponed", "not_applicable"]
    legal_basis: Code


class Nothing(Body):
    """No fields."""

    model_config = example()


class SignalPage(Page):
    """One page of signals."""


class CasePage(Page):
    """One page of cases."""

    state: str = Field("", max_length=40, description="Only cases in this state, such as LISTED; empty = all.")
    to_plan: bool = Field(False, description="Only those the caller may plan a session for.")
