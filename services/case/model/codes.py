"""The lists of codes a case uses (proto/rondetafel/kit/v1/codes.proto)."""

from __future__ import annotations

from services.kit.codes import (
    ANSWERS_INFORMED,
    CHECK_ANSWERS,
    CHECK_STANDINGS,
    CRITERIA,
    EVIDENCE_KINDS,
    LANGUAGES,
    LIFE_DOMAINS,
    PHENOMENA,
    UNCHECKED_REASONS,
)

__all__ = [
    "ANSWERS_INFORMED",
    "CHECK_ANSWERS",
    "CHECK_STANDINGS",
    "CRITERIA",
    "CRITERIA_VERSION",
    "EVIDENCE_KINDS",
    "LANGUAGES",
    "LIFE_DOMAINS",
    "PHENOMENA",
    "UNCHECKED_REASONS",
]

CRITERIA_VERSION = "2026-1"
"""Kept with every proposal, so that an old code keeps its meaning. A policy default, to be confirmed by the DPO."""
