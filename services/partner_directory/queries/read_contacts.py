"""How the people of a table are reached."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.partner_directory.contacts import ContactsView, find_contacts


@dataclass(frozen=True, slots=True)
class ReadContacts:
    """Those of the addressed cell."""


async def read_contacts(work: Work, query: ReadContacts) -> ContactsView:
    """For who sits there, on a page."""
    return await find_contacts(work)
