"""How long questions are kept: data with dates (services/case/data), read by the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from services.case.dated_terms import in_force, read_terms


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """Those of one period, in days: after it was closed, and after the answer while nobody closes it."""

    closed_days: int
    answered_days: int

    def erased_on(self, today: date, *, closed: bool) -> date:
        """From which day on a question is gone that is closed, or answered, today."""
        return today + timedelta(days=self.closed_days if closed else self.answered_days)


_TERMS = read_terms("question_terms", QuestionTerms)


def question_terms(today: date) -> QuestionTerms:
    """Those in force on that day."""
    return in_force(_TERMS, today)
