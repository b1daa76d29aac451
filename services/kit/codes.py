"""The lists of codes, made by `make proto` from proto/rondetafel/kit/v1/codes.proto."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("nl", "fr", "de", "en")
LIFE_DOMAINS = (
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
)
"""docs/domain.md, Codes."""
CRITERIA = (
    "calls_for_violence",
    "justifies_violence",
    "threatens_violence",
    "contact_with_violent_network",
    "departure_or_return",
    "preparatory_conduct",
    "isolation",
    "minor_in_violent_environment",
)
"""Conduct and circumstances that the federal law of 30 July 2018 aims at (preventing terrorist offences), never a
belief, an origin or an opinion (docs/domain.md, What it must never do). The law itself gives no closed list."""
EVIDENCE_KINDS = ("observation", "document", "conversation", "report")
PHENOMENA = ("violent_extremism", "single_issue", "anti_government", "hate_preaching", "foreign_fighters", "unclear")
"""docs/domain.md, Codes: of a case, never a person's belief."""
ANSWERS_INFORMED = ("informed", "postponed", "not_applicable")
"""Whether the person concerned is informed (invariant 6)."""
PARTS = ("frame", "identity", "proposal", "content")
"""The four parts of a case."""
INVITED_PARTS = ("identity", "proposal", "content")
"""Those somebody is invited for; the frame comes along."""
SIGNAL_STATES = ("RECEIVED", "UNDER_CHECK", "NOT_RETAINED", "REDIRECTED", "PROPOSED", "WITHDRAWN")
"""docs/domain.md, States."""
DISMISSAL_REASONS = ("other_purpose", "too_little", "unfounded", "helped_already", "known_already", "other")
"""Why a signal is nothing for the table, for coordinators alone."""
HELP_KINDS = (
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
)
"""Which kind of help a signal is referred to."""
EXCHANGE_KINDS = ("question", "answer", "addition")
"""What is said about a signal after it was entered."""
CHECK_ANSWERS = ("no_objection", "hold")
"""What the police answer to a preliminary check; there is no more to say than this."""
QUESTION_STATES = ("ASKED", "ANSWERED", "CLOSED")
"""How a preliminary check stands: asked and within its term, past it, answered, held, or held until a day that is
over."""
CHECK_STANDINGS = ("waiting", "late", "cleared", "held", "hold_over")
UNCHECKED_REASONS = ("told_by_police", "asked_in_person", "urgent", "no_answer")
"""Why a case is proposed without an answer of the police."""
INFORMATION_ANSWERS = ("informed", "postponed")
"""What is done about the duty to inform the person concerned."""
INFORMATION_REASONS = ("safety", "purpose", "interest", "unreachable")
"""Why the person concerned is not informed yet."""
INFORMATION_STANDINGS = ("waiting", "informed", "postponed", "late")
"""How the duty to inform the person concerned stands: nothing said and time left, informed, put off, or late."""
CASE_STATES = (
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
)
"""docs/domain.md, States."""
CONTRIBUTION_STATES = ("PRIVATE", "ASSESSED", "SHARED", "CORRECTED", "WITHDRAWN")
"""docs/domain.md, States."""
ACTION_STATES = ("AGREED", "BUSY", "DONE", "BLOCKED", "DROPPED")
"""docs/domain.md, States."""
SESSION_STATES = ("PLANNED", "CONVENED", "OPEN", "CLOSED", "MINUTES_DRAFT", "MINUTES_APPROVED", "SEALED", "CANCELLED")
"""docs/domain.md, States."""
PLACES = ("town_hall", "online", "elsewhere")
"""Where a session is held."""
OUTCOMES = ("follow_up", "no_action")
"""What a session decides on a case."""
REGIONS = ("flanders", "wallonia", "brussels")
LEGAL_PURPOSES = ("hold_cell", "speak", "take_part", "process_data")
"""What a legal basis is for: that there is a cell; that secrecy does not stand between those at the table; that a
partner may come and share; that data may be kept and exchanged."""
ORGANISATION_KINDS = (
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
)
"""docs/domain.md, Codes; the last one is known to be refused by name (IntelligenceServiceRefused)."""
CELL_ROLES = (
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
)
"""What a mandate lets a person be in a cell (docs/glossary.md)."""
FOUNDING_ROLES = ("mayor", "coordinator")
"""Those the host may give in a cell without mayor, and a recovery."""
END_REASONS = ("successor", "left", "conflict_of_interest", "other")
"""Why a mandate ends."""
SUSPENSION_REASONS = ("inquiry", "conflict_of_interest", "long_absence", "lost_access", "other")
"""Why a mandate opens nothing for a while."""
CELL_SUSPENSION_REASONS = ("asked_by_cell", "incident", "authority", "contract")
"""Why the host suspended a cell."""
DEPUTY_TURNS = ("always", "absent")
"""When a deputy counts: always, or while the holder is absent."""
INVITATION_END_REASONS = ("taken_back", "no_longer_needed", "asked_to_leave", "conflict_of_interest")
"""Why an invitation to a case ends before its last day."""
INVITATION_STATES = ("SENT", "ACCEPTED", "WITHDRAWN", "EXPIRED")
"""docs/domain.md, States."""
WAYS_GIVEN = ("FOUNDING", "RECOVERY", "CELL", "PROPOSAL", "APPOINTMENT", "EARLIER")
"""How a mandate came about."""
IDENTITY_KINDS = ("subject", "provider", "organisation")
"""What of the sign-in service can be shut out."""
BROWSERS = ("chrome", "client", "edge", "firefox", "opera", "other", "safari", "samsung")
"""What somebody is signed in with, as far as it says so: a family of browsers, or a client of the API."""
AUDIT_VERBS = ("collect", "alter", "consult", "disclose", "combine", "erase", "decide", "sign_in", "administer")
"""What an act does to personal data (services/audit/model/leaf.py)."""
TIMES = ("current", "past")
"""Which part of a list is asked for: what counts or comes, or what is over."""
RULES_KINDS = ("internal_rules", "cooperation_protocol", "undertaking")
"""What texts a cell gives itself: how its people work together, what its organisations agree on, and the secrecy that
is promised there in place of the text of the platform."""
RULES_STATES = ("PROPOSED", "DECIDED", "SENT_BACK", "REPLACED")
"""docs/domain.md, States."""
SEAT_STATES = ("new", "invited", "held", "faulty")
"""What a row of a list of seats comes to: a new invitation, one that waits already, a mandate held already, or
nothing."""
RULES_STANDINGS = ("waiting", "sent_back", "replaced", "coming", "in_force", "past")
"""What a version is on a day: decided on and to come, in force or over; or not decided."""
RULES_FORMATS = ("text", "pdf")
"""As what it was handed in: written here, or as a file."""

LISTS: Mapping[str, tuple[str, ...]] = {
    "Languages": LANGUAGES,
    "LifeDomains": LIFE_DOMAINS,
    "Criteria": CRITERIA,
    "EvidenceKinds": EVIDENCE_KINDS,
    "Phenomena": PHENOMENA,
    "AnswersInformed": ANSWERS_INFORMED,
    "Parts": PARTS,
    "InvitedParts": INVITED_PARTS,
    "SignalStates": SIGNAL_STATES,
    "DismissalReasons": DISMISSAL_REASONS,
    "HelpKinds": HELP_KINDS,
    "ExchangeKinds": EXCHANGE_KINDS,
    "CheckAnswers": CHECK_ANSWERS,
    "QuestionStates": QUESTION_STATES,
    "CheckStandings": CHECK_STANDINGS,
    "UncheckedReasons": UNCHECKED_REASONS,
    "InformationAnswers": INFORMATION_ANSWERS,
    "InformationReasons": INFORMATION_REASONS,
    "InformationStandings": INFORMATION_STANDINGS,
    "CaseStates": CASE_STATES,
    "ContributionStates": CONTRIBUTION_STATES,
    "ActionStates": ACTION_STATES,
    "SessionStates": SESSION_STATES,
    "Places": PLACES,
    "Outcomes": OUTCOMES,
    "Regions": REGIONS,
    "LegalPurposes": LEGAL_PURPOSES,
    "OrganisationKinds": ORGANISATION_KINDS,
    "CellRoles": CELL_ROLES,
    "FoundingRoles": FOUNDING_ROLES,
    "EndReasons": END_REASONS,
    "SuspensionReasons": SUSPENSION_REASONS,
    "CellSuspensionReasons": CELL_SUSPENSION_REASONS,
    "DeputyTurns": DEPUTY_TURNS,
    "InvitationEndReasons": INVITATION_END_REASONS,
    "InvitationStates": INVITATION_STATES,
    "WaysGiven": WAYS_GIVEN,
    "IdentityKinds": IDENTITY_KINDS,
    "Browsers": BROWSERS,
    "AuditVerbs": AUDIT_VERBS,
    "Times": TIMES,
    "RulesKinds": RULES_KINDS,
    "RulesStates": RULES_STATES,
    "SeatStates": SEAT_STATES,
    "RulesStandings": RULES_STANDINGS,
    "RulesFormats": RULES_FORMATS,
}
"""By the name that the options of a field give (FieldRule.codes)."""
