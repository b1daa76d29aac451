"""The states of a session and the steps between them; what is not in the table does not happen (docs/domain.md)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class SessionState(StrEnum):
    """Where a session stands (docs/domain.md, States)."""

    PLANNED = "PLANNED"
    CONVENED = "CONVENED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    MINUTES_DRAFT = "MINUTES_DRAFT"
    MINUTES_APPROVED = "MINUTES_APPROVED"
    SEALED = "SEALED"
    CANCELLED = "CANCELLED"


NEXT: Mapping[SessionState, frozenset[SessionState]] = {
    SessionState.PLANNED: frozenset({SessionState.CONVENED, SessionState.CANCELLED}),
    SessionState.CONVENED: frozenset({SessionState.OPEN, SessionState.CANCELLED}),
    # Opened by mistake, it is planned again.
    SessionState.OPEN: frozenset({SessionState.CLOSED, SessionState.PLANNED}),
    SessionState.CLOSED: frozenset({SessionState.MINUTES_DRAFT}),
    SessionState.MINUTES_DRAFT: frozenset({SessionState.MINUTES_APPROVED}),
    SessionState.MINUTES_APPROVED: frozenset({SessionState.SEALED}),
    SessionState.SEALED: frozenset(),
    SessionState.CANCELLED: frozenset(),
}

TO_OPEN = (SessionState.PLANNED, SessionState.CONVENED)
"""States of a session that has yet to be opened."""


class Stage(StrEnum):
    """Where a session stands, for who only wants to know whether the table sits."""

    COMING = "coming"
    GOING_ON = "going_on"
    OVER = "over"
    CANCELLED = "cancelled"
