"""The lists of codes a case uses. Texts for people are the portal's."""

from __future__ import annotations

LANGUAGES = ("nl", "fr", "de", "en")

CRITERIA_VERSION = "2026-1"
"""Kept with every proposal, so that an old code keeps its meaning. A policy default, to be confirmed by the DPO."""

# Conduct and circumstances that the federal law of 30 July 2018 aims at (preventing terrorist offences), never a
# belief, an origin or an opinion (product.md, What it must never do). The law itself gives no closed list.
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

EVIDENCE_KINDS = ("observation", "document", "conversation", "report")

PHENOMENA = (
    "violent_extremism", "single_issue", "anti_government", "hate_preaching", "foreign_fighters", "unclear",
)  # fmt: skip
"""domain.md, Extremism: of a case, never a person's belief."""

LIFE_DOMAINS = (
    "identity_and_meaning", "family", "friends_and_network", "school_and_training", "work_and_income", "housing",
    "mental_health", "addiction", "leisure", "online_life", "administration_and_justice", "safety_of_others",
)  # fmt: skip
"""domain.md, Life domains."""

ANSWERS_INFORMED = ("informed", "postponed", "not_applicable")
"""Whether the person concerned is informed (invariant 6)."""
