"""The table of one cell as its pages show it: towns and people with their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.labels import SEATS, Labels
from services.portal.web.ui.language import Language, message
from services.portal.web.ui.law import law_name
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.order import name_key
from services.portal.web.ui.people import Somebody, acting_for, people_of
from services.portal.web.ui.towns import cell_name, town_name, towns_in_order

GONE = message("somebody who has left the table")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The people of a table in one language: everybody by id, and who sits there in their order."""

    people: Mapping[str, Somebody]
    seated: Sequence[Somebody]


class TableView:
    """Answers what pages ask about a cell: one call to the directory holds it all.

    `drawn` keeps what is made of these people, for all who look at them.
    """

    def __init__(self, found: pb.Table, language: Language, drawn: dict[object, Drawn] | None = None) -> None:
        self.found = found
        self._language = language
        self._labels = Labels(language)
        self._kept = {} if drawn is None else drawn

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
        return cell_name(self.found.cell, self._language)

    @property
    def colour(self) -> str:
        """Its brand colour, empty for that of the house."""
        return self.found.cell.brand_colour

    @property
    def setting_up(self) -> bool:
        """Whether it takes no cases yet."""
        return self.found.cell.state == "SETTING_UP"

    @property
    def danger_contact(self) -> str:
        """Whom to reach in acute danger, in the cell's own words; empty while it is not said."""
        return self.found.cell.danger_contact

    @property
    def law(self) -> str:
        """How a sentence calls the law on which people here may speak with each other today."""
        return law_name(self.found.speaking, self._language)

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
        return self._town_names.get(nis_code, nis_code)

    def town_names(self, nis_codes: Iterable[str]) -> list[str]:
        """Those of these towns, in their order."""
        return sorted((self.town(nis_code) for nis_code in nis_codes), key=name_key)

    @cached_property
    def towns(self) -> list[pb.Municipality]:
        """Those of this cell, in the order of their names."""
        return towns_in_order(self.found.cell.towns, self._language)

    @cached_property
    def _town_names(self) -> dict[str, str]:
        return {town.nis_code: town_name(town, self._language) for town in self.found.cell.towns}

    @cached_property
    def _drawn(self) -> Drawn:
        # Towns tell people of one name apart.
        key = (self._language.code, *self._town_names.items())
        if key not in self._kept:
            people = self.people_with(())
            here = [person for person in people.values() if not person.ended and person.seats]
            self._kept[key] = Drawn(
                people, sorted(here, key=lambda person: (_rank(person), person.in_order_of_organisations))
            )
        return self._kept[key]

    @property
    def people(self) -> Mapping[str, Somebody]:
        """Everybody by id; who sits here now before who sat here."""
        return self._drawn.people

    def people_with(self, mandates: Iterable[pb.MandateView]) -> dict[str, Somebody]:
        """The same, with who has one of these mandates too."""
        known = {mandate.mandate_id for mandate in self.found.mandates}
        others = [mandate for mandate in mandates if mandate.mandate_id not in known]
        return people_of([*self.found.mandates, *others], self._language, self._town_names)

    @property
    def seated(self) -> Sequence[Somebody]:
        """Who sits at the table now, mandatory seats first, then by organisation; DPO and oversight do not sit."""
        return self._drawn.seated

    def seated_for(self, nis_code: str) -> list[Somebody]:
        """Those of them who sit for this town."""
        mandates = [mandate for mandate in self.found.mandates if nis_code in mandate.nis_codes and not mandate.ended]
        of_town = {mandate.person_id for mandate in mandates}
        return [person for person in self.seated if person.person_id in of_town]

    def person(self, person_id: str) -> Somebody:
        """Somebody by id, with a sentence in place of a name nobody knows any more."""
        if person_id in self.people:
            return self.people[person_id]
        gone = self._language.text(GONE)
        return Somebody(person_id, gone, gone, "", gone, "", "", (), (), "", ended=True)

    def in_order(self, person_ids: Iterable[str]) -> list[Somebody]:
        """These people in the order of their names."""
        return sorted((self.person(person_id) for person_id in person_ids), key=lambda person: person.in_order)

    def role_of(self, somebody: Somebody) -> str:
        """What a person is here, in words."""
        return ", ".join(self._labels.of("role", role) for role in somebody.roles)

    def holders(self, seat: str, nis_code: str) -> list[Somebody]:
        """Who holds a seat for a town, in the order of their names; a deputy with for whom."""
        held = [
            mandate for mandate in self.found.mandates
            if mandate.seat == seat and nis_code in mandate.nis_codes and not mandate.ended
        ]  # fmt: skip
        own = {mandate.person_id for mandate in held if not mandate.deputy_of}
        people = {
            mandate.person_id: self._seated_by(mandate) for mandate in held
            if not mandate.deputy_of or mandate.person_id not in own
        }  # fmt: skip
        return sorted(people.values(), key=lambda person: person.in_order)

    def deputies_of(self, person_id: str) -> list[Somebody]:
        """Who was named to stand in for this person, in their turn or not."""
        held = {mandate.mandate_id for mandate in self.found.mandates if mandate.person_id == person_id}
        return self.in_order({
            mandate.person_id for mandate in self.found.mandates
            if mandate.deputy_of in held and (mandate.in_reserve or not mandate.ended)
        })  # fmt: skip

    def _seated_by(self, mandate: pb.MandateView) -> Somebody:
        """Who has the seat by this mandate, which may be a deputy's of somebody who is more than a deputy here."""
        person = self.person(mandate.person_id)
        if bool(person.acts_for) == bool(mandate.deputy_of):
            return person
        holder = next((held for held in self.found.mandates if held.mandate_id == mandate.deputy_of), None)
        name = self.person(holder.person_id).name if holder else ""
        return replace(person, acts_for=acting_for(mandate, name, self._language))


def _rank(somebody: Somebody) -> int:
    order = list(SEATS)
    return min(order.index(seat) for seat in somebody.seats)
