"""The table of one cell as its pages show it: towns and people with their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.labels import SEATS, Labels
from services.portal.web.ui.language import Language, message
from services.portal.web.ui.moments import from_timestamp

GONE = message("somebody who has left the table")


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as others see them; `seats` of those who sit. `ended` when there is no mandate any more."""

    person_id: str
    name: str
    organisation: str
    kind: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    ended: bool


class TableView:
    """Answers what pages ask about a cell: one call to the directory holds it all."""

    def __init__(self, found: pb.Table, language: Language) -> None:
        self.found = found
        self._language = language
        self._labels = Labels(language)

    @property
    def cell_id(self) -> UUID:
        """The tenant."""
        return UUID(self.found.cell.cell_id)

    @property
    def address(self) -> str:
        """Where the pages of this cell begin."""
        return f"/cells/{self.found.cell.cell_id}"

    @property
    def name(self) -> str:
        """What the cell is called."""
        return self.found.cell.name

    @property
    def colour(self) -> str:
        """Its brand colour, empty for that of the house."""
        return self.found.cell.brand_colour

    @property
    def me(self) -> str:
        """The id of who looks."""
        return self.found.person_id

    @property
    def my_mandates(self) -> Sequence[pb.MandateView]:
        """The mandates of who looks that are valid now."""
        return [mandate for mandate in self.found.mandates if mandate.person_id == self.me and not mandate.ended]

    @property
    def opens_at(self) -> datetime | None:
        """When content opens to who looks; None when it is open."""
        cell = self.found.cell
        return from_timestamp(cell.opens_at) if cell.HasField("opens_at") else None

    def may(self, verb: str) -> bool:
        """Whether who looks may do this here, as the directory says for all services."""
        return verb in self.found.cell.may

    def coordinators(self, nis_code: str) -> list[Somebody]:
        """Who coordinates this town."""
        return self.holders("coordinator", nis_code)

    def town(self, nis_code: str) -> str:
        """The name of a town of this cell."""
        for town in self.found.cell.towns:
            if town.nis_code == nis_code:
                return town.name_fr if self._language.code == "fr" else town.name
        return nis_code

    @cached_property
    def people(self) -> dict[str, Somebody]:
        """Everybody by id; who sits here now before who sat here."""
        grouped: dict[str, list[pb.MandateView]] = {}
        for mandate in self.found.mandates:
            grouped.setdefault(mandate.person_id, []).append(mandate)
        return {person_id: _somebody(person_id, mandates) for person_id, mandates in grouped.items()}

    @cached_property
    def seated(self) -> list[Somebody]:
        """Who sits at the table now, mandatory seats first, then by organisation; DPO and oversight do not sit."""
        here = [person for person in self.people.values() if not person.ended and person.seats]
        return sorted(here, key=lambda person: (_rank(person), person.organisation, person.name))

    def person(self, person_id: str) -> Somebody:
        """Somebody by id, with a sentence in place of a name nobody knows any more."""
        unknown = Somebody(person_id, self._language.text(GONE), "", "", (), (), ended=True)
        return self.people.get(person_id, unknown)

    def role_of(self, somebody: Somebody) -> str:
        """What a person is here, in words."""
        return ", ".join(self._labels.of("role", role) for role in somebody.roles)

    def holders(self, seat: str, nis_code: str) -> list[Somebody]:
        """Who holds a seat for a town."""
        ids = [
            mandate.person_id for mandate in self.found.mandates
            if mandate.seat == seat and nis_code in mandate.nis_codes and not mandate.ended
        ]  # fmt: skip
        return [self.person(person_id) for person_id in dict.fromkeys(ids)]


def _somebody(person_id: str, mandates: Sequence[pb.MandateView]) -> Somebody:
    valid = [mandate for mandate in mandates if not mandate.ended]
    shown = (valid or mandates)[0]
    name = f"{shown.given_name} {shown.family_name}".strip()
    roles = tuple(dict.fromkeys(mandate.role for mandate in valid or mandates))
    seats = tuple(dict.fromkeys(mandate.seat for mandate in valid or mandates if mandate.seat))
    return Somebody(person_id, name, shown.organisation_name, shown.organisation_kind, roles, seats, ended=not valid)


def _rank(somebody: Somebody) -> int:
    order = list(SEATS)
    return min(order.index(seat) for seat in somebody.seats)
