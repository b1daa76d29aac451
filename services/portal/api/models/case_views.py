"""Answers about signals and cases. Parts the caller may not read are absent: null or empty."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from services.portal.api.schema import Id, View, example

_SIGNAL = {
    "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
    "state": "RECEIVED",
    "nis_code": "24001",
    "urgent": False,
    "minor": True,
    "received_at": "2026-11-24T09:00:00Z",
    "reporter_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
    "language": "nl",
    "case_id": None,
    "version": 1,
    "may": ["propose_case"],
    "open": True,
    "way": ["RECEIVED"],
}
_PERSON = {"given_name": "Milan", "family_name": "Claes", "birth_date": "2010-04-02", "address": "Kerkstraat 1"}
_FRAME = {
    "case_id": "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10",
    "code": "24001-26-0014",
    "nis_code": "24001",
    "state": "LISTED",
    "minor": True,
    "phenomenon": "unclear",
    "proposed_at": "2026-11-24T10:00:00Z",
    "listed_at": "2026-11-24T11:00:00Z",
    "review_on": None,
    "version": 2,
    "stage": "at_the_table",
    "to_plan": True,
}
_CRITERION = {
    "code": "isolation",
    "evidence_kind": "observation",
    "evidence_date": "2026-11-20",
    "argument": "Verbreekt contacten.",
}
_ENTRY = {
    "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
    "seat": None,
    "parts": ["frame", "identity", "content"],
    "from": "2026-11-24",
    "to": "2027-05-24",
    "life_domains": ["school_and_training"],
    "why": "Begeleidt de school.",
    "invited_by": "01932f6e-0000-7000-8000-000000000007",
}
_CONTRIBUTION = {
    "contribution_id": "01932f71-2d3c-7e5f-9b6a-7c8d9e0f1a21",
    "author_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
    "organisation_id": "01932f6e-0000-7000-8000-000000000003",
    "state": "SHARED",
    "life_domain": "leisure",
    "text": "Hij komt elke woensdag naar de jeugdwerking.",
    "language": "nl",
    "police_origin": False,
    "legal_basis": "decree-vl-2021-05-21",
    "written_at": "2026-11-24T11:30:00Z",
    "shared_at": "2026-11-24T11:45:00Z",
    "read_by": [],
    "need": "De school moet dit weten om te kunnen helpen.",
    "less_is_enough": "Namen van vrienden blijven weg.",
    "proportionality": "Enkel wat nodig is voor de steun.",
    "person_informed": "informed",
    "version": 3,
    "may": [],
    "stage": "shared",
    "obstacle": "",
}
_ACTION = {
    "action_id": "01932f72-3e4d-7f60-8c7b-8d9e0f1a2b32",
    "life_domain": "school_and_training",
    "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
    "due_on": "2026-12-24",
    "state": "AGREED",
    "open": True,
}
_WAITING = {
    "kind": "contribution_wanted",
    "case_id": "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10",
    "case_code": "24001-26-0014",
    "signal_id": None,
    "contribution_id": None,
    "nis_code": "24001",
    "minor": True,
    "urgent": False,
    "since": "2026-11-24T11:00:00Z",
    "session_at": "2026-12-01T13:00:00Z",
    "due_on": None,
    "life_domain": "",
}


class Person(View):
    """The person concerned."""

    given_name: str = ""
    family_name: str = ""
    birth_date: str | None = None
    address: str = ""


class SignalFrame(View):
    """A signal without texts and person."""

    signal_id: Id
    state: str
    nis_code: str
    urgent: bool = False
    minor: bool = False
    received_at: datetime
    reporter_id: Id
    language: str
    case_id: Id | None = Field(None, description="The case it became.")
    version: int
    may: list[str] = Field([], description="The verbs the caller may do with it now; empty in a list.")
    open: bool = Field(False, description="The coordinator has still to say what comes of it.")
    way: list[str] = Field([], description="The states it passed, the present one last.")


class Signal(SignalFrame):
    """A signal as this caller may read it."""

    model_config = example(
        **_SIGNAL, person=_PERSON, observed="Hij trekt zich terug.", tried="Gesprek met de moeder.",
        reason="Wij zien alleen een stuk van de puzzel.",
    )  # fmt: skip

    person: Person | None = None
    observed: str = ""
    tried: str = ""
    reason: str = ""


class Signals(View):
    """One page of signals; texts are read one by one."""

    model_config = example(signals=[_SIGNAL], next_cursor="")

    signals: list[SignalFrame] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    everyones: bool = Field(False, description="Those that others told are among them.")


class Frame(View):
    """A case without a word about the person."""

    case_id: Id
    code: str = Field(description="Shown to people; no secret.")
    nis_code: str
    state: str
    minor: bool = False
    phenomenon: str = ""
    proposed_at: datetime
    listed_at: datetime | None = None
    review_on: str | None = None
    version: int
    stage: str = Field("", description="Who is at work on it: before_the_mayor, at_the_table, paused or over.")
    to_plan: bool = Field(False, description="The caller may plan a session for it.")


class CriterionView(View):
    """An inclusion criterion."""

    code: str
    evidence_kind: str = ""
    evidence_date: str = ""
    argument: str = ""


class CircleEntry(View):
    """Who may see which parts: a person or whoever holds a seat."""

    person_id: Id | None = None
    seat: str | None = None
    parts: list[str] = []
    from_: str = Field("", alias="from")
    to: str = ""
    life_domains: list[str] = []
    why: str = Field("", description="Why the person is invited; to readers of the content.")
    invited_by: Id | None = Field(None, description="By whom; to readers of the content.")


class Contribution(View):
    """A piece of the puzzle."""

    contribution_id: Id
    author_id: Id
    organisation_id: Id | None = None
    state: str
    life_domain: str = ""
    text: str = ""
    language: str = ""
    police_origin: bool = Field(False, description="Police information stays marked.")
    legal_basis: str = ""
    written_at: datetime | None = None
    shared_at: datetime | None = None
    read_by: list[Id] = Field([], description="To the author alone: who read it since it was shared.")
    need: str = Field("", description="To the author alone, as the other three answers: how the sharing was weighed.")
    less_is_enough: str = ""
    proportionality: str = ""
    person_informed: str = ""
    version: int
    may: list[str] = Field([], description="The verbs its author may do with it now.")
    stage: str = Field("", description="Who reads it: draft (its author alone), shared (the circle) or withdrawn.")
    obstacle: str = Field("", description="To the author of a draft: the code of what stands against sharing it.")


class Action(View):
    """An action of the follow-up plan."""

    action_id: Id
    life_domain: str = ""
    owner_id: Id
    due_on: str = ""
    state: str
    open: bool = Field(False, description="It is still to be done.")


class Case(View):
    """A case with the parts this caller may read."""

    model_config = example(
        frame=_FRAME, parts=["frame", "identity", "proposal", "content"], person=_PERSON, criteria=[_CRITERION],
        best_interest="Snelle steun houdt hem op school.", list_reasons="De criteria zijn aangetoond.",
        circle=[_ENTRY], contributions=[_CONTRIBUTION], actions=[_ACTION],
        case_lead_id="7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10", declined=False,
        may=["invite_to_circle", "write_contribution", "decline_contribution"], asks=["case_listed"], review="",
        way=["PROPOSED", "LISTED", "DISCUSSED", "FOLLOW_UP", "AFTERCARE", "CLOSED"], way_now=1, police=False,
    )  # fmt: skip

    frame: Frame
    parts: list[str] = []
    person: Person | None = None
    criteria: list[CriterionView] = []
    best_interest: str = ""
    list_reasons: str = ""
    circle: list[CircleEntry] = []
    contributions: list[Contribution] = []
    actions: list[Action] = []
    case_lead_id: Id | None = None
    declined: bool = Field(False, description="The caller has nothing to share until the next session.")
    may: list[str] = Field(
        [], description="The verbs the caller may do with it now; what is sent may still be refused."
    )
    asks: list[str] = Field([], description="What it asks of the caller now, kinds as in what waits.")
    review: str = Field("", description="Empty (in time), late, or blocks: by more than 14 days, nothing is shared.")
    way: list[str] = Field([], description="The states it passes, as a line.")
    way_now: int = Field(0, description="Which of them is now, from 0.")
    police: bool = Field(False, description="What the caller writes is marked as of police origin.")


class Cases(View):
    """One page of the frames of cases."""

    model_config = example(cases=[_FRAME], next_cursor="")

    cases: list[Frame] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    everyones: bool = Field(False, description="Those of circles without the caller are among them.")


class Waiting(View):
    """One thing that waits for the caller."""

    kind: str = Field(
        description="signal_received, case_proposed, case_listed, contribution_wanted, contribution_private, "
        "action_due or review_due."
    )
    case_id: Id | None = None
    case_code: str = ""
    signal_id: Id | None = None
    contribution_id: Id | None = None
    nis_code: str
    minor: bool = False
    urgent: bool = False
    since: datetime | None = Field(None, description="Since when it waits.")
    session_at: datetime | None = Field(None, description="When the session begins.")
    due_on: str | None = Field(None, description="By when.")
    life_domain: str = ""


class WaitingList(View):
    """What waits for the caller, the most pressing first, at most 50."""

    model_config = example(waiting=[_WAITING], cases_of_mine=3)

    waiting: list[Waiting] = []
    cases_of_mine: int = Field(0, description="Running cases whose circle the caller is in.")
