"""Which cells this service knows. Not recorded: it touches no cell's data, and only our own processes ask it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.kit.execute import Work

_READ = text("SELECT cell_id FROM known_cell ORDER BY cell_id")


@dataclass(frozen=True, slots=True)
class ReadKnownCells:
    """All of them, the platform's own log included."""


async def read_known_cells(work: Work, query: ReadKnownCells) -> tuple[UUID, ...]:
    """The cells whose logs are watched for what is missing."""
    return tuple((await work.session.execute(_READ)).scalars())
