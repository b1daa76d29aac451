"""What people may represent where: mandates, their windows, and the names of those who hold them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.clock import day_ends_at, day_starts_at, last_day_of, local_date
from services.partner_directory.errors import (
    MandateEnded,
    MandateNotLonger,
    MandateNotShorter,
    MandateOver,
    MandateReversed,
    MandateTooLong,
    MandateUnchanged,
)
from services.partner_directory.model.base import Base, years_after

LONGEST_MANDATE_YEARS = 5
ABSENT = "absent"
"""Of a deputy who counts while the holder is absent; the other counts always."""
Span = tuple[datetime, datetime]
"""From, and until before."""
CLEARANCE_WARNED = (timedelta(days=60), timedelta(days=14), timedelta(0))
"""So long before the end of a clearance the log notes it, and at its end; from the first on it waits for an answer."""
UNDERTAKING_YEARS = 1


class MandateState(StrEnum):
    """What a mandate is at a moment; never stored, its ends and its suspension say it."""

    PLANNED = "PLANNED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    STANDBY = "STANDBY"
    ENDED = "ENDED"


class CellPerson(Base):
    """The name of somebody with a mandate, as this cell knows it, sealed. No other cell's row is of use for it."""

    __tablename__ = "cell_person"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    given_name: Mapped[bytes]
    family_name: Mapped[bytes]


class PersonCell(Base):
    """What a person may see of the own mandates outside their cells: where, as what, until when, when it counts."""

    __tablename__ = "person_cell"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    mandate_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    undertaken_until: Mapped[datetime | None]
    opens_at: Mapped[datetime | None]
    undertaken_at: Mapped[datetime | None]
    counts_from: Mapped[datetime]
    counts_until: Mapped[datetime]


class Mandate(Base):
    """What a person may represent in a cell: organisation, role, towns, from, to, on which legal basis.

    `ends_at` is exclusive. `opens_at`: content opens no earlier, when the host had a part in it; None: from the first
    day on. `fact_version` numbers all facts of the directory; `version` counts this mandate's own.

    `counts_from` and `counts_until` are what walls compare and services are told: the time it counts, within its ends.
    A suspension cuts it off, its own or that of its cell (`cell_suspended_at`); the ends stay what was given.
    """

    __tablename__ = "mandate"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    mandate_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    organisation_kind: Mapped[str]
    role: Mapped[str]
    nis_codes: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    legal_basis: Mapped[str]
    clearance_ends_at: Mapped[datetime | None]
    undertaken_until: Mapped[datetime | None]
    undertaking_version: Mapped[str | None]
    fact_version: Mapped[int]
    invited_by: Mapped[UUID]
    invited_at: Mapped[datetime]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None]
    given_by: Mapped[str]
    opens_at: Mapped[datetime | None]
    undertaken_at: Mapped[datetime | None]
    counts_from: Mapped[datetime]
    counts_until: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    suspended_by: Mapped[UUID | None]
    suspension_reason: Mapped[str | None]
    suspended_with: Mapped[UUID | None]
    cell_suspended_at: Mapped[datetime | None]
    deputy_of: Mapped[UUID | None]
    deputy_for: Mapped[UUID | None]
    deputy_when: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def content_from(self) -> datetime:
        """From when on it opens content: its beginning for all services that keep any."""
        return self.counts_from if self.opens_at is None else max(self.counts_from, self.opens_at)

    def state_at(self, now: datetime) -> MandateState:
        """Whether it is to come, valid, suspended, over, or that of a deputy whose turn it is not.

        One that was ended or suspended is so even for who began a moment before.
        """
        if self.end_reason is not None or self.ends_at <= now:
            return MandateState.ENDED
        if self.suspended_at is not None or self.cell_suspended_at is not None:
            return MandateState.SUSPENDED
        if self.starts_at > now:
            return MandateState.PLANNED
        return MandateState.ACTIVE if self.counts_from <= now < self.counts_until else MandateState.STANDBY

    @property
    def came_to_nothing(self) -> bool:
        """Whether it was ended before it opened anything: a founding corrected in time founds nothing."""
        return self.end_reason is not None and self.opens_at is not None and self.ends_at <= self.opens_at

    def comes_to_nothing(self, now: datetime) -> bool:
        """The same of one that would be ended at this moment."""
        return self.opens_at is not None and now <= self.opens_at

    @property
    def last_day(self) -> date:
        """The last day in Brussels on which it counts, inclusive (invariant 25)."""
        return last_day_of(self.ends_at)

    @property
    def longest_day(self) -> date:
        """The last day it may ever have: five years from its first."""
        return years_after(local_date(self.starts_at), LONGEST_MANDATE_YEARS) - timedelta(days=1)

    def end(self, reason: str, *, at: datetime, by: UUID) -> None:
        """It counts no more from this moment on. Raises MandateEnded."""
        if self.state_at(at) is MandateState.ENDED:
            raise MandateEnded
        self.ends_at, self.end_reason, self.ended_by = at, reason, by
        self.settle()

    def settle(self, turn: Span | None = None) -> None:
        """Have it count from its beginning to its end, no longer than until it was suspended.

        Of a deputy who counts while the holder is absent `turn` is when that is; without one it does not count.
        """
        first, last = self.starts_at, self.ends_at
        if self.deputy_when == ABSENT:
            first, last = (max(first, turn[0]), min(last, turn[1])) if turn else (first, first)
        self.counts_from = first
        self.counts_until = min(last, self.ends_at, self.suspended_at or last, self.cell_suspended_at or last)

    def stand_in_for(self, holder: Mandate, when: str) -> None:
        """From now on it counts only as that of the holder's deputy."""
        self.deputy_of, self.deputy_for, self.deputy_when = holder.mandate_id, holder.person_id, when
        self.settle()

    def lengthen(self, last_day: date) -> None:
        """It has this last day from now on. Raises MandateNotLonger, MandateTooLong."""
        if last_day <= self.last_day:
            raise MandateNotLonger(field="last_day", expected=f"a day after {self.last_day}")
        if last_day > self.longest_day:
            raise MandateTooLong(field="last_day", expected=f"at the latest {self.longest_day}")
        self.ends_at = day_ends_at(last_day)
        self.settle()

    def expect_shorter(self, last_day: date, today: date) -> None:
        """Raises MandateNotShorter unless it is a day before its last one, not before today nor before its first."""
        earliest = max(today, local_date(self.starts_at))
        if not earliest <= last_day < self.last_day:
            raise MandateNotShorter(field="last_day", expected=f"a day from {earliest} on, before {self.last_day}")

    def shorten(self, last_day: date, today: date) -> None:
        """It has this last day from now on. Raises MandateNotShorter."""
        self.expect_shorter(last_day, today)
        self.ends_at = day_ends_at(last_day)
        self.settle()

    def change(self, nis_codes: Collection[str], clearance_ends_at: datetime | None) -> None:
        """Other towns, another end of the clearance. Raises MandateUnchanged."""
        changed = sorted(nis_codes), clearance_ends_at
        if (sorted(self.nis_codes), self.clearance_ends_at) == changed:
            raise MandateUnchanged(field="nis_codes", expected="other towns, or another end of the clearance")
        self.nis_codes, self.clearance_ends_at = changed

    def suspend(self, reason: str, *, at: datetime, by: UUID, organisation_id: UUID | None = None) -> None:
        """It counts no more until it is resumed; `organisation_id`: with all people of that organisation."""
        self.suspended_at, self.suspended_by, self.suspension_reason = at, by, reason
        self.suspended_with = organisation_id
        self.settle()

    def resume(self) -> None:
        """It counts again, as far as its ends let it."""
        self.suspended_at = self.suspended_by = self.suspension_reason = self.suspended_with = None
        self.settle()

    def stop(self, at: datetime) -> None:
        """Its cell is suspended: it counts no more, whatever else is decided about it, until the cell is resumed."""
        self.cell_suspended_at = at
        self.settle()

    def go_on(self) -> None:
        """Its cell is resumed: it counts as far as its ends and a suspension of its own let it."""
        self.cell_suspended_at = None
        self.settle()

    def next_warning(self, now: datetime) -> datetime | None:
        """When the end of its clearance is noted next; None when there is nothing to note while it lasts."""
        if self.clearance_ends_at is None or self.end_reason is not None:
            return None
        moments = [self.clearance_ends_at - ahead for ahead in CLEARANCE_WARNED]
        return next((moment for moment in moments if now < moment < self.ends_at), None)

    @property
    def clearance_last_day(self) -> date | None:
        """The last day of the clearance in Brussels, inclusive; None without any."""
        return last_day_of(self.clearance_ends_at) if self.clearance_ends_at else None

    def undertake(self, text_version: str, *, at: datetime, before: datetime | None = None) -> None:
        """Secrecy is accepted for a year from today, at most for the mandate's own time (invariant 7).

        `before`: no longer than until then, because another text follows.
        """
        last_day = years_after(local_date(at), UNDERTAKING_YEARS) - timedelta(days=1)
        self.undertaking_version, self.undertaken_at = text_version, at
        self.undertaken_until = min(day_ends_at(last_day), self.ends_at, before or self.ends_at)

    def inherit_undertaking(self, earlier: Mandate) -> None:
        """Secrecy is accepted by the person for the cell: it counts for all mandates there, each within its time."""
        if earlier.undertaken_until is None:
            return
        until = min(earlier.undertaken_until, self.ends_at)
        if self.undertaken_until is None or self.undertaken_until < until:
            self.undertaking_version, self.undertaken_until = earlier.undertaking_version, until
            self.undertaken_at = earlier.undertaken_at

    def covers_some_of(self, other: Mandate) -> bool:
        """Whether it is the same role for the same organisation, in a time and a town of the other.

        Those of the host are for no town and meet in time alone.
        """
        same = (self.role, self.organisation_id) == (other.role, other.organisation_id)
        at_once = self.starts_at < other.ends_at and other.starts_at < self.ends_at
        a_town = not set(self.nis_codes).isdisjoint(other.nis_codes) or self.nis_codes == other.nis_codes
        return same and at_once and a_town


class Window:
    """The days of a mandate, both inclusive, as Brussels counts them (invariant 25)."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.starts_at, self.ends_at = day_starts_at(first), day_ends_at(last)

    @classmethod
    def of(cls, first: date, last: date, today: date) -> Self:
        """A window of one day to five years that is not over. Raises what is wrong with it."""
        if last < first:
            raise MandateReversed(field="to", expected="a day not before the first")
        if last >= (end := years_after(first, LONGEST_MANDATE_YEARS)):
            raise MandateTooLong(field="to", expected=f"at the latest {end - timedelta(days=1)}")
        if last < today:
            raise MandateOver(field="to", expected="today or later")
        return cls(first, last)
