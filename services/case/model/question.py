"""A question without a name, as far as its rules need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.errors import QuestionStateForbids
from services.case.model.base import Base
from services.case.model.states import QUESTION_MOVES, QuestionState, sources, wanted


@dataclass(frozen=True, slots=True)
class QuestionStanding:
    """Where a question stands: `mine`, for whoever asked it; `became`, that it led to a signal; `answered`, also once
    it is closed.
    """

    state: QuestionState
    version: int
    mine: bool
    became: bool
    answered: bool

    def require_move(self, to: QuestionState) -> None:
        """Raises QuestionStateForbids unless the table allows it."""
        if to not in QUESTION_MOVES[self.state]:
            raise QuestionStateForbids(field="state", expected=wanted(sources(QUESTION_MOVES, to), self.state))

    def require_unbecome(self) -> None:
        """A question becomes one signal. Raises QuestionStateForbids."""
        if self.became:
            raise QuestionStateForbids(field="question_id", expected="a question that has not become a signal")

    def require_close(self) -> None:
        """Others than whoever asked close what is answered. Raises QuestionStateForbids."""
        self.require_move(QuestionState.CLOSED)
        if not self.mine and self.state is not QuestionState.ANSWERED:
            raise QuestionStateForbids(field="state", expected=wanted([QuestionState.ANSWERED], self.state))


class Question(Base):
    """A question, without a word of it. `asker` is a mark of whoever asked (services/case/asker.py)."""

    __tablename__ = "question"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    asker: Mapped[UUID]
    state: Mapped[str]
    asked_on: Mapped[date]
    answered_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    erased_on: Mapped[date | None]
    version: Mapped[int]


class QuestionText(Base):
    """What was asked and answered, by whom it was asked, which signal it became; sealed."""

    __tablename__ = "question_text"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    question: Mapped[bytes]
    asked_by: Mapped[bytes]
    answer: Mapped[bytes | None]
    became: Mapped[bytes | None]
