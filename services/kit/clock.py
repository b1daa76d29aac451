"""Time, injected. People see Europe/Brussels, UTC is stored, the last day counts (invariant 25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")

Clock = Callable[[], datetime]
"""Returns the present moment, aware, in UTC."""


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The calendar day in Brussels at this moment."""
    return moment.astimezone(BRUSSELS).date()


def day_starts_at(day: date) -> datetime:
    """The first moment of a Brussels day, in UTC; both clock changes included."""
    return datetime.combine(day, time.min, BRUSSELS).astimezone(UTC)


def day_ends_at(day: date) -> datetime:
    """The first moment after a Brussels day, in UTC: the exclusive end of an inclusive last day."""
    return day_starts_at(day + timedelta(days=1))


def last_day_of(ends_at: datetime) -> date:
    """The inclusive last day, in Brussels, of a period with this exclusive end; the reverse of `day_ends_at`."""
    return local_date(ends_at - timedelta(microseconds=1))
