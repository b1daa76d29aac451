"""Signals, cases, their circle and what it shares: entities and their rules. Parts and readers: docs/domain.md."""

from services.case.model.base import Base, Versioned
from services.case.model.case import Case, CaseAction, CaseIdentity, CaseProposal, KeptDecision
from services.case.model.circle import CIRCLE_END, EVERY_PART, CircleEntry, Part
from services.case.model.codes import (
    ANSWERS_INFORMED,
    CRITERIA,
    CRITERIA_VERSION,
    EVIDENCE_KINDS,
    LANGUAGES,
    LIFE_DOMAINS,
    PHENOMENA,
)
from services.case.model.contribution import Contribution, ContributionDeclined, ReadReceipt
from services.case.model.signal import Signal, SignalContent, SignalIdentity
from services.case.model.states import (
    CASE_MOVES,
    CONTRIBUTION_MOVES,
    OVER,
    SIGNAL_MOVES,
    TABLED,
    ActionState,
    CaseState,
    ContributionState,
    SignalState,
)

TENANT_TABLES = frozenset(
    {
        "signal", "signal_identity", "signal_content", "circle_entry", "case_frame", "case_identity", "case_proposal",
        "case_action", "case_counter", "contribution", "contribution_declined", "read_receipt", "planned_session",
        "planned_case", "kept_decision",
    }
)  # fmt: skip
PERSON_TABLES: frozenset[str] = frozenset()
PLATFORM_TABLES: frozenset[str] = frozenset()

__all__ = [
    "ANSWERS_INFORMED",
    "CASE_MOVES",
    "CIRCLE_END",
    "CONTRIBUTION_MOVES",
    "CRITERIA",
    "CRITERIA_VERSION",
    "EVERY_PART",
    "EVIDENCE_KINDS",
    "LANGUAGES",
    "LIFE_DOMAINS",
    "OVER",
    "PERSON_TABLES",
    "PHENOMENA",
    "PLATFORM_TABLES",
    "SIGNAL_MOVES",
    "TABLED",
    "TENANT_TABLES",
    "ActionState",
    "Base",
    "Case",
    "CaseAction",
    "CaseIdentity",
    "CaseProposal",
    "CaseState",
    "CircleEntry",
    "Contribution",
    "ContributionDeclined",
    "ContributionState",
    "KeptDecision",
    "Part",
    "ReadReceipt",
    "Signal",
    "SignalContent",
    "SignalIdentity",
    "SignalState",
    "Versioned",
]
