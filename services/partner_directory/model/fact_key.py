"""The keys by which the directory signs facts that give or take access."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.vault import AssociatedData
from services.partner_directory.model.base import Base

KEY_TERM = timedelta(days=90)
"""How long a key signs."""
KEY_KEPT = timedelta(days=31)
"""How long it is told after its successor was made: messages lie in the stream for 30 days."""


class FactKey(Base):
    """An Ed25519 key. `sealed` is its private half, under its own key of the vault; it never leaves the directory."""

    __tablename__ = "fact_key"
    key_id: Mapped[UUID] = mapped_column(primary_key=True)
    public_key: Mapped[bytes]
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]

    @property
    def associated_data(self) -> AssociatedData:
        """Where the private half stands."""
        return fact_key_data(self.key_id)


def fact_key_data(key_id: UUID) -> AssociatedData:
    """Sealed by a key of its own, so that renewing the platform's key wraps it anew and need not open this."""
    return AssociatedData(key_id, FactKey.__tablename__, "sealed", key_id)
