"""Codes in words. A code without a word is an error: tests compare the lists with the services' own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from services.portal.web.ui.cell_labels import (
    CELL_STATES,
    CELL_SUSPENSION_REASONS,
    DEPUTY_TURNS,
    END_REASONS,
    GIVEN_BY,
    INVITATION_STATES,
    RULES_KINDS,
    RULES_STANDINGS,
    SEAT_STANDINGS,
    SET_UP_LINES,
    SUSPENSION_REASONS,
)
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.signal_labels import DISMISSAL_REASONS, HELP_KINDS, SIGNAL_STATES, UNCHECKED

ROLES: Mapping[str, str] = {
    "mayor": _("mayor"),
    "mayor_delegate": _("delegate of the mayor"),
    "police_chief": _("chief of police"),
    "information_officer": _("information officer"),
    "prevention_officer": _("prevention officer"),
    "coordinator": _("coordinator"),
    "participant": _("participant"),
    "minute_taker": _("minute taker"),
    "dpo": _("data protection officer"),
    "oversight": _("oversight"),
    "host": _("host"),
}
SEATS: Mapping[str, str] = {
    "mayor": _("mayor"),
    "police": _("police"),
    "prevention": _("prevention"),
    "coordinator": _("coordinator"),
    "participant": _("participant"),
}
MANDATORY_SEATS = ("mayor", "police", "prevention")
"""Those the law asks for (invariant 3), as pages show them."""
"""How far a seat is that nobody holds."""
SEATS_WITH_DEPUTY = (*MANDATORY_SEATS, "coordinator")
"""Whose holders may say to be away."""
KINDS: Mapping[str, str] = {
    "local_police": _("police"),
    "municipality": _("municipality"),
    "ocmw": _("public welfare centre"),
    "school": _("school"),
    "clb": _("pupil guidance centre"),
    "caw": _("welfare centre"),
    "cgg": _("mental health centre"),
    "jac": _("youth advice centre"),
    "youth_work": _("youth work"),
    "culture": _("culture"),
    "sport": _("sport"),
    "employment": _("employment service"),
    "justice_house": _("justice house"),
    "housing": _("housing"),
    "health": _("health"),
    "other": _("other organisation"),
}
LEGAL_PURPOSES: Mapping[str, str] = {
    "hold_cell": _("that there is a table"),
    "speak": _("that people at the table may speak with each other"),
    "take_part": _("that a partner may take part and share"),
    "process_data": _("that data may be kept and exchanged"),
}
REGIONS: Mapping[str, str] = {"flanders": _("Flanders"), "wallonia": _("Wallonia"), "brussels": _("Brussels")}
LIFE_DOMAINS: Mapping[str, str] = {
    "identity_and_meaning": _("Identity and meaning"),
    "family": _("Family"),
    "friends_and_network": _("Friends and network"),
    "school_and_training": _("School and training"),
    "work_and_income": _("Work and income"),
    "housing": _("Housing"),
    "mental_health": _("Mental health"),
    "addiction": _("Addiction"),
    "leisure": _("Leisure"),
    "online_life": _("Online life"),
    "administration_and_justice": _("Administration and justice"),
    "safety_of_others": _("Safety of others"),
}
PHENOMENA: Mapping[str, str] = {
    "violent_extremism": _("violent extremism"),
    "single_issue": _("a single issue"),
    "anti_government": _("sovereign or against the government"),
    "hate_preaching": _("hate preaching"),
    "foreign_fighters": _("foreign fighters"),
    "unclear": _("not clear yet"),
}
CRITERIA: Mapping[str, str] = {
    "calls_for_violence": _("calls for violence"),
    "justifies_violence": _("justifies violence"),
    "threatens_violence": _("threatens with violence"),
    "contact_with_violent_network": _("contact with a violent network"),
    "departure_or_return": _("departure to or return from a conflict zone"),
    "preparatory_conduct": _("conduct that prepares for violence"),
    "isolation": _("isolates from family and friends"),
    "minor_in_violent_environment": _("a minor in a violent environment"),
}
EVIDENCE: Mapping[str, str] = {
    "observation": _("own observation"),
    "document": _("document"),
    "conversation": _("conversation"),
    "report": _("report"),
}
QUESTION_STATES: Mapping[str, str] = {
    "ASKED": _("asked"),
    "ANSWERED": _("answered"),
    "CLOSED": _("closed"),
}
CASE_STATES: Mapping[str, str] = {
    "PROPOSED": _("Proposed"),
    "LISTED": _("On the list"),
    "REFUSED": _("Refused"),
    "ON_HOLD": _("On hold"),
    "SCHEDULED": _("Session planned"),
    "DISCUSSED": _("Discussed"),
    "FOLLOW_UP": _("Follow-up"),
    "CLOSED_NO_ACTION": _("Closed without action"),
    "AFTERCARE": _("Aftercare"),
    "CLOSED": _("Closed"),
    "TRANSFERRED": _("Transferred"),
    "REOPENED": _("Opened again"),
    "RETAINED": _("Kept until erased"),
    "ERASED": _("Erased"),
    "RESTRICTED": _("Restricted"),
}
SESSION_STAGES: Mapping[str, str] = {
    "coming": _("planned"),
    "going_on": _("going on"),
    "over": _("over"),
    "cancelled": _("cancelled"),
}
ACTION_STATES: Mapping[str, str] = {
    "AGREED": _("Agreed"),
    "BUSY": _("Busy"),
    "DONE": _("Done"),
    "BLOCKED": _("Blocked"),
    "DROPPED": _("Dropped"),
}
PARTS: Mapping[str, str] = {
    "frame": _("code, dates and state"),
    "identity": _("who it is about"),
    "proposal": _("why it is a case"),
    "content": _("what the circle shares"),
}
PLACES: Mapping[str, str] = {"town_hall": _("town hall"), "online": _("online"), "elsewhere": _("elsewhere")}
OUTCOMES: Mapping[str, str] = {"follow_up": _("Follow up"), "no_action": _("Close without action")}
INFORMED: Mapping[str, str] = {
    "informed": _("Yes, the person knows"),
    "postponed": _("Not yet, that comes later"),
    "not_applicable": _("That does not apply here: it is about what I do, not about the person"),
}
INFORMATION_REASONS: Mapping[str, str] = {
    "safety": _("It would put somebody in danger"),
    "purpose": _("It would defeat what the table wants to reach"),
    "interest": _("It would harm the person now"),
    "unreachable": _("The person cannot be reached"),
}
VERBS: Mapping[str, str] = {
    "collect": _("wrote down"),
    "alter": _("changed"),
    "consult": _("read"),
    "disclose": _("shared"),
    "combine": _("combined"),
    "erase": _("erased"),
    "decide": _("decided"),
    "sign_in": _("signed in"),
    "administer": _("administered"),
}
ACTS: Mapping[str, str] = {"allow": _("done"), "deny": _("refused"), "error": _("failed")}
FINDINGS: Mapping[str, str] = {
    "hole": _("Numbers are missing in the log"),
    "height_missed": _("Acts have not arrived in the log yet"),
    "seq_twice": _("A number was used twice"),
}

INVITATION_END_REASONS: Mapping[str, str] = {
    "taken_back": _("Invited by mistake"),
    "no_longer_needed": _("No longer needed for this case"),
    "asked_to_leave": _("The person asked for it"),
    "conflict_of_interest": _("A conflict of interest"),
}

PART_NAMES: Mapping[str, str] = {
    "partner_directory": _("Directory of people and cells"),
    "case": _("Cases"),
    "meeting": _("Meetings"),
    "audit": _("Log"),
    "sign_in": _("Sign-in"),
    "messages": _("Messages between the parts"),
}

LISTS: Mapping[str, Mapping[str, str]] = {
    "role": ROLES, "seat": SEATS, "kind": KINDS, "life_domain": LIFE_DOMAINS, "phenomenon": PHENOMENA,
    "criterion": CRITERIA, "evidence": EVIDENCE, "signal_state": SIGNAL_STATES, "case_state": CASE_STATES,
    "session_stage": SESSION_STAGES, "action_state": ACTION_STATES, "part": PARTS, "place": PLACES,
    "outcome": OUTCOMES, "informed": INFORMED, "verb": VERBS, "act": ACTS, "finding": FINDINGS,
    "cell_state": CELL_STATES, "part_name": PART_NAMES, "given_by": GIVEN_BY, "end_reason": END_REASONS,
    "invitation_end": INVITATION_END_REASONS, "invitation_state": INVITATION_STATES,
    "legal_purpose": LEGAL_PURPOSES, "region": REGIONS,
    "set_up_line": SET_UP_LINES, "seat_standing": SEAT_STANDINGS, "cell_suspension": CELL_SUSPENSION_REASONS,
    "question_state": QUESTION_STATES,
    "information_reason": INFORMATION_REASONS,
    "unchecked": UNCHECKED, "dismissal": DISMISSAL_REASONS, "help": HELP_KINDS,
    "suspension": SUSPENSION_REASONS, "deputy_turn": DEPUTY_TURNS,
    "rules_kind": RULES_KINDS, "rules_standing": RULES_STANDINGS,
}  # fmt: skip


CASE_CODE = re.compile(r"\b((?:[A-Z]{2,3}|\d{5})-\d{2}-\d{3,})\b")
"""As they are now, and as they were before (services/kit/town_letters.py)."""
WHOLE = Markup('<span class="whole">{}</span>')


def whole(sentence: str) -> Markup:
    """A sentence in which the codes of cases are never broken at their hyphens."""
    # Split at a group, every second piece is a code; joining escapes the others.
    pieces = enumerate(CASE_CODE.split(sentence))
    return Markup("").join(WHOLE.format(piece) if place % 2 else piece for place, piece in pieces)


class Labels:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def of(self, kind: str, code: str) -> str:
        """The word of a code of one list. Raises KeyError for a code that has none."""
        return self._language.text(LISTS[kind][code])

    def all(self, kind: str) -> dict[str, str]:
        """A whole list, in its own order."""
        return {code: self._language.text(word) for code, word in LISTS[kind].items()}
