"""Signals: a concern somebody brought."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.model.base import Base, Versioned
from services.case.model.standing import SignalStanding
from services.case.model.states import SignalState


class Signal(Versioned, Base):
    """A concern somebody brought; frame only, no word about the person."""

    __tablename__ = "signal"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    nis_code: Mapped[str]
    urgent: Mapped[bool]
    minor: Mapped[bool]
    language: Mapped[str]
    reporter_id: Mapped[UUID]
    received_at: Mapped[datetime]
    case_id: Mapped[UUID | None]

    @property
    def stands(self) -> SignalStanding:
        """Where it stands now, and what it allows there."""
        return SignalStanding(self.nis_code, SignalState(self.state), self.version)

    def move(self, to: SignalState) -> None:
        """Take a step of the table; raises SignalStateForbids for any other."""
        self.stands.require_signal_move(to)
        self.state = to
        self.changed()

    def become(self, case_id: UUID) -> None:
        """The signal led to a case."""
        self.move(SignalState.PROPOSED)
        self.case_id = case_id


class SignalIdentity(Base):
    """Who it is about, sealed: a JSON object of PersonConcerned."""

    __tablename__ = "signal_identity"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    person: Mapped[bytes]


class SignalContent(Base):
    """What was observed and tried, and why the cell; sealed."""

    __tablename__ = "signal_content"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    observed: Mapped[bytes]
    tried: Mapped[bytes]
    reason: Mapped[bytes]
