"""Letters of our own: what waits to be handed to the mail server, and what it tells whom."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.clock import BRUSSELS, day_ends_at, local_date
from services.partner_directory.errors import LetterUnderWay
from services.partner_directory.model.base import Base

POSTED_WITHIN = timedelta(minutes=2)
"""Longer than the mail server is waited for; a process that was killed meanwhile is followed by another then."""
GATHERED_FOR = timedelta(minutes=30)
"""What comes so soon after the first goes into the same letter."""
MOST_LETTERS = 3
"""To a person from one table on one day, as Brussels counts days; urgent ones beside them."""
MOST_URGENT = 10
"""The same of urgent ones."""
WRITES_FROM, WRITES_UNTIL = time(7), time(20)
"""On working days letters that are not urgent leave between these, as Brussels counts hours."""
SATURDAY = 5


class LetterKind(StrEnum):
    """What a letter is about."""

    ANNOUNCEMENT = "announcement"
    NOTICES = "notices"


class Letter(Base):
    """One letter; its id is that of its Message-ID, whatever comes to pass. No address and no word of it is kept.

    `person_id`: who gets it, None for the contact of a town. `settled_at`: nothing waits any more; `sent_at`: because
    the mail server took it. `doubtful`: a process that had it in hand fell silent, so it may come twice, and is known
    by its number then. `version` counts what was added to it.
    """

    __tablename__ = "letter"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    letter_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    person_id: Mapped[UUID | None]
    urgent: Mapped[bool]
    made_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    doubtful: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    version: Mapped[int]

    def claim(self, now: datetime, version: int) -> None:
        """From here on this process alone hands it in. Raises LetterUnderWay; also when something was added to it."""
        if self.version != version or (self.claimed_until is not None and self.claimed_until > now):
            raise LetterUnderWay(retry_after=60)
        self.doubtful = self.doubtful or self.claimed_until is not None
        self.claimed_until = now + POSTED_WITHIN

    def release(self) -> None:
        """The mail server did not take it, and said so."""
        self.claimed_until = None

    def settle(self, now: datetime, *, sent: bool) -> None:
        """Nothing waits any more: the mail server took it, or there is nothing to tell."""
        self.claimed_until, self.settled_at = None, now
        self.sent_at = now if sent else None


class Notice(Base):
    """One thing that waits for a person: of which kind, which object, with which code. Never what it says.

    `until`: from then on it is of no use. `over_at`: when it was done, or taken back. Both are asked when the letter
    is sent.
    """

    __tablename__ = "notice"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    letter_id: Mapped[UUID]
    person_id: Mapped[UUID]
    kind: Mapped[str]
    object_id: Mapped[UUID]
    code: Mapped[str]
    asked_at: Mapped[datetime]
    until: Mapped[datetime | None]
    over_at: Mapped[datetime | None]


class LettersOfDay(Base):
    """How many letters a person got from a table on the last day that had any.

    Each table counts its own: else one could tell by its letters what another sends.
    """

    __tablename__ = "letters_of_day"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    urgent: Mapped[bool] = mapped_column(primary_key=True)
    day: Mapped[date]
    taken: Mapped[int]


def next_hour(moment: datetime) -> datetime:
    """The first moment from this one on at which letters leave that are not urgent; both clock changes included."""
    local = moment.astimezone(BRUSSELS)
    if local.weekday() < SATURDAY and WRITES_FROM <= local.time() < WRITES_UNTIL:
        return moment
    day = local.date() if local.time() < WRITES_FROM else local.date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, WRITES_FROM, BRUSSELS).astimezone(moment.tzinfo)


def next_day(moment: datetime, *, urgent: bool) -> datetime:
    """When the next letter may leave to who got as many as there may be today."""
    tomorrow = day_ends_at(local_date(moment))
    return tomorrow if urgent else next_hour(tomorrow)
