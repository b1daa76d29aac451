"""Contributions: what one participant brings to a case, private until shared."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.model.base import Base, Versioned
from services.case.model.standing import ContributionStanding
from services.case.model.states import ContributionState


class Contribution(Versioned, Base):
    """A piece of the puzzle; text and assessment (JSON) sealed under the key of the case."""

    __tablename__ = "contribution"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    contribution_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    author_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    state: Mapped[str]
    life_domain: Mapped[str]
    language: Mapped[str]
    police_origin: Mapped[bool]
    text: Mapped[bytes]
    assessment: Mapped[bytes | None]
    legal_basis: Mapped[str | None]
    written_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]

    @property
    def stands(self) -> ContributionStanding:
        """Where it stands now, and what it allows there."""
        return ContributionStanding(ContributionState(self.state), self.organisation_id, self.legal_basis, self.version)

    def move(self, to: ContributionState) -> None:
        """Take a step of the table; raises ContributionStateForbids for any other."""
        self.stands.require_contribution_move(to)
        self.state = to
        self.changed()

    def revise(self, text: bytes, life_domain: str, language: str) -> None:
        """The author wrote it anew; what was weighed was another text."""
        self.move(ContributionState.PRIVATE)
        self.text, self.life_domain, self.language = text, life_domain, language
        self.assessment = self.legal_basis = None

    def assess(self, assessment: bytes, legal_basis: str) -> None:
        """The author weighed the sharing (invariant 6)."""
        self.move(ContributionState.ASSESSED)
        self.assessment, self.legal_basis = assessment, legal_basis

    def share(self, at: datetime) -> None:
        """The circle reads it from now on."""
        self.move(ContributionState.SHARED)
        self.shared_at = at


class ReadReceipt(Base):
    """That somebody read a shared contribution of another, and when first (invariant 8)."""

    __tablename__ = "read_receipt"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    contribution_id: Mapped[UUID] = mapped_column(primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    author_id: Mapped[UUID]
    read_at: Mapped[datetime]


class ContributionDeclined(Base):
    """That somebody had nothing to share on a case, and when last; each sees the own row alone (invariant 5)."""

    __tablename__ = "contribution_declined"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    declined_at: Mapped[datetime]
