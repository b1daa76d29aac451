"""Bodies, queries and answers of meeting. Made by `make proto` from proto/rondetafel/meeting/v1."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.portal.api.generated import codes
from services.portal.api.schema import Body, Day, Id, Moment, Page, Text, View, example


class PlannedItem(Body):
    """A listed case and its time window."""

    case_id: Id
    starts_at: Moment
    ends_at: Moment


class Dissent(Body):
    """Somebody thinks otherwise."""

    person_id: Id
    text: Text = Field(min_length=1, max_length=2_000)


class PlannedAction(Body):
    """An action of the follow-up plan."""

    life_domain: codes.LifeDomains
    owner_id: Id
    due_on: Day
    what: Text = Field(min_length=1, max_length=200, description="What will be done, in a sentence.")


class PlanSession(Body):
    """When, where, and which cases."""

    model_config = example(
        {
            "starts_at": "2026-12-01T13:00:00Z",
            "ends_at": "2026-12-01T15:00:00Z",
            "items": [
                {
                    "case_id": "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10",
                    "starts_at": "2026-12-01T13:00:00Z",
                    "ends_at": "2026-12-01T13:45:00Z",
                }
            ],
            "place": "town_hall",
        }
    )

    starts_at: Moment
    ends_at: Moment
    items: list[PlannedItem] = Field(min_length=1, max_length=50)
    place: codes.Places = Field(description="Where it is held.")


class OpenSession(Body):
    """Who is there, and that the chair declared the secrecy of the session."""

    model_config = example({"present_person_ids": ["7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10"], "secrecy_declared": True})

    present_person_ids: list[Id] = Field(min_length=1, max_length=100)
    secrecy_declared: bool = Field(description="Must be true: the chair declared the secrecy of the session.")


class PrepareDecision(Body):
    """What the chair may decide on one item; what a decision needs may be missing still."""

    model_config = example(
        {
            "agenda_item_id": "01932f74-5a6f-7182-8e9d-0f1a2b3c4d54",
            "outcome": "follow_up",
            "reasons": "De partners zien samen genoeg aanknopingspunten.",
            "dissents": [
                {"person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10", "text": "Eerst nog eens met de school praten."}
            ],
            "actions": [
                {
                    "life_domain": "leisure",
                    "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "due_on": "2026-12-24",
                    "what": "Neemt hem mee naar het fietsatelier.",
                }
            ],
            "case_lead_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "review_on": "2027-03-01",
        }
    )

    agenda_item_id: Id
    outcome: codes.Outcomes
    reasons: Text = Field(min_length=1, max_length=8_000)
    dissents: list[Dissent] = Field([], max_length=50)
    actions: list[PlannedAction] = Field([], max_length=50)
    case_lead_id: Id | None = None
    review_on: Day | None = None


class RecordDecision(Body):
    """What the chair decided on one item. Follow-up needs an action, a case lead and a review date."""

    model_config = example(
        {
            "agenda_item_id": "01932f74-5a6f-7182-8e9d-0f1a2b3c4d54",
            "outcome": "follow_up",
            "reasons": "De partners zien samen genoeg aanknopingspunten.",
            "dissents": [
                {"person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10", "text": "Eerst nog eens met de school praten."}
            ],
            "actions": [
                {
                    "life_domain": "leisure",
                    "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "due_on": "2026-12-24",
                    "what": "Neemt hem mee naar het fietsatelier.",
                }
            ],
            "case_lead_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "review_on": "2027-03-01",
        }
    )

    agenda_item_id: Id
    outcome: codes.Outcomes
    reasons: Text = Field(min_length=1, max_length=8_000)
    dissents: list[Dissent] = Field([], max_length=50)
    actions: list[PlannedAction] = Field(
        [], max_length=50, description="Follow-up only, as case lead and review date: at least one."
    )
    case_lead_id: Id | None = None
    review_on: Day | None = None


class ListSessionsPage(Page):
    """Sessions of the cell by their date, the latest first, without items and attendance: those are read one by one."""

    time: Literal[codes.Times, ""] = Field(
        "", description="current: only those that come or go on, the soonest first; past: only the others; empty = all."
    )


class DissentView(View):
    """Somebody thinks otherwise."""

    person_id: Id
    text: str


class AgreedAction(View):
    """An action as it was agreed. Where it stands by now, the case says under the same id."""

    action_id: Id
    what: str = ""
    life_domain: str
    owner_id: Id
    due_on: str


class Decision(View):
    """What was decided."""

    decision_id: Id
    outcome: str
    reasons: str = ""
    dissents: list[DissentView] = []
    decided_by: Id
    decided_at: datetime
    actions: list[AgreedAction] = Field(
        [], description="What was agreed for a follow-up, by its date; empty of decisions before it was kept in words."
    )


class PlannedActionView(View):
    """An action of the follow-up plan."""

    life_domain: str
    owner_id: Id
    due_on: str
    what: str = Field(description="What will be done, in a sentence.")


class PreparedDecision(View):
    """A decision as it is prepared."""

    outcome: str
    reasons: str = ""
    dissents: list[DissentView] = []
    actions: list[PlannedActionView] = []
    case_lead_id: Id | None = None
    review_on: str | None = None
    prepared_by: Id
    prepared_at: datetime
    version: int


class AgendaItem(View):
    """A case on the agenda; a closed point for whoever is not in its circle."""

    agenda_item_id: Id
    position: int = 0
    starts_at: datetime
    ends_at: datetime
    case_id: Id | None = Field(None, description="Empty in a closed point, as code and town.")
    case_code: str | None = None
    closed_point: bool = False
    decision: Decision | None = None
    nis_code: str | None = Field(None, description="The town of the case, whose seats it needs.")
    may: list[str] = Field(
        [], description="The verbs the caller may do with it now: record_decision, prepare_decision."
    )
    seats_taken: bool = Field(
        False,
        description=(
            "In an open session: those present take the three seats of this town, so that the table can decide."
        ),
    )
    chairs: bool = Field(False, description="The caller chairs the town of this case, and reads its content.")
    guest_ids: list[Id] = Field(
        [], description="Before it is opened, for who reads the content of the case: who is invited to it in person."
    )
    prepared: PreparedDecision | None = Field(
        None, description="What is prepared for the chair, for who prepares or decides; gone once it is decided."
    )


class Attendance(View):
    """Who was there, and in which seat."""

    person_id: Id
    seat: str | None = None


class Session(View):
    """A session as the caller may see it."""

    model_config = example(
        {
            "session_id": "01932f73-4f5e-7071-8d8c-9e0f1a2b3c43",
            "state": "OPEN",
            "starts_at": "2026-12-01T13:00:00Z",
            "ends_at": "2026-12-01T15:00:00Z",
            "place": "town_hall",
            "items": [
                {
                    "agenda_item_id": "01932f74-5a6f-7182-8e9d-0f1a2b3c4d54",
                    "position": 1,
                    "starts_at": "2026-12-01T13:00:00Z",
                    "ends_at": "2026-12-01T13:45:00Z",
                    "case_id": "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10",
                    "case_code": "AR-26-014",
                    "closed_point": False,
                    "decision": {
                        "decision_id": "01932f75-6b70-7293-8fae-102b3c4d5e65",
                        "outcome": "follow_up",
                        "reasons": "De partners zien samen genoeg aanknopingspunten.",
                        "dissents": [
                            {
                                "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "text": "Eerst nog eens met de school praten.",
                            }
                        ],
                        "decided_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                        "decided_at": "2026-12-01T13:40:00Z",
                        "actions": [
                            {
                                "action_id": "01932f76-7c81-73a4-9fb0-213c4d5e6f76",
                                "what": "Neemt hem mee naar het fietsatelier.",
                                "life_domain": "leisure",
                                "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "due_on": "2026-12-24",
                            }
                        ],
                    },
                    "nis_code": "24001",
                    "may": ["record_decision"],
                    "seats_taken": True,
                    "chairs": True,
                    "guest_ids": ["7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10"],
                    "prepared": {
                        "outcome": "follow_up",
                        "reasons": "De partners zien samen genoeg aanknopingspunten.",
                        "dissents": [
                            {
                                "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "text": "Eerst nog eens met de school praten.",
                            }
                        ],
                        "actions": [
                            {
                                "life_domain": "leisure",
                                "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "due_on": "2026-12-24",
                                "what": "Neemt hem mee naar het fietsatelier.",
                            }
                        ],
                        "case_lead_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                        "review_on": "2027-03-01",
                        "prepared_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                        "prepared_at": "2026-12-01T13:30:00Z",
                        "version": 1,
                    },
                }
            ],
            "attendance": [{"person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10", "seat": "mayor"}],
            "version": 2,
            "stage": "going_on",
            "opened_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
            "opened_at": "2026-12-01T13:02:00Z",
        }
    )

    session_id: Id
    state: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    items: list[AgendaItem] = []
    attendance: list[Attendance] = []
    version: int
    may: list[str] = Field(
        [],
        description=(
            "The verbs the caller may do with it now: open_session, cancel_session, undo_opening. Who is "
            "present may still be refused."
        ),
    )
    stage: str = Field(
        "",
        description=(
            "Where it stands: coming, going_on, over (from the day after too, when nobody closed it) or cancelled."
        ),
    )
    opened_by: Id | None = Field(
        None, description="Who opened it, and when; as who cancelled it, told where one session is read."
    )
    opened_at: datetime | None = None
    cancelled_by: Id | None = None
    cancelled_at: datetime | None = None


class Sessions(View):
    """One page of sessions by their date, without decision texts."""

    model_config = example(
        {
            "sessions": [
                {
                    "session_id": "01932f73-4f5e-7071-8d8c-9e0f1a2b3c43",
                    "state": "OPEN",
                    "starts_at": "2026-12-01T13:00:00Z",
                    "ends_at": "2026-12-01T15:00:00Z",
                    "place": "town_hall",
                    "items": [
                        {
                            "agenda_item_id": "01932f74-5a6f-7182-8e9d-0f1a2b3c4d54",
                            "position": 1,
                            "starts_at": "2026-12-01T13:00:00Z",
                            "ends_at": "2026-12-01T13:45:00Z",
                            "case_id": "01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10",
                            "case_code": "AR-26-014",
                            "closed_point": False,
                            "decision": {
                                "decision_id": "01932f75-6b70-7293-8fae-102b3c4d5e65",
                                "outcome": "follow_up",
                                "reasons": "De partners zien samen genoeg aanknopingspunten.",
                                "dissents": [
                                    {
                                        "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                        "text": "Eerst nog eens met de school praten.",
                                    }
                                ],
                                "decided_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "decided_at": "2026-12-01T13:40:00Z",
                                "actions": [
                                    {
                                        "action_id": "01932f76-7c81-73a4-9fb0-213c4d5e6f76",
                                        "what": "Neemt hem mee naar het fietsatelier.",
                                        "life_domain": "leisure",
                                        "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                        "due_on": "2026-12-24",
                                    }
                                ],
                            },
                            "nis_code": "24001",
                            "may": ["record_decision"],
                            "seats_taken": True,
                            "chairs": True,
                            "guest_ids": ["7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10"],
                            "prepared": {
                                "outcome": "follow_up",
                                "reasons": "De partners zien samen genoeg aanknopingspunten.",
                                "dissents": [
                                    {
                                        "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                        "text": "Eerst nog eens met de school praten.",
                                    }
                                ],
                                "actions": [
                                    {
                                        "life_domain": "leisure",
                                        "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                        "due_on": "2026-12-24",
                                        "what": "Neemt hem mee naar het fietsatelier.",
                                    }
                                ],
                                "case_lead_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "review_on": "2027-03-01",
                                "prepared_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "prepared_at": "2026-12-01T13:30:00Z",
                                "version": 1,
                            },
                        }
                    ],
                    "attendance": [{"person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10", "seat": "mayor"}],
                    "version": 2,
                    "stage": "going_on",
                    "opened_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                    "opened_at": "2026-12-01T13:02:00Z",
                }
            ]
        }
    )

    sessions: list[Session] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class CaseSession(View):
    """A session that has or had the case on its agenda."""

    session_id: Id
    state: str
    starts_at: datetime = Field(description="When the time window of this case begins.")
    ends_at: datetime
    place: str = ""
    decision: Decision | None = None
    stage: str = Field(
        "",
        description=(
            "Where it stands: coming, going_on, over (from the day after too, when nobody closed it) or cancelled."
        ),
    )


class CaseSessions(View):
    """One page of the sessions of a case, oldest first; shorter where what was decided is long."""

    model_config = example(
        {
            "sessions": [
                {
                    "session_id": "01932f73-4f5e-7071-8d8c-9e0f1a2b3c43",
                    "state": "OPEN",
                    "starts_at": "2026-12-01T13:00:00Z",
                    "ends_at": "2026-12-01T13:45:00Z",
                    "place": "town_hall",
                    "decision": {
                        "decision_id": "01932f75-6b70-7293-8fae-102b3c4d5e65",
                        "outcome": "follow_up",
                        "reasons": "De partners zien samen genoeg aanknopingspunten.",
                        "dissents": [
                            {
                                "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "text": "Eerst nog eens met de school praten.",
                            }
                        ],
                        "decided_by": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                        "decided_at": "2026-12-01T13:40:00Z",
                        "actions": [
                            {
                                "action_id": "01932f76-7c81-73a4-9fb0-213c4d5e6f76",
                                "what": "Neemt hem mee naar het fietsatelier.",
                                "life_domain": "leisure",
                                "owner_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
                                "due_on": "2026-12-24",
                            }
                        ],
                    },
                    "stage": "going_on",
                }
            ]
        }
    )

    sessions: list[CaseSession] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
