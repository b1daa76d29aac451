"""Bodies, queries and answers of case. Made by `make proto` from proto/rondetafel/case/v1."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.portal.api.generated import codes
from services.portal.api.schema import (
    Body,
    Day,
    Id,
    IdOrEmpty,
    Name,
    Nis,
    Page,
    PartialDay,
    Query,
    Text,
    View,
    WholeYears,
    example,
)


class EstimatedAge(Body):
    """About how old somebody was on a day; taken to be right within two years."""

    years: WholeYears
    as_of: Day = Field(description="The day it was estimated on, today or before.")


class PersonConcerned(Body):
    """Who it is about, as far as is known: names, birth, address; there is no field for origin, religion or opinion."""

    given_name: Name | None = Field(None, max_length=200, description="One of the two names is enough.")
    family_name: Name | None = Field(None, max_length=200)
    birth_date: PartialDay | None = Field(
        None,
        description=(
            'The day, its month ("2010-04") or its year ("2010"), from 1900 on and not in the future; absent = unknown.'
        ),
    )
    address: Text | None = Field(None, max_length=500)
    estimated_age: EstimatedAge | None = Field(None, description="In place of a birth date.")
    also_known_as: Text | None = Field(None, max_length=500, description="Other names, as people say or write them.")


class Criterion(Body):
    """An inclusion criterion, argued and dated."""

    code: codes.Criteria
    evidence_kind: codes.EvidenceKinds
    evidence_date: Day
    argument: Text = Field(min_length=1, max_length=4_000)


class EnterSignal(Body):
    """A concern. Acute danger? Call 112 or 101: this is not an alarm channel."""

    model_config = example(
        {
            "nis_code": "24001",
            "person": {
                "given_name": "Milan",
                "family_name": "Claes",
                "birth_date": "2010-04-02",
                "address": "Kerkstraat 1",
                "also_known_as": "Mil",
            },
            "observed": "Hij trekt zich al weken terug en mijdt zijn vrienden.",
            "tried": "Gesprek met de moeder en de school.",
            "reason": "Wij zien alleen een stuk van de puzzel.",
            "urgent": False,
            "minor": True,
            "language": "nl",
        }
    )

    nis_code: Nis = Field(description="The town it is about.")
    person: PersonConcerned
    observed: Text = Field(min_length=1, max_length=8_000, description="What was observed.")
    tried: Text = Field(min_length=1, max_length=8_000, description="What was already tried.")
    reason: Text = Field(min_length=1, max_length=8_000, description="Why the cell.")
    urgent: bool = False
    minor: bool | None = Field(
        None,
        description=(
            "Younger than 18. Asked where nothing is known of the birth. Else the birth tells: absent, or the"
            " same. Where it leaves that open the person is treated as a minor."
        ),
    )
    language: codes.Languages
    question_id: Id | None = Field(
        None,
        description=(
            "The caller's own question without a name that it was: closed with this, and linked for the caller alone."
        ),
    )


class AnswerCheck(Body):
    """One of two answers, and nothing else."""

    model_config = example({"answer": "no_objection"})

    answer: codes.CheckAnswers
    hold_until: Day | None = Field(
        None, description="The last day of a hold, from tomorrow to three months ahead; empty for no objection."
    )


class DismissSignal(Body):
    """Why it is nothing for the table."""

    model_config = example(
        {
            "reason": "other_purpose",
            "noted": "Puberruzie; geen teken van geweld.",
            "told": "Dank je wel. Dit hoort niet aan deze tafel; praat met zijn ouders.",
        }
    )

    reason: codes.DismissalReasons
    noted: Text = Field(min_length=1, max_length=4_000, description="Why, for coordinators alone.")
    told: Text = Field(min_length=1, max_length=4_000, description="What the reporter reads.")


class RedirectSignal(Body):
    """Who can help better."""

    model_config = example({"help": "school_support", "told": "Bespreek het met het CLB; vraag naar het onthaal."})

    help: codes.HelpKinds
    told: Text = Field(min_length=1, max_length=4_000, description="Advice that the reporter reads.")


class AskReporter(Body):
    """What the coordinator wants to know."""

    model_config = example({"text": "Sinds wanneer blijft hij weg?", "language": "nl"})

    text: Text = Field(min_length=1, max_length=4_000)
    language: codes.Languages


class AddToSignal(Body):
    """An answer, or something more."""

    model_config = example({"text": "Sinds de herfstvakantie.", "language": "nl"})

    text: Text = Field(min_length=1, max_length=4_000)
    language: codes.Languages
    answers: Id | None = Field(None, description="The entry of the question it answers; empty for something more.")


class AskQuestion(Body):
    """A question about how to go about something, and about nobody: no names, no birth dates, no numbers."""

    model_config = example(
        {"text": "Een jongere zegt vreemde dingen in de les. Hoe begin ik dat gesprek?", "language": "nl"}
    )

    text: Text = Field(min_length=1, max_length=4_000)
    language: codes.Languages


class AnswerQuestion(Body):
    """An answer of the set, own words, or both."""

    model_config = example(
        {"prepared": "talk_first", "text": "Bel mij gerust, dan bereiden we het samen voor.", "language": "nl"}
    )

    prepared: Text | None = Field(
        None, max_length=40, description="The code of one of the answers that the question comes with."
    )
    text: Text | None = Field(None, max_length=4_000)
    language: codes.Languages


class PublishAnswer(Body):
    """Both texts in the coordinator's own words: about nobody, and not those of whoever asked."""

    model_config = example(
        {"question": "Hoe begin ik een gesprek?", "answer": "Vraag wat er speelt, en luister.", "language": "nl"}
    )

    question: Text = Field(min_length=1, max_length=500)
    answer: Text = Field(min_length=1, max_length=4_000)
    language: codes.Languages


class ProposeCase(Body):
    """A case made of a signal, argued against the one purpose: preventing terrorist offences."""

    model_config = example(
        {
            "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
            "criteria": [
                {
                    "code": "isolation",
                    "evidence_kind": "observation",
                    "evidence_date": "2026-11-20",
                    "argument": "Verbreekt contacten en zoekt gewelddadig materiaal op.",
                }
            ],
            "phenomenon": "unclear",
            "best_interest": "Snelle steun houdt hem op school.",
            "unchecked": "asked_in_person",
        }
    )

    signal_id: Id
    criteria: list[Criterion] = Field(min_length=1, max_length=20)
    phenomenon: codes.Phenomena | None = Field(None, description="A phenomenon code; absent = unclear.")
    best_interest: Text | None = Field(None, max_length=4_000, description="Required for a minor.")
    unchecked: codes.UncheckedReasons | None = Field(
        None, description="Why no answer of the police is waited for; required without one, and of no meaning with one."
    )


class PlaceOnList(Body):
    """Why the mayor lists the case."""

    model_config = example({"reasons": "De criteria zijn aangetoond; de partners vragen samen overleg."})

    reasons: Text = Field(min_length=1, max_length=4_000)


class RefuseCase(Body):
    """Why the mayor refuses the case."""

    model_config = example({"reasons": "Gewone jeugdhulp volstaat; er is geen teken van geweld."})

    reasons: Text = Field(min_length=1, max_length=4_000)


class NoteInformation(Body):
    """Whether the person concerned is informed."""

    model_config = example({"answer": "informed", "day": "2026-11-24"})

    answer: codes.InformationAnswers
    day: Day = Field(
        description=(
            "informed: the day it was done, of today or before; postponed: until which day, at most six "
            "months from today."
        )
    )
    why: codes.InformationReasons | None = Field(None, description="postponed: why; with informed there is none.")


class InviteToCircle(Body):
    """A person who may see some parts of one case, until a date."""

    model_config = example(
        {
            "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "parts": ["content"],
            "from": "2026-11-24",
            "to": "2027-05-24",
            "why": "Begeleidt de school.",
            "life_domains": ["school_and_training"],
        }
    )

    person_id: Id
    parts: list[codes.InvitedParts] = Field(min_length=1, max_length=3, description="The frame comes along.")
    from_: Day = Field(alias="from")
    to: Day = Field(description="The last day, inclusive.")
    why: Text = Field(min_length=1, max_length=2_000)
    life_domains: list[codes.LifeDomains] = Field([], max_length=20, description="What this person can speak of.")


class EndInvitation(Body):
    """Whom to take out of the circle of a case, and why."""

    model_config = example({"reason": "no_longer_needed"})

    reason: codes.InvitationEndReasons


class KeepOut(Body):
    """Whom to keep out of a case."""

    model_config = example({"person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10"})

    person_id: Id


class WriteContribution(Body):
    """A private draft, readable by its author alone."""

    model_config = example(
        {"text": "Hij komt elke woensdag naar de jeugdwerking.", "life_domain": "leisure", "language": "nl"}
    )

    text: Text = Field(min_length=1, max_length=8_000)
    life_domain: codes.LifeDomains
    language: codes.Languages


class ReviseContribution(Body):
    """A draft as it says from now on."""

    model_config = example({"text": "Hij komt enkel nog op woensdag.", "life_domain": "leisure", "language": "nl"})

    text: Text = Field(min_length=1, max_length=8_000)
    life_domain: codes.LifeDomains
    language: codes.Languages


class AssessContribution(Body):
    """The four questions before sharing, answered in words."""

    model_config = example(
        {
            "need": "De school moet dit weten om te kunnen helpen.",
            "less_is_enough": "Namen van vrienden blijven weg.",
            "proportionality": "Enkel wat nodig is voor de steun.",
            "person_informed": "informed",
            "legal_basis": "decree-vl-2021-05-21",
        }
    )

    need: Text = Field(min_length=1, max_length=2_000)
    less_is_enough: Text = Field(min_length=1, max_length=2_000)
    proportionality: Text = Field(min_length=1, max_length=2_000)
    person_informed: codes.AnswersInformed
    legal_basis: Text = Field(
        min_length=1,
        max_length=100,
        description="Code of a legal basis of a valid mandate of the author's organisation.",
    )


class ListSignalsPage(Page):
    """The signals the caller may read, newest first, without texts and person: those are read one by one."""

    time: Literal[codes.Times, ""] = Field(
        "", description="current: only those not answered yet; past: only the others; empty = all."
    )


class ListQuestionsPage(Page):
    """The caller's own questions; to a coordinator those of the cell. Texts are read one by one."""

    time: Literal[codes.Times, ""] = Field(
        "", description="current: only those that are not closed; past: only the others; empty = all."
    )


class ReadCaseQuery(Query):
    """The case with the parts the caller may read; for whoever may read none, there is none."""

    after: IdOrEmpty = Field(
        "",
        description=(
            "With the contributions after this one: `more_after` of the answer before; empty = from the first."
        ),
    )


class ListCasesPage(Page):
    """Frames of the cases the caller may see, newest first: no person and no free text."""

    state: Literal[codes.CaseStates, ""] = Field(
        "", description="Only cases in this state, such as LISTED; empty = all."
    )
    to_plan: bool = Field(
        False,
        description=(
            "Only those of towns the caller coordinates that stand to have a session planned (`to_plan` of the frame)."
        ),
    )
    time: Literal[codes.Times, ""] = Field(
        "", description="current: only those that are not over; past: only those that are; empty = all."
    )
    persons: bool = Field(
        False,
        description=(
            "With the next session of each, and first name and age of the person concerned where the caller "
            "reads the identity: a read of it, recorded as such. Only of a list that is whole on its first "
            "page; of a longer one the codes stand alone."
        ),
    )
    case_ids: list[Id] = Field(
        [], max_length=50, description="Only these; with `code` those and the one that is called so. Empty = all."
    )
    code: str = Field("", max_length=40, description="Only the case with this code, in small letters or capitals.")


class EstimatedAgeView(View):
    """About how old somebody was on a day; taken to be right within two years."""

    years: int = 0
    as_of: str = Field(description="The day it was estimated on, today or before.")


class Person(View):
    """Who it is about, as far as is known: names, birth, address; there is no field for origin, religion or opinion."""

    given_name: str = Field("", description="One of the two names is enough.")
    family_name: str = ""
    birth_date: str | None = Field(
        None,
        description=(
            'The day, its month ("2010-04") or its year ("2010"), from 1900 on and not in the future; absent = unknown.'
        ),
    )
    address: str = ""
    estimated_age: EstimatedAgeView | None = Field(None, description="In place of a birth date.")
    also_known_as: str = Field("", description="Other names, as people say or write them.")


class Age(View):
    """How old somebody is today, as far as is known."""

    least: int = Field(0, description="In whole years; as many as `most` when the day of birth is known.")
    most: int = 0
    minor: str = Field(description="minor, possibly_minor or of_age.")


class CheckFrame(View):
    """The preliminary check of a signal: no word of the police, and none of what was told."""

    model_config = example(
        {
            "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
            "nis_code": "24001",
            "urgent": False,
            "minor": True,
            "started_at": "2026-11-24T10:00:00Z",
            "due_on": "2026-12-08",
            "standing": "waiting",
            "version": 1,
            "hold_most": "2027-02-24",
        }
    )

    signal_id: Id
    nis_code: str
    urgent: bool = False
    minor: bool = False
    started_at: datetime
    due_on: str = Field(description="The last day to answer.")
    standing: str
    hold_until: str | None = Field(None, description="The last day of the hold that was answered last.")
    answered_at: datetime | None = None
    ended_at: datetime | None = Field(None, description="When it was decided what comes of the signal.")
    version: int
    hold_most: str = Field(description="The last day to which a hold can go, asked today.")


class SignalOutcome(View):
    """What the coordinator said of a signal."""

    decided_at: datetime
    decided_by: Id
    told: str = Field(description="What the reporter reads: why it is nothing for the table, or advice.")
    help: str | None = Field(None, description="The kind of help it was referred to.")
    reason: str | None = Field(None, description="Why it was not retained, to the coordinator alone.")
    noted: str | None = Field(None, description="The coordinator's own words, to the coordinator alone.")


class SignalEntry(View):
    """Something said about a signal after it was entered."""

    entry_id: Id
    kind: str
    author_id: Id
    said_at: datetime
    text: str
    language: str
    answers: Id | None = Field(None, description="Of an answer: which question it answers.")
    open: bool = Field(False, description="A question that nobody answered yet.")


class Signal(View):
    """A signal as this caller may read it."""

    model_config = example(
        {
            "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
            "state": "RECEIVED",
            "nis_code": "24001",
            "urgent": False,
            "minor": True,
            "received_at": "2026-11-24T09:00:00Z",
            "reporter_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "person": {
                "given_name": "Milan",
                "family_name": "Claes",
                "birth_date": "2010-04-02",
                "address": "Kerkstraat 1",
                "also_known_as": "Mil",
            },
            "observed": "Hij trekt zich terug.",
            "tried": "Gesprek met de moeder.",
            "reason": "Wij zien alleen een stuk van de puzzel.",
            "language": "nl",
            "version": 1,
            "may": ["propose_case"],
            "open": True,
            "way": ["RECEIVED"],
            "age": {"least": 16, "most": 16, "minor": "minor"},
            "check": {
                "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
                "nis_code": "24001",
                "urgent": False,
                "minor": True,
                "started_at": "2026-11-24T10:00:00Z",
                "due_on": "2026-12-08",
                "standing": "waiting",
                "version": 1,
                "hold_most": "2027-02-24",
            },
            "unchecked": ["urgent"],
            "outcome": {
                "decided_at": "2026-11-25T10:00:00Z",
                "decided_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                "told": "Bespreek het eerst met het CLB.",
                "help": "school_support",
                "reason": "other_purpose",
                "noted": "Puberruzie; geen teken van geweld.",
            },
            "gone_on": "2026-12-25",
            "exchange": [
                {
                    "entry_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c66",
                    "kind": "question",
                    "author_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "said_at": "2026-11-25T10:00:00Z",
                    "text": "Sinds wanneer blijft hij weg?",
                    "language": "nl",
                    "open": True,
                }
            ],
            "nobody_answers": False,
        }
    )

    signal_id: Id
    state: str
    nis_code: str
    urgent: bool = False
    minor: bool = Field(
        False, description="Treated as a minor, as decided when it was entered: a minor, or possibly one."
    )
    received_at: datetime
    reporter_id: Id
    person: Person | None = None
    observed: str = ""
    tried: str = ""
    reason: str = ""
    language: str
    case_id: Id | None = Field(None, description="The case it became.")
    version: int
    may: list[str] = Field(
        [], description="The verbs the caller may do with it now, where it is read alone; empty in a list."
    )
    open: bool = Field(False, description="The coordinator has still to say what comes of it.")
    way: list[str] = Field([], description="The states it passed, the present one last.")
    age: Age | None = Field(None, description="To who reads the person; absent when nothing is known of the birth.")
    check: CheckFrame | None = Field(
        None,
        description="How its preliminary check stands, to the coordinator; absent for all others, and without one.",
    )
    unchecked: list[str] = Field(
        [], description="To who may propose it: of these a proposal says one now; empty where the police answered."
    )
    outcome: SignalOutcome | None = Field(
        None, description="What was said of it, while it is not retained or redirected, to reporter and coordinator."
    )
    ended_at: datetime | None = Field(None, description="When it was not retained, redirected or withdrawn.")
    gone_on: str | None = Field(
        None,
        description=(
            "The last day on which it is there, once it was not retained, redirected or withdrawn. Then it is"
            " gone for good."
        ),
    )
    exchange: list[SignalEntry] = Field(
        [], description="What was asked, answered and added since, in order of time, to who reads the texts."
    )
    nobody_answers: bool = Field(
        False,
        description="To the coordinator: whoever told it has no mandate for its town any more, and answers nothing.",
    )


class SignalFrame(View):
    """A signal as this caller may read it."""

    model_config = example(
        {
            "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
            "state": "RECEIVED",
            "nis_code": "24001",
            "urgent": False,
            "minor": True,
            "received_at": "2026-11-24T09:00:00Z",
            "reporter_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "language": "nl",
            "version": 1,
            "open": True,
            "way": ["RECEIVED"],
            "gone_on": "2026-12-25",
        }
    )

    signal_id: Id
    state: str
    nis_code: str
    urgent: bool = False
    minor: bool = Field(
        False, description="Treated as a minor, as decided when it was entered: a minor, or possibly one."
    )
    received_at: datetime
    reporter_id: Id
    language: str
    case_id: Id | None = Field(None, description="The case it became.")
    version: int
    open: bool = Field(False, description="The coordinator has still to say what comes of it.")
    way: list[str] = Field([], description="The states it passed, the present one last.")
    ended_at: datetime | None = Field(None, description="When it was not retained, redirected or withdrawn.")
    gone_on: str | None = Field(
        None,
        description=(
            "The last day on which it is there, once it was not retained, redirected or withdrawn. Then it is"
            " gone for good."
        ),
    )


class Signals(View):
    """One page of signals; texts are read one by one."""

    model_config = example(
        {
            "signals": [
                {
                    "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
                    "state": "RECEIVED",
                    "nis_code": "24001",
                    "urgent": False,
                    "minor": True,
                    "received_at": "2026-11-24T09:00:00Z",
                    "reporter_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "language": "nl",
                    "version": 1,
                    "open": True,
                    "way": ["RECEIVED"],
                    "gone_on": "2026-12-25",
                }
            ],
            "everyones": True,
        }
    )

    signals: list[SignalFrame] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    everyones: bool = Field(
        False,
        description=(
            "Those that others told are among them: the caller coordinates, or is the data protection officer."
        ),
    )


class Check(View):
    """The preliminary check of a signal: no word of the police, and none of what was told."""

    model_config = example(
        {
            "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
            "nis_code": "24001",
            "urgent": False,
            "minor": True,
            "started_at": "2026-11-24T10:00:00Z",
            "due_on": "2026-12-08",
            "standing": "waiting",
            "version": 1,
            "person": {
                "given_name": "Milan",
                "family_name": "Claes",
                "birth_date": "2010-04-02",
                "address": "Kerkstraat 1",
                "also_known_as": "Mil",
            },
            "age": {"least": 16, "most": 16, "minor": "minor"},
            "may": ["answer_check"],
            "hold_most": "2027-02-24",
        }
    )

    signal_id: Id
    nis_code: str
    urgent: bool = False
    minor: bool = False
    started_at: datetime
    due_on: str = Field(description="The last day to answer.")
    standing: str
    hold_until: str | None = Field(None, description="The last day of the hold that was answered last.")
    answered_at: datetime | None = None
    ended_at: datetime | None = Field(None, description="When it was decided what comes of the signal.")
    version: int
    person: Person | None = None
    age: Age | None = None
    may: list[str] = Field([], description="The verbs the caller may do with it now.")
    hold_most: str = Field(description="The last day to which a hold can go, asked today.")


class PossibleMatch(View):
    """A signal that is perhaps about the same person, and the case it became."""

    signal_id: Id
    state: str
    nis_code: str
    received_at: datetime
    case_id: Id | None = None
    code: str | None = None
    case_state: str | None = None


class PossibleMatches(View):
    """Those found, at most 20."""

    model_config = example(
        {
            "matches": [
                {
                    "signal_id": "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55",
                    "state": "PROPOSED",
                    "nis_code": "24001",
                    "received_at": "2026-11-24T10:00:00Z",
                    "code": "AR-26-014",
                    "case_state": "LISTED",
                }
            ],
            "more": False,
        }
    )

    matches: list[PossibleMatch] = Field([], description="The newest first.")
    more: bool = Field(False, description="There may be others.")


class PreparedAnswer(View):
    """An answer of the set, in the four languages, as it was when it was given."""

    code: str
    nl: str
    fr: str
    de: str
    en: str


class Question(View):
    """A question without a name. Its id and its days tell nothing of the hour it was asked at."""

    model_config = example(
        {
            "question_id": "9f4e2c1a-6b7d-4e8f-8a90-1b2c3d4e5f60",
            "state": "ASKED",
            "asked_on": "2026-11-24",
            "mine": True,
            "version": 1,
            "text": "Hoe begin ik dat gesprek?",
            "language": "nl",
            "answer": "Bel mij gerust.",
            "answer_language": "nl",
            "prepared": {
                "code": "talk_first",
                "nl": "Ga eerst zelf in gesprek.",
                "fr": "Parlez-en d'abord vous-même.",
                "de": "Sprechen Sie zuerst selbst.",
                "en": "Talk to the person yourself first.",
            },
            "answers": [
                {
                    "code": "talk_first",
                    "nl": "Ga eerst zelf in gesprek.",
                    "fr": "Parlez-en d'abord vous-même.",
                    "de": "Sprechen Sie zuerst selbst.",
                    "en": "Talk to the person yourself first.",
                }
            ],
            "may": ["answer_question"],
        }
    )

    question_id: Id
    state: str
    asked_on: str
    answered_on: str | None = None
    closed_on: str | None = None
    erased_on: str | None = Field(None, description="From this day on it is erased; empty while nothing runs.")
    mine: bool = Field(False, description="The caller asked it.")
    version: int
    text: str = ""
    language: str = ""
    answer: str = Field("", description="What a coordinator answered in own words.")
    answer_language: str = ""
    prepared: PreparedAnswer | None = Field(
        None, description="The answer of the set that was given; absent without one."
    )
    answers: list[PreparedAnswer] = Field([], description="To whoever may answer it: the answers of the set.")
    signal_id: Id | None = Field(None, description="To whoever asked it alone: the signal it became.")
    may: list[str] = Field(
        [], description="The verbs the caller may do with it now, where it is read alone; empty in a list."
    )


class QuestionFrame(View):
    """A question without a name. Its id and its days tell nothing of the hour it was asked at."""

    model_config = example(
        {
            "question_id": "9f4e2c1a-6b7d-4e8f-8a90-1b2c3d4e5f60",
            "state": "ASKED",
            "asked_on": "2026-11-24",
            "mine": True,
            "version": 1,
        }
    )

    question_id: Id
    state: str
    asked_on: str
    answered_on: str | None = None
    closed_on: str | None = None
    erased_on: str | None = Field(None, description="From this day on it is erased; empty while nothing runs.")
    mine: bool = Field(False, description="The caller asked it.")
    version: int


class Questions(View):
    """One page of questions, the newest day first."""

    model_config = example(
        {
            "questions": [
                {
                    "question_id": "9f4e2c1a-6b7d-4e8f-8a90-1b2c3d4e5f60",
                    "state": "ASKED",
                    "asked_on": "2026-11-24",
                    "mine": True,
                    "version": 1,
                }
            ],
            "everyones": False,
        }
    )

    questions: list[QuestionFrame] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    everyones: bool = Field(False, description="Those that others asked are among them: the caller coordinates.")


class TaughtAnswer(View):
    """An entry of a cell's questions and answers."""

    answer_id: Id
    published_on: str
    version: int
    question: str
    answer: str
    language: str


class Answers(View):
    """One page of them."""

    model_config = example(
        {
            "answers": [
                {
                    "answer_id": "3c1d2e4f-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
                    "published_on": "2026-11-24",
                    "version": 1,
                    "question": "Hoe begin ik een gesprek?",
                    "answer": "Vraag wat er speelt, en luister.",
                    "language": "nl",
                }
            ],
            "may": ["withdraw_answer"],
        }
    )

    answers: list[TaughtAnswer] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    may: list[str] = Field([], description="The verbs the caller may do with each of them.")


class Concerned(View):
    """The person concerned, as people call a case beside its code."""

    name: str = Field(description="The first name; the family name where no other is known.")
    age: Age | None = Field(None, description="Absent when nothing is known of the birth.")
    estimated: bool = Field(False, description="The age was estimated.")


class Frame(View):
    """A case without a word about the person."""

    case_id: Id
    code: str = Field(
        description=(
            "Shown to people, and said by them; no secret. Letters of the town "
            "(services/kit/town_letters.csv), year, and the number in that town, cell and year; cases of "
            "before have the NIS code and four digits."
        )
    )
    nis_code: str
    state: str
    minor: bool = Field(
        False, description="Treated as a minor, as decided when it was proposed: a minor, or possibly one."
    )
    phenomenon: str = ""
    proposed_at: datetime
    listed_at: datetime | None = None
    review_on: str | None = None
    version: int
    stage: str = Field(
        "", description="Who is at work on it: before_the_mayor, at_the_table, paused (on hold or restricted) or over."
    )
    to_plan: bool = Field(
        False,
        description=(
            "The caller coordinates its town, and it stands to have a session planned: the table has still to"
            " talk about it, or its review comes."
        ),
    )
    urgent: bool = Field(False, description="It came by an urgent signal, and no session has decided on it yet.")
    concerned: Concerned | None = Field(
        None, description="In a list that was asked for with `persons`, to who reads the identity."
    )
    next_session_at: datetime | None = Field(None, description="In such a list: when the next session on it begins.")


class CriterionView(View):
    """An inclusion criterion, argued and dated."""

    code: str
    evidence_kind: str
    evidence_date: str
    argument: str


class CircleEntry(View):
    """Who may see which parts: a person or whoever holds a seat."""

    person_id: Id | None = None
    seat: str | None = None
    parts: list[str] = []
    from_: str = Field("", alias="from")
    to: str = Field("", description="The last day, inclusive; empty when it has none.")
    life_domains: list[str] = []
    why: str = Field("", description="Why the person is invited; to readers of the content.")
    invited_by: Id | None = Field(None, description="By whom; to readers of the content.")
    entry_id: Id
    opened: bool = Field(
        False, description="The person invited opened the case already; to who may end the invitation, false to others."
    )


class Contribution(View):
    """A piece of the puzzle."""

    contribution_id: Id
    author_id: Id
    organisation_id: Id | None = None
    state: str
    life_domain: str = ""
    text: str = ""
    language: str = ""
    police_origin: bool = Field(False, description="Police origin stays marked.")
    legal_basis: str = ""
    written_at: datetime | None = None
    shared_at: datetime | None = None
    read_by: list[Id] = Field([], description="To the author alone: who read it since it was shared.")
    version: int
    need: str = Field(
        "", description="To the author alone, as the other three answers: how the sharing was weighed; empty before."
    )
    less_is_enough: str = ""
    proportionality: str = ""
    person_informed: str = ""
    may: list[str] = Field(
        [],
        description=(
            "The verbs its author may do with it now: revise_contribution, assess_contribution, share_contribution."
        ),
    )
    stage: str = Field("", description="Who reads it: draft (its author alone), shared (the circle) or withdrawn.")
    obstacle: str = Field(
        "", description="To the author of a draft: the code of what stands against sharing it; empty when nothing does."
    )


class Action(View):
    """An action of the follow-up plan."""

    action_id: Id
    life_domain: str = ""
    owner_id: Id
    due_on: str = ""
    state: str
    open: bool = Field(False, description="It is still to be done.")


class EndedInvitation(View):
    """An invitation that somebody ended before its last day."""

    entry_id: Id
    person_id: Id
    ended_at: datetime
    ended_by: Id
    reason: str


class KeptOut(View):
    """Somebody with a conflict of interest."""

    person_id: Id
    since: datetime | None = Field(
        None,
        description=(
            "Since when, and by whose word, the person's own or the mayor's; to coordinator, mayor and "
            "delegate of its town."
        ),
    )
    said_by: Id | None = None
    may_lift: bool = Field(False, description="The caller may lift it.")


class Information(View):
    """The duty to inform the person concerned, as it stands today."""

    standing: str
    day: str = Field(description="informed: the day it was done; else until when there is time, that day included.")
    why: str = Field("", description="Of what is put off, or was: why.")
    said_by: Id | None = None
    said_at: datetime | None = None


class Case(View):
    """A case with the parts this caller may read."""

    model_config = example(
        {
            "frame": {
                "case_id": "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10",
                "code": "AR-26-014",
                "nis_code": "24001",
                "state": "LISTED",
                "minor": True,
                "phenomenon": "unclear",
                "proposed_at": "2026-11-24T10:00:00Z",
                "listed_at": "2026-11-24T11:00:00Z",
                "version": 2,
                "stage": "at_the_table",
                "to_plan": True,
                "urgent": False,
                "concerned": {"name": "Milan", "age": {"least": 16, "most": 16, "minor": "minor"}, "estimated": False},
            },
            "parts": ["content"],
            "person": {
                "given_name": "Milan",
                "family_name": "Claes",
                "birth_date": "2010-04-02",
                "address": "Kerkstraat 1",
                "also_known_as": "Mil",
            },
            "criteria": [
                {
                    "code": "isolation",
                    "evidence_kind": "observation",
                    "evidence_date": "2026-11-20",
                    "argument": "Verbreekt contacten en zoekt gewelddadig materiaal op.",
                }
            ],
            "best_interest": "Snelle steun houdt hem op school.",
            "list_reasons": "De criteria zijn aangetoond.",
            "circle": [
                {
                    "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "parts": ["content"],
                    "from": "2026-11-24",
                    "to": "2027-05-24",
                    "life_domains": ["school_and_training"],
                    "why": "Begeleidt de school.",
                    "invited_by": "01932f6e-0000-7000-8000-000000000007",
                    "entry_id": "01932f73-4f5a-7081-8d9c-0a1b2c3d4e5f",
                    "opened": True,
                }
            ],
            "contributions": [
                {
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
                    "version": 3,
                    "need": "De school moet dit weten om te kunnen helpen.",
                    "less_is_enough": "Namen van vrienden blijven weg.",
                    "proportionality": "Enkel wat nodig is voor de steun.",
                    "person_informed": "informed",
                    "stage": "shared",
                }
            ],
            "actions": [
                {
                    "action_id": "01932f72-3e4d-7f60-8c7b-8d9e0f1a2b32",
                    "life_domain": "school_and_training",
                    "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "due_on": "2026-12-24",
                    "state": "AGREED",
                    "open": True,
                }
            ],
            "case_lead_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "declined": False,
            "may": ["write_contribution"],
            "asks": ["contribution_wanted"],
            "way": ["LISTED"],
            "way_now": 0,
            "police": False,
            "age": {"least": 16, "most": 16, "minor": "minor"},
            "answered_by": "01932f6e-0000-7000-8000-000000000007",
            "answered_at": "2026-11-24T11:00:00Z",
            "reporter_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "ended_invitations": [
                {
                    "entry_id": "01932f73-4f5a-7081-8d9c-0a1b2c3d4e5f",
                    "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "ended_at": "2026-11-24T12:00:00Z",
                    "ended_by": "01932f6e-0000-7000-8000-000000000007",
                    "reason": "no_longer_needed",
                }
            ],
            "kept_out": [
                {
                    "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "since": "2026-11-24T12:00:00Z",
                    "said_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "may_lift": False,
                }
            ],
            "information": {
                "standing": "waiting",
                "day": "2026-12-24",
                "said_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                "said_at": "2026-11-24T12:00:00Z",
            },
        }
    )

    frame: Frame
    parts: list[str] = Field([], description="Which parts the caller reads: frame, identity, proposal, content.")
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
        [],
        description=(
            "The verbs the caller may do with it now: place_on_list, refuse_case, reconsider_case, "
            "invite_to_circle, end_invitation, write_contribution, decline_contribution, note_information, "
            "declare_conflict, keep_out, lift_conflict. What is sent may still be refused."
        ),
    )
    asks: list[str] = Field(
        [],
        description=(
            "What it asks of the caller now, by the very rule of what waits: case_proposed, case_listed, "
            "session_wanted, review_due, information_due, contribution_private, contribution_wanted, "
            "action_due; first what others wait for."
        ),
    )
    review: str = Field(
        "",
        description=(
            "How late its review is: empty (in time), late, or blocks (by more than 14 days: nothing new is shared)."
        ),
    )
    way: list[str] = Field([], description="The states it passes, as a line.")
    way_now: int = Field(0, description="Which of them is now, from 0.")
    police: bool = Field(False, description="What the caller writes is marked as of police origin.")
    more_after: str = Field(
        "", description="There are more contributions, after this one; empty when these are the last."
    )
    age: Age | None = Field(None, description="To who reads the person; absent when nothing is known of the birth.")
    answered_by: Id | None = Field(
        None,
        description="To coordinator, mayor and delegate of its town: who put it on the list or refused it, and when.",
    )
    answered_at: datetime | None = None
    reporter_id: Id | None = Field(
        None, description="Who told the signal it began with; to who may invite, absent for others."
    )
    ended_invitations: list[EndedInvitation] = Field(
        [],
        description=(
            "To coordinator, mayor and delegate of its town who are in its circle: the invitations that were "
            "ended, by whom, when and why; the newest last."
        ),
    )
    unchecked: str = Field(
        "",
        description=(
            "To coordinator, mayor and delegate of its town: why it was proposed without an answer of the "
            "police; empty with one, and for cases of before."
        ),
    )
    kept_out: list[KeptOut] = Field(
        [],
        description="To its circle: who has a conflict of interest and reads nothing of it, whatever seat they hold.",
    )
    information: Information | None = Field(
        None, description="Of a case that is or was on the list: whether the person concerned is informed."
    )


class Cases(View):
    """One page of the frames of cases."""

    model_config = example(
        {
            "cases": [
                {
                    "case_id": "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10",
                    "code": "AR-26-014",
                    "nis_code": "24001",
                    "state": "LISTED",
                    "minor": True,
                    "phenomenon": "unclear",
                    "proposed_at": "2026-11-24T10:00:00Z",
                    "listed_at": "2026-11-24T11:00:00Z",
                    "version": 2,
                    "stage": "at_the_table",
                    "to_plan": True,
                    "urgent": False,
                    "concerned": {
                        "name": "Milan",
                        "age": {"least": 16, "most": 16, "minor": "minor"},
                        "estimated": False,
                    },
                }
            ],
            "everyones": True,
        }
    )

    cases: list[Frame] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    everyones: bool = Field(
        False,
        description=(
            "Those of circles without the caller are among them: the caller's role sees the frames of its towns."
        ),
    )


class Waiting(View):
    """One thing that waits for the caller."""

    kind: str = Field(
        description=(
            "signal_received (coordinator: look at it), case_proposed (mayor: decide on the list), "
            "case_listed (coordinator: the circle), session_wanted (coordinator: somebody is invited, and no "
            "session is planned), contribution_wanted (participant: a session comes, or invited since the "
            "last decision), contribution_private (author: a draft is not shared), action_due (owner), "
            "review_due (coordinator, mayor: the review date comes or is past, and no session is planned), "
            "information_due (coordinator: the person concerned is to be informed), check_wanted (police: "
            "answer a preliminary check), hold_ends (police: a hold comes to its last day), check_answered "
            "(coordinator: nothing stands against going on), check_late (coordinator, later the mayor: the "
            "police did not answer in time), signal_asked (who told a signal: answer a question about it), "
            "signal_added (coordinator: read an answer or what was added), question_asked (coordinator: "
            "answer it) or question_answered (whoever asked it: read the answer, then close it)."
        )
    )
    case_id: Id | None = None
    case_code: str = ""
    signal_id: Id | None = None
    contribution_id: Id | None = None
    nis_code: str = Field(description="A question is of the whole cell: of it a town of the caller's own.")
    minor: bool = False
    urgent: bool = Field(
        False, description="The signal is urgent; of a case until a session decided on it. These stand first."
    )
    since: datetime | None = Field(None, description="Since when it waits.")
    session_at: datetime | None = Field(None, description="When the session begins (contribution_wanted).")
    due_on: str | None = Field(
        None,
        description=(
            "By when (action_due, review_due, information_due, check_wanted, check_late; hold_ends: its last day)."
        ),
    )
    life_domain: str = Field("", description="action_due: what it is about.")
    reporter_id: Id | None = Field(None, description="signal_received: who told.")
    question_id: Id | None = None


class WaitingList(View):
    """One page of what waits for the caller, the most pressing first."""

    model_config = example(
        {
            "waiting": [
                {
                    "kind": "contribution_wanted",
                    "case_id": "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10",
                    "case_code": "AR-26-014",
                    "nis_code": "24001",
                    "minor": True,
                    "urgent": False,
                    "since": "2026-11-24T11:00:00Z",
                    "session_at": "2026-12-01T13:00:00Z",
                }
            ],
            "cases_of_mine": 3,
            "total": 3,
        }
    )

    waiting: list[Waiting] = []
    cases_of_mine: int = Field(
        0,
        description=(
            "Running cases whose circle the caller is in; counted no further than 100, which says: more than 99."
        ),
    )
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    total: int = Field(0, description="How many things wait, those of all pages.")
