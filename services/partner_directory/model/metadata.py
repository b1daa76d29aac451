"""What a provider of SAML said of itself last, and how long that counts. Nothing personal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.partner_directory.model.base import Base

LOOKED_AT_EVERY = timedelta(days=1)
"""How often metadata that stands at an address is read again, and all of it is looked at for what ends."""
WARNED_BEFORE = (60, 14)
"""Days before the end on which the host is warned."""


class ProviderMetadata(Base):
    """Of one provider. `address` is empty where the host has it as a file; `signer` where it is not signed. The names
    are those of the attributes the provider tells of a person. `certificates_end` is when the last certificate ends.

    `wrong` is the code of what was wrong when it was looked at last, empty for nothing: what was read before counts on.
    `warned` are the days before the end that the host was warned of; None for none yet.
    """

    __tablename__ = "provider_metadata"
    provider_id: Mapped[UUID] = mapped_column(primary_key=True)
    address: Mapped[str]
    email_attribute: Mapped[str]
    given_name_attribute: Mapped[str]
    family_name_attribute: Mapped[str]
    sign_in_address: Mapped[str]
    sign_in_by_post: Mapped[bool]
    sign_out_address: Mapped[str]
    sign_out_by_post: Mapped[bool]
    certificates: Mapped[list[str]]
    certificates_end: Mapped[datetime]
    signer: Mapped[str]
    valid_until: Mapped[datetime | None]
    read_at: Mapped[datetime]
    wrong: Mapped[str]
    wrong_since: Mapped[datetime | None]
    over: Mapped[bool]
    warned: Mapped[int | None]

    @property
    def ends_at(self) -> datetime:
        """From then on nobody can sign in by it."""
        return min(filter(None, (self.certificates_end, self.valid_until)))

    @property
    def needs_host_at(self) -> datetime:
        """The same, as far as only people can put it off: metadata that is read again says a new end each time."""
        return self.certificates_end if self.address and not self.wrong else self.ends_at

    def note_wrong(self, code: str, now: datetime) -> None:
        """It was looked at in vain; the code of what is wrong."""
        self.wrong_since = self.wrong_since if self.wrong else now
        self.wrong = code

    def note_read(self, now: datetime) -> None:
        """It was read, and is in order."""
        self.read_at, self.wrong, self.wrong_since = now, "", None

    def note_over(self, now: datetime) -> bool:
        """Whether it counts otherwise than when it was looked at last."""
        before, self.over = self.over, self.ends_at <= now
        return self.over != before

    def warn(self, now: datetime) -> int | None:
        """The days before the end on which the host is to be warned now, once for each of WARNED_BEFORE."""
        left = self.needs_host_at - now
        due = min((days for days in (0, *WARNED_BEFORE) if left <= timedelta(days=days)), default=None)
        before, self.warned = self.warned, due
        return due if due is not None and (before is None or due < before) else None

    def looked_at_next(self, now: datetime, turns: Sequence[datetime]) -> datetime:
        """After a day, or when something ends before; `turns` are when each certificate does."""
        ends = [self.ends_at, *turns, *(self.needs_host_at - timedelta(days=days) for days in WARNED_BEFORE)]
        return min([now + LOOKED_AT_EVERY, *(end for end in ends if end > now)])
