"""The table as a picture: who sits at it, which of the mandatory seats are free, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.portal.web.ui.labels import MANDATORY_SEATS, Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    """One seat of the picture: its kind (you, mandatory, partner, free), what it is, and who sits there for whom."""

    kind: str
    role: str
    name: str = ""
    organisation: str = ""


def seats_of(table: TableView, language: Language) -> list[DrawnSeat]:
    """Everybody's seat, then the mandatory seats nobody holds (invariant 3); those only to who may see the others."""
    labels = Labels(language)
    taken = [
        DrawnSeat(
            _kind(person, table), table.role_of(person), person.acting_within, person.organisation,
        )
        for person in table.seated
    ]  # fmt: skip
    if not table.found.cell.undertaking_accepted:
        return taken
    held = {seat for person in table.seated for seat in person.seats}
    return taken + [DrawnSeat("free", labels.of("seat", seat)) for seat in MANDATORY_SEATS if seat not in held]


def _kind(person: Somebody, table: TableView) -> str:
    if person.person_id == table.me:
        return "you"
    return "mandatory" if set(MANDATORY_SEATS) & set(person.seats) else "partner"


def said(seats: Sequence[DrawnSeat], language: Language) -> str:
    """The picture in words."""
    free = sum(seat.kind == "free" for seat in seats)
    taken = language.plural("Table with %(num)d person.", "Table with %(num)d people.", len(seats) - free)
    left = language.plural("%(num)d seat is free.", "%(num)d seats are free.", free) if free else ""
    return f"{taken} {left}".strip()
