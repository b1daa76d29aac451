"""The list of contacts of a table as its page and its files tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.order import Key, name_key
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody of a table. `name` tells the person from everybody else there; `telephone` as E.164 has it.

    `seats` are pairs of role and organisation in words, `towns` those it is all for where a table has several;
    `deputies` are those named for this person, also when it is not their turn.
    """

    name: str
    given_name: str
    family_name: str
    seats: tuple[tuple[str, str], ...]
    towns: str
    language: str
    telephone: str
    reachable: str
    mine: bool
    deputies: str

    @property
    def in_order(self) -> Key:
        """By family name."""
        return name_key(self.family_name, self.given_name, self.name)


def lines_of(contacts: Iterable[pb.Contact], table: TableView, language: Language) -> list[Line]:
    """Everybody, in the order of their names."""
    return sorted((_line(contact, table, language) for contact in contacts), key=lambda line: line.in_order)


def _line(contact: pb.Contact, table: TableView, language: Language) -> Line:
    labels, several = Labels(language), len(table.towns) > 1
    seats = dict.fromkeys((labels.of("role", seat.role), seat.organisation_name) for seat in contact.seats)
    towns = {code for seat in contact.seats for code in seat.nis_codes} if several else ()
    known = table.people.get(contact.person_id)
    return Line(
        known.acting if known else f"{contact.given_name} {contact.family_name}".strip(),
        contact.given_name, contact.family_name, tuple(seats), ", ".join(table.town_names(towns)),
        contact.language, contact.telephone, contact.reachable, contact.person_id == table.me,
        ", ".join(person.name for person in table.deputies_of(contact.person_id)),
    )  # fmt: skip
