"""What the host did in a cell without the cell: told to oversight and to the town's known contact."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.partner_directory.model.base import Base


class Done(StrEnum):
    """What is announced."""

    APPOINTED = "APPOINTED"
    ENDED = "ENDED"
    RECOVERY_PROPOSED = "RECOVERY_PROPOSED"
    RECOVERY_SECONDED = "RECOVERY_SECONDED"
    RECOVERED = "RECOVERED"


class Announcement(Base):
    """One such act: in which cell, for which role, when, and from when content opens. Never who.

    `recorded_at`: when it stood in the log of the cell and of the platform. `sent_at`: when the mail server took the
    letter; None as long as it waits, for a cell without contact and a host without mail server for ever.
    """

    __tablename__ = "announcement"
    announcement_id: Mapped[UUID] = mapped_column(primary_key=True)
    cell_id: Mapped[UUID]
    what: Mapped[str]
    role: Mapped[str]
    at: Mapped[datetime]
    opens_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
