"""Events of the sign-in service that the log has, as far back as they may be fetched again."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.partner_directory.model.base import Base

OVERLAP = timedelta(minutes=2)
"""How far behind the newest one a poll begins: an event may be committed after a later one."""


class EventStream(StrEnum):
    """The two lists the sign-in service keeps, as its administration calls them."""

    FAILURES = "events"
    CHANGES = "admin-events"


class SeenEvent(Base):
    """One that is in the log; its id and moment, nothing of what it says."""

    __tablename__ = "seen_event"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime]
