"""The circle: who may see which parts of a case or signal."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.model.base import Base

CIRCLE_END = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
"""Of entries that end with the object's own life, not by a date."""


class Part(StrEnum):
    """The four parts of a case."""

    FRAME = "frame"
    IDENTITY = "identity"
    PROPOSAL = "proposal"
    CONTENT = "content"


EVERY_PART = tuple(Part)


class CircleEntry(Base):
    """Who may see which parts of one case or signal (`object_id`), from when until when; a person or a seat."""

    __tablename__ = "circle_entry"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    seat: Mapped[str | None]
    nis_code: Mapped[str]
    parts: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    life_domains: Mapped[list[str]]
    invited_by: Mapped[UUID | None]
    why: Mapped[bytes | None]
