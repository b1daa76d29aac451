"""The letter that asks a new person to set up how they sign in, as it waits to be asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.partner_directory.errors import LetterUnderWay
from services.partner_directory.model.base import Base

CLAIMED_FOR = timedelta(minutes=2)
"""Longer than the sign-in service is waited for; a process that was killed meanwhile is followed by another then."""
LINK_LIVES = timedelta(hours=12)
"""As actionTokenGeneratedByAdminLifespan: as long the letter of another mandate in this cell is enough."""


class SignInLetter(Base):
    """One for each mandate that was given and each invitation to one, whose id becomes the mandate's: to whom, in which
    language.

    `person_id` is None while nobody asked the sign-in service for the account. `email` is sealed, and forgotten once
    nothing waits any more. `sent_at`: when the sign-in service had handed it to the mail server; None for ever when
    there was nothing to set up.
    """

    __tablename__ = "sign_in_letter"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    mandate_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None]
    email: Mapped[bytes | None]
    language: Mapped[str]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    def claim(self, now: datetime) -> None:
        """From here on this process alone has it sent. Raises LetterUnderWay."""
        if self.claimed_until is not None and self.claimed_until > now:
            raise LetterUnderWay(retry_after=60)
        self.claimed_until = now + CLAIMED_FOR

    def settle(self, now: datetime, *, sent: bool) -> None:
        """Nothing waits any more: the mail server took it, or there is nothing to set up."""
        self.email = self.claimed_until = None
        self.sent_at = now if sent else None

    def again(self, email: bytes) -> None:
        """It waits once more, to be sent even where one was taken a moment ago."""
        self.email, self.claimed_until, self.sent_at = email, None, None
