"""How long the parts of a preliminary check may take: data with dates (services/case/data), read by the day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.case.dated_terms import in_force, read_terms
from services.kit.clock import day_ends_at, day_starts_at


@dataclass(frozen=True, slots=True)
class CheckTerms:
    """Those of one period, in days and months."""

    answer_days: int
    mayor_after_days: int
    hold_most_months: int
    hold_reminder_days: int

    def due_on(self, today: date) -> date:
        """The last day to answer a check that is started today."""
        return today + timedelta(days=self.answer_days)

    def mayor_at(self, due_on: date) -> datetime:
        """From when on the mayor is told that there is no answer."""
        return day_ends_at(due_on + timedelta(days=self.mayor_after_days))

    def late_for_mayor(self, today: date) -> date:
        """A check that was due before this day waits for the mayor too."""
        return today - timedelta(days=self.mayor_after_days)

    def hold_most(self, today: date) -> date:
        """The last day a hold can go to, answered today: the same of a month, or its last."""
        months = today.month - 1 + self.hold_most_months
        year, month = today.year + months // 12, months % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))

    def hold_soon(self, today: date) -> date:
        """A hold that ends on or before this day is to be looked at again."""
        return today + timedelta(days=self.hold_reminder_days)

    def hold_reminder_at(self, hold_until: date) -> datetime:
        """From when on."""
        return day_starts_at(hold_until - timedelta(days=self.hold_reminder_days))


_TERMS = read_terms("check_terms", CheckTerms)


def check_terms(today: date) -> CheckTerms:
    """Those in force on that day."""
    return in_force(_TERMS, today)
