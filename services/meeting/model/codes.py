"""The lists of codes of a session."""

from __future__ import annotations

from enum import StrEnum

PLACES = ("town_hall", "online", "elsewhere")

LIFE_DOMAINS = (
    "identity_and_meaning", "family", "friends_and_network", "school_and_training", "work_and_income", "housing",
    "mental_health", "addiction", "leisure", "online_life", "administration_and_justice", "safety_of_others",
)  # fmt: skip
"""domain.md, Life domains; the same codes as in the case service."""

PLANNABLE = frozenset({"LISTED", "SCHEDULED"})
TREATABLE = PLANNABLE | {"DISCUSSED"}
"""Case states in which a session may be planned for it, and may decide on it (domain.md, States)."""


class Outcome(StrEnum):
    """What a session decides on a case."""

    FOLLOW_UP = "follow_up"
    NO_ACTION = "no_action"
