"""Signals, cases, their circle and what it shares: entities and their rules. Parts and readers: docs/domain.md."""

from services.case.model.base import Base, Versioned
from services.case.model.case import Case, CaseAction, CaseIdentity, CaseProposal, KeptDecision
from services.case.model.cell import OPEN, CellState
from services.case.model.check import CheckAnswer, PreliminaryCheck
from services.case.model.circle import CIRCLE_END, EVERY_PART, CircleEntry, Part
from services.case.model.codes import (
    ANSWERS_INFORMED,
    CHECK_ANSWERS,
    CHECK_STANDINGS,
    CRITERIA,
    CRITERIA_VERSION,
    EVIDENCE_KINDS,
    LANGUAGES,
    LIFE_DOMAINS,
    PHENOMENA,
    UNCHECKED_REASONS,
)
from services.case.model.contribution import Contribution, ContributionDeclined, ReadReceipt
from services.case.model.exchange import ExchangeKind, ExchangeStanding, SignalEntry, SignalSeen
from services.case.model.question import Question, QuestionStanding, QuestionText
from services.case.model.signal import Signal, SignalContent, SignalIdentity, SignalOutcome, SignalReason
from services.case.model.standing import CaseStanding, CheckStanding, ContributionStanding, SignalStanding
from services.case.model.states import (
    AWAITS_SESSION,
    BEFORE_THE_MAYOR,
    CASE_MOVES,
    CONTRIBUTION_MOVES,
    DRAFTS,
    FOLLOWED,
    OVER,
    PLANNABLE,
    QUESTION_MOVES,
    READABLE,
    SIGNAL_MOVES,
    SIGNALS_ANSWERED,
    SIGNALS_OPEN,
    TABLED,
    TO_DO,
    ActionState,
    CaseState,
    ContributionState,
    QuestionState,
    SignalState,
    Stage,
    stage_of,
    way_of,
)
from services.case.model.taught import TaughtAnswer

TENANT_TABLES = frozenset(
    {
        "signal", "signal_identity", "signal_content", "circle_entry", "case_frame", "case_identity", "case_proposal",
        "case_action", "case_counter", "contribution", "contribution_declined", "read_receipt", "planned_session",
        "planned_case", "kept_decision", "preliminary_check", "check_answer", "signal_outcome", "signal_reason",
        "question", "question_text", "taught_answer", "signal_entry", "signal_seen",
    }
)  # fmt: skip
PERSON_TABLES: frozenset[str] = frozenset()
PLATFORM_TABLES: frozenset[str] = frozenset({"cell_state"})

__all__ = [
    "ANSWERS_INFORMED",
    "AWAITS_SESSION",
    "BEFORE_THE_MAYOR",
    "CASE_MOVES",
    "CHECK_ANSWERS",
    "CHECK_STANDINGS",
    "CIRCLE_END",
    "CONTRIBUTION_MOVES",
    "CRITERIA",
    "CRITERIA_VERSION",
    "DRAFTS",
    "EVERY_PART",
    "EVIDENCE_KINDS",
    "FOLLOWED",
    "LANGUAGES",
    "LIFE_DOMAINS",
    "OPEN",
    "OVER",
    "PERSON_TABLES",
    "PHENOMENA",
    "PLANNABLE",
    "PLATFORM_TABLES",
    "QUESTION_MOVES",
    "READABLE",
    "SIGNALS_ANSWERED",
    "SIGNALS_OPEN",
    "SIGNAL_MOVES",
    "TABLED",
    "TENANT_TABLES",
    "TO_DO",
    "UNCHECKED_REASONS",
    "ActionState",
    "Base",
    "Case",
    "CaseAction",
    "CaseIdentity",
    "CaseProposal",
    "CaseStanding",
    "CaseState",
    "CellState",
    "CheckAnswer",
    "CheckStanding",
    "CircleEntry",
    "Contribution",
    "ContributionDeclined",
    "ContributionStanding",
    "ContributionState",
    "ExchangeKind",
    "ExchangeStanding",
    "KeptDecision",
    "Part",
    "PreliminaryCheck",
    "Question",
    "QuestionStanding",
    "QuestionState",
    "QuestionText",
    "ReadReceipt",
    "Signal",
    "SignalContent",
    "SignalEntry",
    "SignalIdentity",
    "SignalOutcome",
    "SignalReason",
    "SignalSeen",
    "SignalStanding",
    "SignalState",
    "Stage",
    "TaughtAnswer",
    "Versioned",
    "stage_of",
    "way_of",
]
