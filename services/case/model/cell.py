"""What this service knows of the cell itself."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.model.base import Base

OPEN = "ACTIVE"
"""The state in which a cell takes cases (invariant 20); nothing is known of a cell that was never opened."""


class CellState(Base):
    """A cell as the directory last told it; `version` is the directory's."""

    __tablename__ = "cell_state"
    cell_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    version: Mapped[int]
