"""The people of a cell and how each is reached, as its list of contacts tells it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.find import MANDATES_OF, MandateView, views_of
from services.partner_directory.model import Mandate
from services.partner_directory.profiles import Told, find_told


@dataclass(frozen=True, slots=True)
class ContactSeat:
    """What somebody is in the cell, for whom; `seat` is empty for who does not sit."""

    role: str
    seat: str
    organisation_name: str
    nis_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactView:
    """Somebody with a mandate valid now, and what that person tells the own tables."""

    person_id: UUID
    given_name: str
    family_name: str
    told: Told
    seats: tuple[ContactSeat, ...]


@dataclass(frozen=True, slots=True)
class ContactsView:
    """Everybody of the cell."""

    contacts: tuple[ContactView, ...]


async def find_contacts(work: Work) -> ContactsView:
    """Everybody with a mandate in this cell that is valid now, who came last first; the record has their number."""
    asked = MANDATES_OF.where(Mandate.counts_from <= work.now, Mandate.counts_until > work.now)
    rows = (await work.session.execute(asked, {"tenant": work.cell_id})).all()
    held: dict[UUID, list[MandateView]] = defaultdict(list)
    for view in await views_of(work, rows):
        held[view.mandate.person_id].append(view)
    told = await find_told(work, held)
    work.trail.count = len(held)
    return ContactsView(tuple(_contact(views, told.get(person, Told())) for person, views in held.items()))


def _contact(views: list[MandateView], told: Told) -> ContactView:
    first = views[0]
    seats = tuple(
        ContactSeat(view.mandate.role, view.seat, view.organisation.name, tuple(view.mandate.nis_codes))
        for view in views
    )
    return ContactView(first.mandate.person_id, first.given_name, first.family_name, told, seats)
