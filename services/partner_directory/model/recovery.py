"""How a cell that lost everybody gets somebody again: two persons of the host and its oversight, none of them twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.allowed import expect_version
from services.partner_directory.errors import RecoveryExpired, RecoverySamePerson, RecoveryStateForbids
from services.partner_directory.model.base import Base

RECOVERY_TERM = timedelta(days=14)
"""From the moment it was proposed until it can no longer be seconded or confirmed."""
MOST_RECOVERIES = 5
"""So many may wait for one cell."""


class RecoveryState(StrEnum):
    """How many of the three have said yes."""

    PROPOSED = "PROPOSED"
    SECONDED = "SECONDED"
    CONFIRMED = "CONFIRMED"


class Recovery(Base):
    """A mandate that shall be given in a cell without anybody who could say yes.

    It is the platform's (`tenant_id`), where the host's people act, and names the cell; the cell's own acts see it too.
    The person is named sealed, and only until it is confirmed or over.
    """

    __tablename__ = "recovery"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    recovery_id: Mapped[UUID] = mapped_column(primary_key=True)
    cell_id: Mapped[UUID]
    state: Mapped[str]
    email: Mapped[bytes | None]
    given_name: Mapped[bytes | None]
    family_name: Mapped[bytes | None]
    kbo_number: Mapped[str]
    role: Mapped[str]
    nis_codes: Mapped[list[str]]
    first_day: Mapped[date]
    last_day: Mapped[date]
    legal_basis: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    seconded_by: Mapped[UUID | None]
    seconded_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    mandate_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def persons(self) -> frozenset[UUID]:
        """Who has said yes so far."""
        return frozenset(person_id for person_id in (self.proposed_by, self.seconded_by) if person_id is not None)

    def second(self, version: int, *, at: datetime, by: UUID) -> None:
        """The second of the host says yes. Raises what `_expect` raises."""
        self._expect(version, RecoveryState.PROPOSED, at, by)
        self.state, self.seconded_at, self.seconded_by = RecoveryState.SECONDED, at, by

    def expect_confirmable(self, version: int, *, at: datetime, by: UUID) -> None:
        """Whether this person may confirm it now. Raises what `_expect` raises."""
        self._expect(version, RecoveryState.SECONDED, at, by)

    def confirm(self, mandate_id: UUID, *, at: datetime, by: UUID) -> None:
        """Oversight said yes; who was proposed is forgotten here."""
        self.state, self.confirmed_at, self.confirmed_by = RecoveryState.CONFIRMED, at, by
        self.mandate_id = mandate_id
        self.forget()

    def forget(self) -> None:
        """Who was proposed is named here no more."""
        self.email = self.given_name = self.family_name = None

    def _expect(self, version: int, state: RecoveryState, at: datetime, by: UUID) -> None:
        """Raises VersionChanged, RecoveryStateForbids, RecoveryExpired, RecoverySamePerson."""
        expect_version(self.version, version)
        if self.state != state:
            raise RecoveryStateForbids
        if self.proposed_at <= at - RECOVERY_TERM:
            raise RecoveryExpired
        if by in self.persons:
            raise RecoverySamePerson
