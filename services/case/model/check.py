"""The preliminary check of a signal: asked by the coordinator, answered by the police."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.model.base import Base


class PreliminaryCheck(Base):
    """Since when, until which day to answer; `ended_at`, when it was decided what comes of the signal."""

    __tablename__ = "preliminary_check"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    nis_code: Mapped[str]
    minor: Mapped[bool]
    urgent: Mapped[bool]
    started_at: Mapped[datetime]
    started_by: Mapped[UUID]
    due_on: Mapped[date]
    ended_at: Mapped[datetime | None]


class CheckAnswer(Base):
    """What the police answered, the highest number last; there is no field for more. Never changed."""

    __tablename__ = "check_answer"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    nis_code: Mapped[str]
    answer: Mapped[str]
    hold_until: Mapped[date | None]
    answered_at: Mapped[datetime]
    answered_by: Mapped[UUID]
