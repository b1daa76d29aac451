"""How long a signal that became no case is kept: data with dates (services/case/data), read by the day it ended on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.case.dated_terms import in_force, read_terms
from services.kit.clock import day_ends_at, local_date


@dataclass(frozen=True, slots=True)
class SignalTerms:
    """Those of one period, in days."""

    kept_days: int
    kept_days_minor: int


_TERMS = read_terms("signal_terms", SignalTerms)


def kept_until(ended_at: datetime, *, minor: bool) -> date:
    """The last day on which it is there."""
    ended_on = local_date(ended_at)
    terms = in_force(_TERMS, ended_on)
    return ended_on + timedelta(days=terms.kept_days_minor if minor else terms.kept_days)


def gone_at(ended_at: datetime, *, minor: bool) -> datetime:
    """From when on it is not."""
    return day_ends_at(kept_until(ended_at, minor=minor))
