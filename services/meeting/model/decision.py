"""What is decided in session on a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.meeting.model.base import Base


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


class Dissent(Base):
    """A deviating opinion to a decision, sealed under the key of the case."""

    __tablename__ = "dissent"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    dissent_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID]
    case_id: Mapped[UUID]
    person_id: Mapped[UUID]
    text: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody will do by when; kept by the case service, decided here."""

    action_id: UUID
    life_domain: str
    owner_id: UUID
    due_on: date
