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
    WITHDRAWN = "WITHDRAWN"


class QuestionState(StrEnum):
    """Where a question without a name stands."""

    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


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
    # A signal that needs no preliminary check is answered at once: then the police do not learn whom it is about.
    SignalState.RECEIVED: frozenset(
        {
            SignalState.UNDER_CHECK, SignalState.NOT_RETAINED, SignalState.REDIRECTED, SignalState.PROPOSED,
            SignalState.WITHDRAWN,
        }
    ),
    SignalState.UNDER_CHECK: frozenset({SignalState.NOT_RETAINED, SignalState.REDIRECTED, SignalState.PROPOSED}),
    # The coordinator takes back what was said: the signal stands where it stood.
    SignalState.NOT_RETAINED: frozenset({SignalState.RECEIVED, SignalState.UNDER_CHECK}),
    SignalState.REDIRECTED: frozenset({SignalState.RECEIVED, SignalState.UNDER_CHECK}),
    SignalState.PROPOSED: frozenset(),
    SignalState.WITHDRAWN: frozenset(),
}  # fmt: skip

QUESTION_MOVES: Mapping[QuestionState, frozenset[QuestionState]] = {
    # Whoever asked needs no answer any more.
    QuestionState.ASKED: frozenset({QuestionState.ANSWERED, QuestionState.CLOSED}),
    QuestionState.ANSWERED: frozenset({QuestionState.CLOSED}),
    QuestionState.CLOSED: frozenset(),
}

PAUSES = frozenset({CaseState.ON_HOLD, CaseState.RESTRICTED})
"""States a case leaves only for the one it came from. From one pause into another it must come back first."""

_RUNNING: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.PROPOSED: frozenset({CaseState.LISTED, CaseState.REFUSED, CaseState.ON_HOLD}),
    # The mayor takes the answer back, while nobody relied on it.
    CaseState.LISTED: frozenset({CaseState.PROPOSED, CaseState.SCHEDULED, CaseState.ON_HOLD}),
    # Its session is cancelled: it awaits another.
    CaseState.SCHEDULED: frozenset({CaseState.DISCUSSED, CaseState.LISTED}),
    CaseState.DISCUSSED: frozenset({CaseState.FOLLOW_UP, CaseState.CLOSED_NO_ACTION, CaseState.SCHEDULED}),
    CaseState.FOLLOW_UP: frozenset({CaseState.FOLLOW_UP, CaseState.AFTERCARE, CaseState.CLOSED, CaseState.TRANSFERRED}),
    CaseState.AFTERCARE: frozenset({CaseState.CLOSED, CaseState.REOPENED}),
    # A new signal brought it back: the mayor decides anew, as on a proposal.
    CaseState.REOPENED: frozenset({CaseState.LISTED, CaseState.REFUSED}),
    CaseState.REFUSED: frozenset({CaseState.PROPOSED, CaseState.RETAINED}),
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

BEFORE_THE_MAYOR = (CaseState.PROPOSED, CaseState.REOPENED)
"""States in which the mayor decides on the list."""

ANSWERED = (CaseState.LISTED, CaseState.REFUSED)
"""States in which the mayor's answer may still be taken back."""

FOLLOWED = frozenset({CaseState.FOLLOW_UP, CaseState.AFTERCARE})
"""States in which a review comes."""

AWAITS_SESSION = frozenset({CaseState.LISTED, CaseState.SCHEDULED})
"""States in which the table has still to talk about a case."""

PLANNABLE = AWAITS_SESSION | FOLLOWED
"""States in which a session may be planned for a case: the meeting service's rule, and a test compares."""

SIGNALS_OPEN = frozenset({SignalState.RECEIVED, SignalState.UNDER_CHECK})
"""States in which the coordinator has still to say what comes of a signal."""

SIGNALS_ANSWERED = (SignalState.NOT_RETAINED, SignalState.REDIRECTED)
"""States in which what the coordinator said may still be taken back."""


class Stage(StrEnum):
    """Where a case stands, for who only wants to know who is at work on it."""

    BEFORE_THE_MAYOR = "before_the_mayor"
    AT_THE_TABLE = "at_the_table"
    PAUSED = "paused"
    OVER = "over"


def stage_of(state: CaseState) -> Stage:
    """The stage a state belongs to; each to one."""
    if state in BEFORE_THE_MAYOR:
        return Stage.BEFORE_THE_MAYOR
    if state in TABLED:
        return Stage.AT_THE_TABLE
    return Stage.PAUSED if state in PAUSES else Stage.OVER


_AHEAD = (CaseState.LISTED, CaseState.DISCUSSED, CaseState.FOLLOW_UP, CaseState.AFTERCARE, CaseState.CLOSED)
_WAYS: Mapping[CaseState, tuple[CaseState, ...]] = {
    CaseState.REOPENED: (CaseState.REOPENED, *_AHEAD),
    CaseState.REFUSED: (CaseState.PROPOSED, CaseState.REFUSED),
    CaseState.ON_HOLD: (CaseState.PROPOSED, CaseState.ON_HOLD),
    CaseState.SCHEDULED: (
        CaseState.PROPOSED, CaseState.LISTED, CaseState.SCHEDULED, CaseState.FOLLOW_UP, CaseState.AFTERCARE,
        CaseState.CLOSED,
    ),
    CaseState.CLOSED_NO_ACTION: (
        CaseState.PROPOSED, CaseState.LISTED, CaseState.DISCUSSED, CaseState.CLOSED_NO_ACTION,
    ),
    CaseState.TRANSFERRED: (CaseState.PROPOSED, CaseState.LISTED, CaseState.DISCUSSED, CaseState.TRANSFERRED),
    CaseState.RETAINED: (CaseState.PROPOSED, CaseState.RETAINED),
    CaseState.ERASED: (CaseState.ERASED,),
    CaseState.RESTRICTED: (CaseState.RESTRICTED,),
}  # fmt: skip


def way_of(state: CaseState) -> tuple[tuple[CaseState, ...], int]:
    """The states a case passes, as a line for people, and which of them is now."""
    way = _WAYS.get(state, (CaseState.PROPOSED, *_AHEAD))
    return way, way.index(state)


DRAFTS = frozenset({ContributionState.PRIVATE, ContributionState.ASSESSED})
"""States in which nobody but its author reads a contribution."""

READABLE = frozenset({ContributionState.SHARED, ContributionState.CORRECTED})
"""States in which the circle reads it."""

TO_DO = frozenset({ActionState.AGREED, ActionState.BUSY, ActionState.BLOCKED})
"""States of an action that is not done with."""

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
