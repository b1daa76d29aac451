"""A question without a name, as far as its rules need it."""

from __future__ import annotations

from dataclasses import dataclass

from services.case.errors import QuestionStateForbids
from services.case.model.states import QUESTION_MOVES, QuestionState, sources, wanted


@dataclass(frozen=True, slots=True)
class QuestionStanding:
    """Where a question stands: `mine`, for whoever asked it; `became`, that it led to a signal."""

    state: QuestionState
    version: int
    mine: bool
    became: bool

    def require_move(self, to: QuestionState) -> None:
        """Raises QuestionStateForbids unless the table allows it."""
        if to not in QUESTION_MOVES[self.state]:
            raise QuestionStateForbids(field="state", expected=wanted(sources(QUESTION_MOVES, to), self.state))

    def require_close(self) -> None:
        """Others than whoever asked close what is answered. Raises QuestionStateForbids."""
        self.require_move(QuestionState.CLOSED)
        if not self.mine and self.state is not QuestionState.ANSWERED:
            raise QuestionStateForbids(field="state", expected=wanted([QuestionState.ANSWERED], self.state))
