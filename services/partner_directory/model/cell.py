"""Cells with their towns, and the organisations around their tables. Public, nothing personal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.codes import ORGANISATION_KINDS
from services.kit.errors import CellNotFound
from services.kit.principal import PLATFORM
from services.partner_directory.model.base import Base

INTELLIGENCE_SERVICE = "intelligence_service"
PARTNER_KINDS = frozenset(ORGANISATION_KINDS) - {INTELLIGENCE_SERVICE}


def on_platform(cell_id: UUID) -> None:
    """For what belongs to no cell. Raises CellNotFound when a cell was addressed: it gets no entry in its log."""
    if cell_id != PLATFORM:
        raise CellNotFound


class Cell(Base):
    """A round table: one LIVC-R. Public, as its towns are. `brand_colour` is "#rrggbb", empty for the house's own.

    `contact` is an e-mail address of the municipality, of no person; empty when none was given.
    """

    __tablename__ = "cell"
    cell_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    brand_colour: Mapped[str]
    contact: Mapped[str]


class CellMunicipality(Base):
    """A town of a cell; a town is in one cell at a time."""

    __tablename__ = "cell_municipality"
    cell_id: Mapped[UUID] = mapped_column(primary_key=True)
    nis_code: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]


class Organisation(Base):
    """A partner, as the public register of enterprises knows it."""

    __tablename__ = "organisation"
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    kbo_number: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    created_at: Mapped[datetime]
