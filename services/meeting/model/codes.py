"""The lists of codes of a session (proto/rondetafel/kit/v1/codes.proto)."""

from __future__ import annotations

from enum import StrEnum

from services.kit.codes import LIFE_DOMAINS, PLACES

__all__ = ["LIFE_DOMAINS", "PLACES", "PLANNABLE", "TREATABLE", "Outcome"]

PLANNABLE = frozenset({"LISTED", "SCHEDULED", "FOLLOW_UP", "AFTERCARE"})
TREATABLE = PLANNABLE | {"DISCUSSED"}
"""Case states in which a session may be planned for it, and may decide on it (docs/domain.md, States)."""


class Outcome(StrEnum):
    """What a session decides on a case."""

    FOLLOW_UP = "follow_up"
    NO_ACTION = "no_action"
