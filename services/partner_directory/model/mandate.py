"""What people may represent where: mandates, their windows, and the names of those who hold them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.clock import day_ends_at, day_starts_at, local_date
from services.kit.policy import SEATS, Role
from services.partner_directory.errors import (
    ClearanceMissing,
    ClearanceNotAsked,
    MandateEnded,
    MandateOver,
    MandateReversed,
    MandateTooLong,
)
from services.partner_directory.model.base import Base, years_after

LONGEST_MANDATE_YEARS = 5
UNDERTAKING_YEARS = 1


class MandateState(StrEnum):
    """What a mandate is at a moment; never stored, its two ends say it."""

    PLANNED = "PLANNED"
    ACTIVE = "ACTIVE"
    ENDED = "ENDED"


class CellPerson(Base):
    """The name of somebody with a mandate, as this cell knows it, sealed. No other cell's row is of use for it."""

    __tablename__ = "cell_person"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    given_name: Mapped[bytes]
    family_name: Mapped[bytes]


class PersonCell(Base):
    """What a person may see of the own mandates outside their cells: where, as what, until when."""

    __tablename__ = "person_cell"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    mandate_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    undertaken_until: Mapped[datetime | None]
    opens_at: Mapped[datetime | None]


class Mandate(Base):
    """What a person may represent in a cell: organisation, role, towns, from, to, on which legal basis.

    `ends_at` is exclusive. `opens_at`: content opens no earlier, when the host had a part in it; None: from the first
    day on. `fact_version` numbers all facts of the directory; `version` counts this mandate's own.
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
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def content_from(self) -> datetime:
        """From when on it opens content: its beginning for all services that keep any."""
        return self.starts_at if self.opens_at is None else max(self.starts_at, self.opens_at)

    def state_at(self, now: datetime) -> MandateState:
        """Whether it is to come, valid, or over. One that was ended is over, even for who began a moment before."""
        if self.end_reason is not None or self.ends_at <= now:
            return MandateState.ENDED
        return MandateState.ACTIVE if self.starts_at <= now else MandateState.PLANNED

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
        return local_date(self.ends_at - timedelta(microseconds=1))

    def end(self, reason: str, *, at: datetime, by: UUID) -> None:
        """It counts no more from this moment on. Raises MandateEnded."""
        if self.state_at(at) is MandateState.ENDED:
            raise MandateEnded
        self.ends_at, self.end_reason, self.ended_by = at, reason, by

    def undertake(self, text_version: str, *, at: datetime, before: datetime | None = None) -> None:
        """Secrecy is accepted for a year from today, at most for the mandate's own time (invariant 7).

        `before`: no longer than until then, because another text follows.
        """
        last_day = years_after(local_date(at), UNDERTAKING_YEARS) - timedelta(days=1)
        self.undertaking_version = text_version
        self.undertaken_until = min(day_ends_at(last_day), self.ends_at, before or self.ends_at)

    def inherit_undertaking(self, earlier: Mandate) -> None:
        """Secrecy is accepted by the person for the cell: it counts for all mandates there, each within its time."""
        if earlier.undertaken_until is None:
            return
        until = min(earlier.undertaken_until, self.ends_at)
        if self.undertaken_until is None or self.undertaken_until < until:
            self.undertaking_version, self.undertaken_until = earlier.undertaking_version, until

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


def clearance_end(role: Role, until: date | None, window: Window) -> datetime | None:
    """When the clearance ends. Raises ClearanceMissing or ClearanceNotAsked (invariant 3)."""
    if role not in SEATS["police"]:
        if until is not None:
            raise ClearanceNotAsked(field="clearance_until", expected="empty")
        return None
    if until is None and role is Role.POLICE_CHIEF:
        return None
    if until is None or until < window.first:
        raise ClearanceMissing(field="clearance_until", expected=f"a day from {window.first} on")
    return day_ends_at(until)
