"""The circle: who may see which parts of a case or signal."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.errors import InvitationEnded
from services.case.model.base import Base

CIRCLE_END = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
"""Of entries that end with the object's own life, not by a date."""


class Part(StrEnum):
    """The four parts of a case."""

    FRAME = "frame"
    IDENTITY = "identity"
    PROPOSAL = "proposal"
    CONTENT = "content"


EVERY_PART = tuple(Part)


class CircleEntry(Base):
    """Who may see which parts of one case or signal (`object_id`), from when until when; a person or a seat.

    `opened_at`: when the person invited first opened the case. `ended_by` and `end_reason`, of an invitation that was
    ended before its last day: `ends_at` is when. The database lets an invitation change in these alone.
    `checks`: the police seat is let in for the preliminary check of a signal, to its frame and identity.
    """

    __tablename__ = "circle_entry"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    seat: Mapped[str | None]
    nis_code: Mapped[str]
    parts: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    life_domains: Mapped[list[str]]
    invited_by: Mapped[UUID | None]
    why: Mapped[bytes | None]
    opened_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None]
    checks: Mapped[bool] = mapped_column(default=False)

    def end(self, reason: str, *, at: datetime, by: UUID) -> None:
        """The invitation ends now, also one whose first day has yet to come. Raises InvitationEnded."""
        if self.ends_at <= at:
            raise InvitationEnded(field="entry_id", expected="an invitation that has not ended")
        self.ends_at, self.ended_by, self.end_reason = at, by, reason


class ConflictOfInterest(Base):
    """Somebody is kept out of a case or signal (`object_id`), whatever seat they hold, until it is lifted.

    `said_by`: the person, or who decided it. No reason is kept: it would tell of the person's own life.
    """

    __tablename__ = "conflict_of_interest"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    conflict_id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
    nis_code: Mapped[str]
    person_id: Mapped[UUID]
    since: Mapped[datetime]
    said_by: Mapped[UUID]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]

    @property
    def declared(self) -> bool:
        """By the person, not decided by another."""
        return self.said_by == self.person_id

    def lift(self, *, at: datetime, by: UUID) -> None:
        """It keeps nobody out any more."""
        self.lifted_at, self.lifted_by = at, by
