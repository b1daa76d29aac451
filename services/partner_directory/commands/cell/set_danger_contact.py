"""Whom people of a cell reach in acute danger, after the emergency numbers."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import cell_as_read


@dataclass(frozen=True, slots=True)
class SetDangerContact:
    """In the cell's own words; in the version last read."""

    expected_version: int
    danger_contact: str


async def set_danger_contact(work: Work, command: SetDangerContact) -> Receipt:
    """Say it, or say it anew: it stands wherever pages name the emergency numbers. Raises VersionChanged."""
    cell = await cell_as_read(work, command.expected_version)
    cell.danger_contact, cell.danger_contact_at = command.danger_contact, work.now
    await work.session.flush()
    return Receipt(cell.cell_id, cell.state, cell.version)
