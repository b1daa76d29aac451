"""What all entities of this service have in common."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from services.kit import model
from services.kit.model import Columns


class Base(Columns, DeclarativeBase):
    """The tables of this service."""


class Versioned(model.Versioned):
    """An aggregate that says itself when it has a new version."""

    __mapper_args__ = {"version_id_col": model.Versioned.__dict__["version"], "version_id_generator": False}

    def changed(self) -> None:
        """A new version, known at once: receipts and events carry it before the row is written."""
        self.version += 1
