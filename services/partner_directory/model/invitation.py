"""Somebody is invited to a mandate by letter, and gets it by coming with the letter's code (decision 63)."""

from __future__ import annotations

import hmac
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.allowed import expect_version
from services.kit.clock import day_ends_at, last_day_of, local_date
from services.partner_directory.errors import InvitationOver, LetterUnderWay
from services.partner_directory.model.base import Base
from services.partner_directory.model.sign_in_letter import CLAIMED_FOR

CODE_DAYS = timedelta(days=14)
"""So long a code counts, to the end of that day in Brussels."""
MOST_TRIES = 5
"""Wrong codes until the right one counts no more either."""
MOST_OPEN_INVITATIONS = 600
"""So many may be open in one cell: two whole lists of seats."""


class InvitationState(StrEnum):
    """Where an invitation is."""

    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class Invitation(Base):
    """A mandate for whoever comes with the code; the mandate then bears this id.

    `email`, `given_name` and `family_name` are sealed and forgotten once it is over; so is `note`, which of one that
    was accepted is kept until that person promises secrecy. `code_hash`: what the code of the newest letter comes to
    (`OneTimeCodes`), keyed by the cell; None while none was sent. `tries`: wrong codes since then. `expires_at` is
    exclusive. `version` counts what its givers do; letters and tries are no change to them.
    `deputy_of`: the mandate of the holder for whom it is a deputy's from its first moment, `deputy_when` at which turn.
    `address_index`: a keyed hash of the address, by which a list of seats finds who is invited, or came and holds the
    mandate; forgotten when that is over.
    """

    __tablename__ = "invitation"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    invitation_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    email: Mapped[bytes | None]
    given_name: Mapped[bytes | None]
    family_name: Mapped[bytes | None]
    note: Mapped[bytes | None]
    language: Mapped[str]
    kbo_number: Mapped[str]
    role: Mapped[str]
    nis_codes: Mapped[list[str]]
    first_day: Mapped[date]
    last_day: Mapped[date]
    legal_basis: Mapped[str]
    clearance_until: Mapped[date | None]
    given_by: Mapped[str]
    invited_by: Mapped[UUID]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    code_hash: Mapped[bytes | None]
    tries: Mapped[int]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    version: Mapped[int]
    address_index: Mapped[bytes | None]
    deputy_of: Mapped[UUID | None]
    deputy_when: Mapped[str | None]

    def open_at(self, now: datetime) -> bool:
        """Whether somebody may still come."""
        return self.state == InvitationState.SENT and now < self.expires_at

    def state_at(self, now: datetime) -> InvitationState:
        """The state, also in the moment before its term has run."""
        state = InvitationState(self.state)
        return InvitationState.EXPIRED if state is InvitationState.SENT and now >= self.expires_at else state

    @property
    def tries_left(self) -> int:
        """How many wrong codes may still be given."""
        return MOST_TRIES - self.tries

    @property
    def code_until(self) -> date:
        """The last day the code counts, inclusive, in Brussels."""
        return last_day_of(self.expires_at)

    def try_code(self, code_hash: bytes, now: datetime) -> bool:
        """Whether this is the code now; a wrong one is counted. Always compares."""
        counts = self.open_at(now) and self.code_hash is not None and self.tries_left > 0
        fits = hmac.compare_digest(self.code_hash or b"", code_hash)
        if counts and not fits:
            self.tries += 1
        return counts and fits

    def counts(self, code_hash: bytes, now: datetime) -> bool:
        """Whether the code that was tried is still the one by which somebody may come."""
        return self.open_at(now) and self.code_hash == code_hash

    def letter_waits(self, now: datetime) -> bool:
        """Whether a letter has to be sent."""
        return self.open_at(now) and self.sent_at is None

    def claim(self, code_hash: bytes, now: datetime) -> None:
        """From here on this process alone sends the letter, and this code alone counts. Raises LetterUnderWay."""
        if self.claimed_until is not None and self.claimed_until > now:
            raise LetterUnderWay(retry_after=60)
        self.claimed_until, self.code_hash, self.tries = now + CLAIMED_FOR, code_hash, 0

    def note_sent(self, code_hash: bytes, now: datetime) -> bool:
        """The mail server took the letter with that code; False if another was asked for meanwhile."""
        if self.code_hash != code_hash:
            return False
        self.sent_at, self.claimed_until = now, None
        return True

    def expect_open(self, version: int, now: datetime) -> None:
        """Raises VersionChanged unless the caller saw the present version, InvitationOver when nobody may come now."""
        expect_version(self.version, version)
        if not self.open_at(now):
            raise InvitationOver

    def send_again(self, now: datetime) -> None:
        """A new letter is due; the code before counts no more from here on."""
        self.code_hash = self.claimed_until = self.sent_at = None
        self.tries, self.expires_at = 0, code_expiry(now)
        self.version += 1

    def decide(self, state: InvitationState, *, at: datetime, by: UUID | None) -> None:
        """It is over; who was invited is forgotten here, and no code counts."""
        self.state, self.decided_at, self.decided_by = state, at, by
        self.email = self.given_name = self.family_name = self.code_hash = self.claimed_until = None
        if state is not InvitationState.ACCEPTED:
            self.note = self.address_index = None
        self.version += 1


def code_expiry(now: datetime) -> datetime:
    """The exclusive end of a code that is asked for now."""
    return day_ends_at(local_date(now) + CODE_DAYS)
