"""The list of contacts of a table, to be taken along in a file."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.partner_directory.contacts import ContactsView, find_contacts


@dataclass(frozen=True, slots=True)
class ExportContacts:
    """Those of the addressed cell."""


async def export_contacts(work: Work, query: ExportContacts) -> ContactsView:
    """What `read_contacts` tells; a file goes where no wall follows, so the log has it as disclosed."""
    return await find_contacts(work)
