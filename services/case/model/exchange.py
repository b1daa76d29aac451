"""The exchange inside a signal: what is asked, answered and added after it was entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.errors import ExchangeFull, NobodyAnswers, QuestionNotFound, QuestionStateForbids
from services.case.model.base import Base

MOST = 20
"""So many questions, and so many additions, a signal can have: all of them are read with it, in one answer."""


class ExchangeKind(StrEnum):
    """What an entry is."""

    QUESTION = "question"
    ANSWER = "answer"
    ADDITION = "addition"


class SignalEntry(Base):
    """Something said about a signal, `said` sealed; of an answer `answers` is the question's entry. Never changed."""

    __tablename__ = "signal_entry"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID]
    nis_code: Mapped[str]
    kind: Mapped[str]
    answers: Mapped[UUID | None]
    author_id: Mapped[UUID]
    said_at: Mapped[datetime]
    language: Mapped[str]
    said: Mapped[bytes]


class SignalSeen(Base):
    """Up to when a reader was shown what others said; the reader's alone."""

    __tablename__ = "signal_seen"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(primary_key=True)
    seen_to: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class ExchangeStanding:
    """Who told the signal, whether that person sits for its town now, and what was said: questions, those answered,
    and how much was added.
    """

    reporter_id: UUID
    reporter_sits: bool
    questions: frozenset[UUID] = frozenset()
    answered: frozenset[UUID] = frozenset()
    additions: int = 0

    @property
    def open(self) -> frozenset[UUID]:
        """The questions that nobody answered yet."""
        return self.questions - self.answered

    def require_askable(self, actor_id: UUID) -> None:
        """Raises NobodyAnswers when whoever told it is the caller or sits there no more, ExchangeFull."""
        if actor_id == self.reporter_id or not self.reporter_sits:
            raise NobodyAnswers(field="signal_id", expected="a signal of somebody else, who has a mandate for its town")
        self._require_room(len(self.questions))

    def require_answerable(self) -> None:
        """Raises ExchangeFull where there is neither room to add something nor a question to answer."""
        if not self.open:
            self._require_room(self.additions)

    def kind_of(self, answers: UUID | None) -> ExchangeKind:
        """What the reporter says there. Raises QuestionNotFound, QuestionStateForbids where it was answered already,
        ExchangeFull.
        """
        if answers is None:
            self._require_room(self.additions)
            return ExchangeKind.ADDITION
        if answers not in self.questions:
            raise QuestionNotFound
        if answers in self.answered:
            raise QuestionStateForbids(field="answers", expected="a question that is not answered yet")
        return ExchangeKind.ANSWER

    def _require_room(self, number: int) -> None:
        if number >= MOST:
            raise ExchangeFull(field="text", expected=f"at most {MOST} questions, and {MOST} additions")
