"""A cell is open to cases, or is not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class ApplyCell:
    """The cell as the directory says it now is."""

    cell_id: UUID
    state: str
    version: int


_APPLY = text(
    "INSERT INTO cell_state AS known VALUES (:cell_id, :state, :version) ON CONFLICT (cell_id)"
    " DO UPDATE SET state = excluded.state, version = excluded.version WHERE known.version < excluded.version"
)


async def apply_cell(work: Work, command: ApplyCell) -> None:
    """Keep the newest version. May run twice, and in any order."""
    values = {"cell_id": command.cell_id, "state": command.state, "version": command.version}
    await work.session.execute(_APPLY, values)
