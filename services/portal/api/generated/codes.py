"""The lists of codes as types. Made by `make proto` from proto/rondetafel/kit/v1/codes.proto."""

from typing import Literal

Languages = Literal["nl", "fr", "de", "en"]
LifeDomains = Literal[
    "identity_and_meaning",
    "family",
    "friends_and_network",
    "school_and_training",
    "work_and_income",
    "housing",
    "mental_health",
    "addiction",
    "leisure",
    "online_life",
    "administration_and_justice",
    "safety_of_others",
]
Criteria = Literal[
    "calls_for_violence",
    "justifies_violence",
    "threatens_violence",
    "contact_with_violent_network",
    "departure_or_return",
    "preparatory_conduct",
    "isolation",
    "minor_in_violent_environment",
]
EvidenceKinds = Literal["observation", "document", "conversation", "report"]
Phenomena = Literal[
    "violent_extremism", "single_issue", "anti_government", "hate_preaching", "foreign_fighters", "unclear"
]
AnswersInformed = Literal["informed", "postponed", "not_applicable"]
Parts = Literal["frame", "identity", "proposal", "content"]
InvitedParts = Literal["identity", "proposal", "content"]
SignalStates = Literal["RECEIVED", "UNDER_CHECK", "NOT_RETAINED", "REDIRECTED", "PROPOSED", "WITHDRAWN"]
DismissalReasons = Literal["other_purpose", "too_little", "unfounded", "helped_already", "known_already", "other"]
HelpKinds = Literal[
    "school_support",
    "youth_help",
    "family_help",
    "child_protection",
    "mental_health",
    "addiction_help",
    "welfare",
    "violence_at_home",
    "discrimination",
    "police",
    "other",
]
ExchangeKinds = Literal["question", "answer", "addition"]
CheckAnswers = Literal["no_objection", "hold"]
QuestionStates = Literal["ASKED", "ANSWERED", "CLOSED"]
CheckStandings = Literal["waiting", "late", "cleared", "held", "hold_over"]
UncheckedReasons = Literal["told_by_police", "asked_in_person", "urgent", "no_answer"]
InformationAnswers = Literal["informed", "postponed"]
InformationReasons = Literal["safety", "purpose", "interest", "unreachable"]
InformationStandings = Literal["waiting", "informed", "postponed", "late"]
CaseStates = Literal[
    "PROPOSED",
    "LISTED",
    "REFUSED",
    "ON_HOLD",
    "SCHEDULED",
    "DISCUSSED",
    "FOLLOW_UP",
    "CLOSED_NO_ACTION",
    "AFTERCARE",
    "CLOSED",
    "TRANSFERRED",
    "REOPENED",
    "RETAINED",
    "ERASED",
    "RESTRICTED",
]
ContributionStates = Literal["PRIVATE", "ASSESSED", "SHARED", "CORRECTED", "WITHDRAWN"]
ActionStates = Literal["AGREED", "BUSY", "DONE", "BLOCKED", "DROPPED"]
SessionStates = Literal[
    "PLANNED", "CONVENED", "OPEN", "CLOSED", "MINUTES_DRAFT", "MINUTES_APPROVED", "SEALED", "CANCELLED"
]
Places = Literal["town_hall", "online", "elsewhere"]
Outcomes = Literal["follow_up", "no_action"]
Regions = Literal["flanders", "wallonia", "brussels"]
LegalPurposes = Literal["hold_cell", "speak", "take_part", "process_data"]
OrganisationKinds = Literal[
    "local_police",
    "municipality",
    "ocmw",
    "school",
    "clb",
    "caw",
    "cgg",
    "jac",
    "youth_work",
    "culture",
    "sport",
    "employment",
    "justice_house",
    "housing",
    "health",
    "other",
    "intelligence_service",
]
CellRoles = Literal[
    "mayor",
    "mayor_delegate",
    "police_chief",
    "information_officer",
    "prevention_officer",
    "coordinator",
    "participant",
    "minute_taker",
    "dpo",
    "oversight",
]
FoundingRoles = Literal["mayor", "coordinator"]
EndReasons = Literal["successor", "left", "conflict_of_interest", "other"]
SuspensionReasons = Literal["inquiry", "conflict_of_interest", "long_absence", "lost_access", "other"]
CellSuspensionReasons = Literal["asked_by_cell", "incident", "authority", "contract"]
DeputyTurns = Literal["always", "absent"]
InvitationEndReasons = Literal["taken_back", "no_longer_needed", "asked_to_leave", "conflict_of_interest"]
InvitationStates = Literal["SENT", "ACCEPTED", "WITHDRAWN", "EXPIRED"]
WaysGiven = Literal["FOUNDING", "RECOVERY", "CELL", "PROPOSAL", "APPOINTMENT", "EARLIER"]
IdentityKinds = Literal["subject", "provider", "organisation"]
Browsers = Literal["chrome", "client", "edge", "firefox", "opera", "other", "safari", "samsung"]
AuditVerbs = Literal["collect", "alter", "consult", "disclose", "combine", "erase", "decide", "sign_in", "administer"]
Times = Literal["current", "past"]
RulesKinds = Literal["internal_rules", "cooperation_protocol", "undertaking"]
RulesStates = Literal["PROPOSED", "DECIDED", "SENT_BACK", "REPLACED"]
SeatStates = Literal["new", "invited", "held", "faulty"]
RulesStandings = Literal["waiting", "sent_back", "replaced", "coming", "in_force", "past"]
RulesFormats = Literal["text", "pdf"]
