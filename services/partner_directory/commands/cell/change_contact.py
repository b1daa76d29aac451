"""The municipality's address for letters."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import cell_as_read


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """An e-mail address of the municipality; in the version last read."""

    expected_version: int
    contact: str


async def change_contact(work: Work, command: ChangeContact) -> Receipt:
    """Letters about what the host does here go there from now on (decision 28). Raises VersionChanged."""
    cell = await cell_as_read(work, command.expected_version)
    cell.contact, cell.contact_at = command.contact, work.now
    await work.session.flush()
    return Receipt(cell.cell_id, cell.state, cell.version)
