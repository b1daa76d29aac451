"""How long questions are kept: data with dates (services/case/data), read by the day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

_KEPT = Path(__file__).parent / "data" / "question_terms.json"


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """Those of one period, in days: after it was closed, and after the answer while nobody closes it."""

    closed_days: int
    answered_days: int

    def erased_on(self, today: date, *, closed: bool) -> date:
        """From which day on a question is gone that is closed, or answered, today."""
        return today + timedelta(days=self.closed_days if closed else self.answered_days)


def _read() -> list[tuple[date, QuestionTerms]]:
    kept = json.loads(_KEPT.read_text())
    names = QuestionTerms.__dataclass_fields__
    return [
        (date.fromisoformat(row["in_force_from"]), QuestionTerms(**{name: row[name] for name in names})) for row in kept
    ]


_TERMS = sorted(_read(), key=lambda row: row[0])


def question_terms(today: date) -> QuestionTerms:
    """Those in force on that day."""
    return [terms for begins, terms in _TERMS if begins <= today][-1]
