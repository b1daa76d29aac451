"""What all entities of this service have in common."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from services.kit.model import Columns, Versioned

__all__ = ["Base", "Versioned"]


class Base(Columns, DeclarativeBase):
    """The tables of this service."""
