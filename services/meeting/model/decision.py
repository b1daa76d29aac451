"""What is decided in session on a case."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.meeting.model.base import Base, Versioned


class Decision(Base):
    """What the chair decided on a case; `reasons` sealed under the key of the case."""

    __tablename__ = "decision"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    agenda_item_id: Mapped[UUID]
    case_id: Mapped[UUID]
    outcome: Mapped[str]
    reasons: Mapped[bytes]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]


class PreparedDecision(Versioned, Base):
    """What was prepared for the chair of one item: the newest text alone, sealed under the key of the case."""

    __tablename__ = "prepared_decision"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    agenda_item_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    case_id: Mapped[UUID]
    text: Mapped[bytes]
    prepared_by: Mapped[UUID]
    prepared_at: Mapped[datetime]
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}


class Dissent(Base):
    """A deviating opinion to a decision, sealed under the key of the case."""

    __tablename__ = "dissent"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    dissent_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID]
    case_id: Mapped[UUID]
    person_id: Mapped[UUID]
    text: Mapped[bytes]


class Action(Base):
    """What somebody will do by when, as it was agreed; `what` sealed under the key of the case.

    Where it stands by now the case service knows, under the same id; it hears everything but `what`.
    """

    __tablename__ = "agreed_action"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    action_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID]
    case_id: Mapped[UUID]
    life_domain: Mapped[str]
    owner_id: Mapped[UUID]
    due_on: Mapped[date]
    what: Mapped[bytes]
