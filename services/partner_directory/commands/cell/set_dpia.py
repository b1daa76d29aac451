"""Where the data protection impact assessment of a cell is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import DpiaInFuture
from services.partner_directory.find import cell_as_read


@dataclass(frozen=True, slots=True)
class SetDpia:
    """A title, number or place, and the day of the assessment; in the version last read."""

    expected_version: int
    reference: str
    on: date


async def set_dpia(work: Work, command: SetDpia) -> Receipt:
    """Say it, or say it anew (GDPR, article 35). Raises VersionChanged, DpiaInFuture."""
    cell = await cell_as_read(work, command.expected_version)
    if command.on > local_date(work.now):
        raise DpiaInFuture(field="on", expected="today or before")
    cell.dpia_reference, cell.dpia_on, cell.dpia_at = command.reference, command.on, work.now
    await work.session.flush()
    return Receipt(cell.cell_id, cell.state, cell.version)
