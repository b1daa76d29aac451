"""What the host proposes to a cell that has a mayor: nothing of it counts before the cell says yes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.allowed import expect_version
from services.partner_directory.errors import ProposalDecided
from services.partner_directory.model.base import Base

MOST_OPEN = 50
"""So many proposals may wait in one cell."""
PROPOSAL_TERM = timedelta(days=30)
"""From the moment it was proposed until the cell can no longer answer it."""


class ProposalState(StrEnum):
    """Where a proposal is."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"


class Proposal(Base):
    """A mandate the host asks the cell to give. The person is named sealed, until it is answered or expires."""

    __tablename__ = "proposal"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
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
    clearance_until: Mapped[date | None]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    mandate_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    def expect_open(self, version: int) -> None:
        """Raises VersionChanged unless the caller saw the present version, ProposalDecided when it was answered."""
        expect_version(self.version, version)
        if self.state != ProposalState.PROPOSED:
            raise ProposalDecided

    def decide(self, state: ProposalState, *, at: datetime, by: UUID, mandate_id: UUID | None = None) -> None:
        """Answered; who was proposed is forgotten here. What was given stands in the mandate."""
        self.state, self.decided_at, self.decided_by, self.mandate_id = state, at, by, mandate_id
        self.email = self.given_name = self.family_name = None
