"""The states of docs/domain.md and the moves between them; what is not in a table does not happen."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class SignalState(StrEnum):
    """Where a signal stands."""

    RECEIVED = "RECEIVED"
    UNDER_CHECK = "UNDER_CHECK"
    NOT_RETAINED = "NOT_RETAINED"
    REDIRECTED = "REDIRECTED"
    PROPOSED = "PROPOSED"


class CaseState(StrEnum):
    """Where a case stands."""

    PROPOSED = "PROPOSED"
    LISTED = "LISTED"
    REFUSED = "REFUSED"
    ON_HOLD = "ON_HOLD"
    SCHEDULED = "SCHEDULED"
    DISCUSSED = "DISCUSSED"
    FOLLOW_UP = "FOLLOW_UP"
    CLOSED_NO_ACTION = "CLOSED_NO_ACTION"
    AFTERCARE = "AFTERCARE"
    CLOSED = "CLOSED"
    TRANSFERRED = "TRANSFERRED"
    REOPENED = "REOPENED"
    RETAINED = "RETAINED"
    ERASED = "ERASED"
    RESTRICTED = "RESTRICTED"


class ContributionState(StrEnum):
    """Where a contribution stands."""

    PRIVATE = "PRIVATE"
    ASSESSED = "ASSESSED"
    SHARED = "SHARED"
    CORRECTED = "CORRECTED"
    WITHDRAWN = "WITHDRAWN"


class ActionState(StrEnum):
    """Where an action of the follow-up plan stands."""

    AGREED = "AGREED"
    BUSY = "BUSY"
    DONE = "DONE"
    BLOCKED = "BLOCKED"
    DROPPED = "DROPPED"


SIGNAL_MOVES: Mapping[SignalState, frozenset[SignalState]] = {
    # A signal that needs no preliminary check is proposed at once.
    SignalState.RECEIVED: frozenset({SignalState.UNDER_CHECK, SignalState.PROPOSED}),
    SignalState.UNDER_CHECK: frozenset({SignalState.NOT_RETAINED, SignalState.REDIRECTED, SignalState.PROPOSED}),
    SignalState.NOT_RETAINED: frozenset(),
    SignalState.REDIRECTED: frozenset(),
    SignalState.PROPOSED: frozenset(),
}

PAUSES = frozenset({CaseState.ON_HOLD, CaseState.RESTRICTED})
"""States a case leaves only for the one it came from. From one pause into another it must come back first."""

_RUNNING: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.PROPOSED: frozenset({CaseState.LISTED, CaseState.REFUSED, CaseState.ON_HOLD}),
    CaseState.LISTED: frozenset({CaseState.SCHEDULED, CaseState.ON_HOLD}),
    CaseState.SCHEDULED: frozenset({CaseState.DISCUSSED}),
    CaseState.DISCUSSED: frozenset({CaseState.FOLLOW_UP, CaseState.CLOSED_NO_ACTION, CaseState.SCHEDULED}),
    CaseState.FOLLOW_UP: frozenset({CaseState.FOLLOW_UP, CaseState.AFTERCARE, CaseState.CLOSED, CaseState.TRANSFERRED}),
    CaseState.AFTERCARE: frozenset({CaseState.CLOSED, CaseState.REOPENED}),
    # A new signal brought it back: the mayor decides anew, as on a proposal.
    CaseState.REOPENED: frozenset({CaseState.LISTED, CaseState.REFUSED}),
    CaseState.REFUSED: frozenset({CaseState.RETAINED}),
    CaseState.CLOSED_NO_ACTION: frozenset({CaseState.RETAINED}),
    CaseState.CLOSED: frozenset({CaseState.RETAINED}),
    CaseState.TRANSFERRED: frozenset({CaseState.RETAINED}),
    CaseState.RETAINED: frozenset({CaseState.ERASED}),
}
CASE_MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    **{state: moves | {CaseState.RESTRICTED} for state, moves in _RUNNING.items()},
    CaseState.ON_HOLD: frozenset({CaseState.PROPOSED, CaseState.LISTED}),
    CaseState.RESTRICTED: frozenset(_RUNNING),
    CaseState.ERASED: frozenset(),
}

TABLED = frozenset(
    {CaseState.LISTED, CaseState.SCHEDULED, CaseState.DISCUSSED, CaseState.FOLLOW_UP, CaseState.AFTERCARE}
)
"""States in which the table works on a case: people are invited, contributions written and shared."""

OVER = frozenset(
    {
        CaseState.REFUSED, CaseState.CLOSED_NO_ACTION, CaseState.CLOSED, CaseState.TRANSFERRED, CaseState.RETAINED,
        CaseState.ERASED,
    }
)  # fmt: skip
"""States of a case that runs no more."""

CONTRIBUTION_MOVES: Mapping[ContributionState, frozenset[ContributionState]] = {
    # Written anew before it is shared.
    ContributionState.PRIVATE: frozenset({ContributionState.PRIVATE, ContributionState.ASSESSED}),
    # Weighed again: the legal basis may have ended since.
    ContributionState.ASSESSED: frozenset(
        {ContributionState.PRIVATE, ContributionState.ASSESSED, ContributionState.SHARED}
    ),
    ContributionState.SHARED: frozenset({ContributionState.CORRECTED, ContributionState.WITHDRAWN}),
    ContributionState.CORRECTED: frozenset({ContributionState.CORRECTED, ContributionState.WITHDRAWN}),
    ContributionState.WITHDRAWN: frozenset(),
}

State = TypeVar("State", bound=StrEnum)


def sources(moves: Mapping[State, frozenset[State]], to: State) -> list[State]:
    """The states from which a table allows `to`, in its own order."""
    return [state for state, following in moves.items() if to in following]


def wanted(states: list[State], present: str) -> str:
    """What would be right, and what is: the explanation of a forbidden move."""
    return f"{' or '.join(states)}; it is {present}"
