"""Signals: a concern somebody brought."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.model.base import Base, Versioned
from services.case.model.standing import SignalStanding
from services.case.model.states import SignalState


class Signal(Versioned, Base):
    """A concern somebody brought; frame only, no word about the person.

    `ended_at`: when it was not retained, redirected or withdrawn. `worked_at`: since when somebody worked on it, beside
    what its state tells; then it is not withdrawn any more.
    """

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
    ended_at: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]

    @property
    def stands(self) -> SignalStanding:
        """Where it stands now, and what it allows there."""
        return SignalStanding(
            self.nis_code, SignalState(self.state), self.version, self.ended_at, self.worked_at is not None
        )

    def move(self, to: SignalState) -> None:
        """Take a step of the table; raises SignalStateForbids for any other."""
        self.stands.require_signal_move(to)
        self.state = to
        self.changed()

    def conclude(self, to: SignalState, at: datetime) -> None:
        """It does not become a case."""
        self.move(to)
        self.ended_at = at

    def work_on(self, at: datetime) -> None:
        """Somebody works on it: it is not withdrawn any more."""
        self.worked_at = self.worked_at or at
        self.changed()

    def resume(self, to: SignalState, at: datetime) -> None:
        """What was said of it is taken back."""
        self.move(to)
        self.ended_at, self.worked_at = None, at

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


class SignalMark(Base):
    """By which a signal is found that may be about the same person: a keyed hash (services/case/name_marks.py)."""

    __tablename__ = "signal_mark"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    mark: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID]


class SignalContent(Base):
    """What was observed and tried, and why the cell; sealed."""

    __tablename__ = "signal_content"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    observed: Mapped[bytes]
    tried: Mapped[bytes]
    reason: Mapped[bytes]


class SignalOutcome(Base):
    """What the coordinator said of it to the reporter, `told` sealed; empty once that was taken back."""

    __tablename__ = "signal_outcome"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    nis_code: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[UUID]
    help: Mapped[str | None]
    told: Mapped[bytes | None]


class SignalReason(Base):
    """Why it was not retained, for coordinators alone, `noted` sealed; empty once that was taken back."""

    __tablename__ = "signal_reason"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    nis_code: Mapped[str]
    decided_by: Mapped[UUID]
    reason: Mapped[str | None]
    noted: Mapped[bytes | None]
