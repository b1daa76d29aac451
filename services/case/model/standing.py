"""Where a signal, a case or a contribution stands and what it allows there.

Commands ask it of the row before they act; reads ask the same of what they have, and tell it (`may`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.case.errors import (
    AnswerStands,
    CaseStateForbids,
    CheckHolds,
    CheckMissing,
    ContributionStateForbids,
    HoldOutOfRange,
    OutcomeStands,
    ReviewOverdue,
    SignalStateForbids,
    SignalWorkedOn,
)
from services.case.model.codes import UNCHECKED_REASONS
from services.case.model.states import (
    ANSWERED,
    BEFORE_THE_MAYOR,
    CASE_MOVES,
    CONTRIBUTION_MOVES,
    PAUSES,
    SIGNAL_MOVES,
    SIGNALS_ANSWERED,
    SIGNALS_OPEN,
    TABLED,
    CaseState,
    ContributionState,
    SignalState,
    sources,
    wanted,
)

REVIEW_COMES = timedelta(days=14)
"""So long before its date a review waits for coordinator and mayor, and stands to have a session planned."""
RECONSIDERED = timedelta(hours=24)
"""So long a refusal of a case, and what was said of a signal, can be taken back."""
REVIEW_GRACE = timedelta(days=14)
"""How long an overdue review only warns (invariant 11)."""


@dataclass(frozen=True, slots=True)
class SignalStanding:
    """The state of a signal, its town and version; since when it is over; whether more was done than it tells."""

    nis_code: str
    state: SignalState
    version: int
    ended_at: datetime | None = None
    worked_on: bool = False

    def require_signal_move(self, to: SignalState) -> None:
        """Raises SignalStateForbids unless the table of moves knows this step."""
        if to not in SIGNAL_MOVES[self.state]:
            raise SignalStateForbids(field="state", expected=wanted(sources(SIGNAL_MOVES, to), self.state))

    def require_ahead(self, to: SignalState) -> None:
        """Raises SignalStateForbids unless it is open and can go there; never the way back."""
        states = [state for state in sources(SIGNAL_MOVES, to) if state in SIGNALS_OPEN]
        if self.state not in states:
            raise SignalStateForbids(field="state", expected=wanted(states, self.state))

    def require_open(self) -> None:
        """Raises SignalStateForbids once it was decided what comes of it."""
        if self.state not in SIGNALS_OPEN:
            raise SignalStateForbids(field="state", expected=wanted(sorted(SIGNALS_OPEN), self.state))

    def require_unworked(self) -> None:
        """Raises SignalWorkedOn once somebody worked on it."""
        if self.worked_on:
            raise SignalWorkedOn(field="state", expected="a signal that nobody worked on yet")

    def require_taken_back(self, at: datetime) -> None:
        """Raises SignalStateForbids unless the coordinator answered, OutcomeStands once that cannot be taken back."""
        if self.state not in SIGNALS_ANSWERED:
            raise SignalStateForbids(field="state", expected=wanted(list(SIGNALS_ANSWERED), self.state))
        if self.ended_at is None or at > self.ended_at + RECONSIDERED:
            raise OutcomeStands(field="state", expected="what was said in the last 24 hours")


@dataclass(frozen=True, slots=True)
class CheckStanding:
    """How the check of a signal stands: its term, the last answer, its version (one more than there are answers)."""

    started_at: datetime
    due_on: date
    answer: str
    hold_until: date | None
    version: int
    today: date

    @property
    def standing(self) -> str:
        """A code of CheckStandings. A hold is over after its last day, by itself."""
        if self.answer == "hold" and self.hold_until:
            return "held" if self.today <= self.hold_until else "hold_over"
        if self.answer:
            return "cleared"
        return "waiting" if self.today <= self.due_on else "late"

    def require_no_hold(self) -> None:
        """Raises CheckHolds while the police ask to wait."""
        if self.standing == "held":
            raise CheckHolds(
                field="state", expected=f"the day after {self.hold_until}, or another answer of the police"
            )


def reasons_unchecked(check: CheckStanding | None) -> tuple[str, ...]:
    """The reasons of which a proposal says one; none where the police answered."""
    if check is not None and check.answer:
        return ()
    late = check is not None and check.standing == "late"
    return tuple(reason for reason in UNCHECKED_REASONS if late or reason != "no_answer")


def require_checked(check: CheckStanding | None, unchecked: str) -> str:
    """The reason to keep with the case, empty where the police answered.

    Raises CheckMissing without an answer and without a reason, and for `no_answer` while there is time to answer.
    """
    reasons = reasons_unchecked(check)
    if reasons and unchecked not in reasons:
        raise CheckMissing(field="unchecked", expected="an answer of the police, or one of " + ", ".join(reasons))
    return unchecked if reasons else ""


def require_hold(answer: str, hold_until: date | None, today: date, most: date) -> None:
    """Raises HoldOutOfRange unless a hold, and nothing else, has a day from tomorrow to the last one that may be."""
    fits = hold_until is not None and today < hold_until <= most if answer == "hold" else hold_until is None
    if not fits:
        expected = f"a day from {today + timedelta(days=1)} to {most}" if answer == "hold" else "no day without a hold"
        raise HoldOutOfRange(field="hold_until", expected=expected)


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """The state of a case, the one it was paused from, its town, its review date and its version."""

    nis_code: str
    state: CaseState
    paused_from: CaseState | None
    review_on: date | None
    version: int
    relied_on: bool = False
    refused_at: datetime | None = None

    @property
    def apart_from_hold(self) -> CaseState:
        """The state, a hold apart: it would betray a judicial inquiry (docs/domain.md, Who reads which part)."""
        return self.paused_from if self.state is CaseState.ON_HOLD and self.paused_from else self.state

    def require(self, *states: CaseState) -> None:
        """Raises CaseStateForbids unless the case is in one of these; a hold does not count."""
        if self.apart_from_hold not in states:
            raise CaseStateForbids(field="state", expected=wanted(list(states), self.apart_from_hold))

    def require_case_move(self, to: CaseState) -> None:
        """Raises CaseStateForbids unless the table of moves knows this step."""
        if to not in CASE_MOVES[self.state] or (self.state in PAUSES and to != self.paused_from):
            raise CaseStateForbids(field="state", expected=wanted(sources(CASE_MOVES, to), self.state))

    def require_before_mayor(self, to: CaseState) -> None:
        """Raises CaseStateForbids unless the mayor can decide so now; never the way out of a hold."""
        self.require(*BEFORE_THE_MAYOR)
        self.require_case_move(to)

    def require_reconsidered(self, at: datetime) -> None:
        """Raises CaseStateForbids unless the mayor answered, AnswerStands once that answer cannot be taken back."""
        if self.state not in ANSWERED:
            raise CaseStateForbids(field="state", expected=wanted(list(ANSWERED), self.apart_from_hold))
        if self.state is CaseState.LISTED and self.relied_on:
            raise AnswerStands(field="state", expected="a listed case that nobody worked on yet")
        if self.state is CaseState.REFUSED and (self.refused_at is None or at > self.refused_at + RECONSIDERED):
            raise AnswerStands(field="state", expected="a refusal of the last 24 hours")

    def require_tabled(self) -> None:
        """Raises CaseStateForbids unless the table works on the case."""
        self.require(*sorted(TABLED))

    def require_review(self, today: date) -> None:
        """Raises ReviewOverdue when the review date passed more than fourteen days ago (invariant 11)."""
        if self.review_on is not None and today > self.review_on + REVIEW_GRACE:
            raise ReviewOverdue(field="review_on", expected="a review, or a new review date")


@dataclass(frozen=True, slots=True)
class ContributionStanding:
    """The state of a contribution, for which organisation it speaks, on which legal basis, and its version."""

    state: ContributionState
    organisation_id: UUID
    legal_basis: str | None
    version: int

    def require_contribution_move(self, to: ContributionState) -> None:
        """Raises ContributionStateForbids unless the table of moves knows this step."""
        if to not in CONTRIBUTION_MOVES[self.state]:
            expected = wanted(sources(CONTRIBUTION_MOVES, to), self.state)
            raise ContributionStateForbids(field="state", expected=expected)
