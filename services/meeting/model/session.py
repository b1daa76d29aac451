"""Sessions, their agenda and who was present."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.clock import local_date
from services.meeting.errors import DecisionsTaken, SessionStateForbids
from services.meeting.model.base import Base, Versioned
from services.meeting.model.states import NEXT, TO_OPEN, SessionState, Stage


class Session(Versioned, Base):
    """A sitting of the round table. `nis_codes` are the towns whose cases it treats: whose seats it needs."""

    __tablename__ = "session"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    nis_codes: Mapped[list[str]]
    planned_by: Mapped[UUID]
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[datetime | None]
    cancelled_by: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None]
    opening: Mapped[int] = mapped_column(Integer)
    """Which opening counts: one that was undone counts no more."""
    decisions: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    def require(self, *states: SessionState) -> None:
        """Raises SessionStateForbids unless the session is in one of these states."""
        if self.state not in states:
            raise SessionStateForbids(field="state", expected=" or ".join(states))

    def move(self, to: SessionState) -> None:
        """Take a step of the table; raises SessionStateForbids for any other."""
        self.require(*(state for state, following in NEXT.items() if to in following))
        self.state = to

    def require_to_open(self) -> None:
        """Raises SessionStateForbids unless it has yet to be opened."""
        self.require(*TO_OPEN)

    @property
    def is_open(self) -> bool:
        """Whether it was opened and not closed."""
        return self.state == SessionState.OPEN

    def require_open(self) -> None:
        """Raises SessionStateForbids unless it was opened and not closed."""
        self.require(SessionState.OPEN)

    def stage_at(self, now: datetime) -> Stage:
        """Where it stands for people: one that nobody closed is over with its day in Brussels."""
        if self.state == SessionState.CANCELLED:
            return Stage.CANCELLED
        if self.state in TO_OPEN:
            return Stage.COMING
        over = self.state != SessionState.OPEN or local_date(self.ends_at) < local_date(now)
        return Stage.OVER if over else Stage.GOING_ON

    def open(self, by: UUID, at: datetime) -> None:
        """Whoever came was convened, with or without an invitation by this system."""
        self.require_to_open()
        if self.state == SessionState.PLANNED:
            self.move(SessionState.CONVENED)
        self.move(SessionState.OPEN)
        self.opened_by, self.opened_at = by, at

    def cancel(self, by: UUID, at: datetime) -> None:
        """It will not be held."""
        self.move(SessionState.CANCELLED)
        self.cancelled_by, self.cancelled_at = by, at

    def require_opening_to_undo(self, now: datetime) -> None:
        """To undo its opening: it is not over, nothing is decided. Raises SessionStateForbids, DecisionsTaken."""
        self.require_open()
        if self.ends_at <= now:
            raise SessionStateForbids(field="ends_at", expected="a session that is not over")
        if self.decisions:
            raise DecisionsTaken(field="decisions", expected="none")

    def undo_opening(self) -> None:
        """As before it was opened."""
        self.move(SessionState.PLANNED)
        self.opened_by = self.opened_at = None
        self.opening += 1

    def count_decision(self) -> None:
        """Decisions are taken in an open session only; each is a new version of the session."""
        self.require_open()
        self.decisions += 1


def is_ahead(now: Any, today: Any) -> ColumnElement[bool]:
    """Sessions whose time has not passed and that were not cancelled; those that go on, until their day has ended.

    `today`: when it began.
    """
    to_come = and_(Session.state.in_(TO_OPEN), Session.ends_at > now)
    return or_(to_come, and_(Session.state == SessionState.OPEN, Session.ends_at >= today))


class AgendaItem(Base):
    """A point of the agenda and its time window. Which case it is about stands in AgendaCase, behind a wall."""

    __tablename__ = "agenda_item"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    agenda_item_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(Integer)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class AgendaCase(Base):
    """The case of an agenda item; absent for whoever may not see the frame of that case."""

    __tablename__ = "agenda_case"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    agenda_item_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    case_id: Mapped[UUID]
    nis_code: Mapped[str]


class Attendance(Base):
    """Who was present at an opening of the session, one row for each seat taken."""

    __tablename__ = "attendance"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    opening: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    seat: Mapped[str] = mapped_column(primary_key=True)
