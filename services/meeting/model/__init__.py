"""Sessions, their agenda, seats and decisions: entities and their rules; and what is known of cases and circles."""

from services.meeting.model.base import Base, Versioned
from services.meeting.model.codes import LIFE_DOMAINS, PLACES, PLANNABLE, TREATABLE, Outcome
from services.meeting.model.decision import Action, Decision, Dissent, PreparedDecision
from services.meeting.model.known import CircleEntry, KnownCase, in_circle, kept_out, my_circle
from services.meeting.model.plan import AgreedAction, StatedDissent
from services.meeting.model.seats import CHAIR, People, require_seats, seats_of, towns_of
from services.meeting.model.session import AgendaCase, AgendaItem, Attendance, Session, is_ahead
from services.meeting.model.states import NEXT, TO_OPEN, SessionState, Stage

TENANT_TABLES = frozenset(
    {
        "session", "agenda_item", "agenda_case", "attendance", "decision", "dissent", "agreed_action",
        "prepared_decision", "known_case", "circle_version", "circle_entry",
    }
)  # fmt: skip
PERSON_TABLES: frozenset[str] = frozenset()
PLATFORM_TABLES: frozenset[str] = frozenset()

__all__ = [
    "CHAIR",
    "LIFE_DOMAINS",
    "NEXT",
    "PERSON_TABLES",
    "PLACES",
    "PLANNABLE",
    "PLATFORM_TABLES",
    "TENANT_TABLES",
    "TO_OPEN",
    "TREATABLE",
    "Action",
    "AgendaCase",
    "AgendaItem",
    "AgreedAction",
    "Attendance",
    "Base",
    "CircleEntry",
    "Decision",
    "Dissent",
    "KnownCase",
    "Outcome",
    "People",
    "PreparedDecision",
    "Session",
    "SessionState",
    "Stage",
    "StatedDissent",
    "Versioned",
    "in_circle",
    "is_ahead",
    "kept_out",
    "my_circle",
    "require_seats",
    "seats_of",
    "towns_of",
]  # fmt: skip
