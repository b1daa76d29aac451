"""The seats of a session: which the law asks for, who holds them, who took them, and what is said when one is empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.backends.calls import Refused
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.table import TableView

SEAT_NAMES: Mapping[str, str] = {
    "mayor": _("Mayor or delegate"),
    "police": _("Police, with a clearance"),
    "prevention": _("Prevention officer"),
}
EMPTY: Mapping[str, str] = {
    "mayor": _("The seat of the mayor of %(town)s is empty. The mayor or a delegate must be present."),
    "police": _("The seat of the police of %(town)s is empty. Its chief or the information officer must sit."),
    "prevention": _("The seat of prevention of %(town)s is empty. The prevention officer must be present."),
}
EXPIRED = _("The clearance of the police of %(town)s has expired. Somebody of the police with a valid one must sit.")


@dataclass(frozen=True, slots=True)
class Taken:
    """One seat at the table, as macros/session.html shows it."""

    name: str
    note: str
    here: bool


class SessionSeats:
    """Answers what pages ask about the seats of one session, for the towns whose seats it needs."""

    def __init__(self, table: TableView, found: pb.Session, language: Language, towns: Sequence[str]) -> None:
        self._table = table
        self._found = found
        self._language = language
        self._towns = towns

    @cached_property
    def taken_by(self) -> dict[str, set[str]]:
        """Which seats each person took, by person id."""
        found: dict[str, set[str]] = {}
        for seat in self._found.attendance:
            found.setdefault(seat.person_id, set()).add(seat.seat)
        return found

    @property
    def present(self) -> list[Somebody]:
        """Who was there when it was opened, in the order of their names."""
        return self._table.in_order(self.taken_by)

    @property
    def expected(self) -> list[tuple[str, str]]:
        """The mandatory seats, and who holds each for the towns it needs (invariant 3)."""
        return [(self._seat_name(seat, town), self._names(seat, town)) for town in self._towns for seat in SEAT_NAMES]

    def _seat_name(self, seat: str, town: str) -> str:
        name = self._say(SEAT_NAMES[seat])
        return f"{name} ({self._table.town(town)})" if len(self._towns) > 1 else name

    def _names(self, seat: str, town: str) -> str:
        holders = self._table.holders(seat, town)
        return ", ".join(holder.acting for holder in holders) or self._say(_("nobody yet"))

    @property
    def guests(self) -> list[tuple[str, str]]:
        """Who is invited to each case of the agenda that the reader is in, by its code."""
        invited = [(item.case_code, self._table.in_order(item.guest_ids)) for item in self._found.items]
        return [(code, ", ".join(self._named(guest) for guest in guests)) for code, guests in invited if guests]

    def _named(self, guest: Somebody) -> str:
        return f"{guest.acting_within} ({guest.organisation})" if guest.organisation else guest.acting

    def of(self, town: str) -> list[Taken]:
        """The three mandatory seats of this town, and everybody else who is there."""
        mandatory = [self._taken(seat, town) for seat in SEAT_NAMES]
        counted = {person.person_id for seat in SEAT_NAMES for person in self._at(seat, town)}
        others = [person for person in self.present if person.person_id not in counted]
        return mandatory + [
            Taken(person.organisation or person.name, self._who(person), here=True) for person in others
        ]

    def _taken(self, seat: str, town: str) -> Taken:
        here = self._at(seat, town)
        note = ", ".join(self._who(person) for person in here) if here else self._names(seat, town)
        return Taken(self._say(SEAT_NAMES[seat]), note, bool(here))

    def _who(self, person: Somebody) -> str:
        mine = person.person_id == self._table.me
        return self._say(_("%(name)s (you)"), name=person.acting) if mine else person.acting

    def _at(self, seat: str, town: str) -> list[Somebody]:
        return [person for person in self._table.holders(seat, town) if person.person_id in self.taken_by]

    def sentence(self, item: pb.AgendaItem) -> str:
        """Whether the table can decide on this item, in one sentence; empty before it sits."""
        if self._found.stage != "going_on" and not item.seats_taken:
            return ""
        return self._say(
            _("The three mandatory seats are taken. The table can decide.")
            if item.seats_taken
            else _("A mandatory seat is empty. The table cannot decide on this.")
        )

    def _say(self, sentence: str, **values: str) -> str:
        return self._language.text(sentence, **values)


def refuse_seat(form: Form, field: str, refused: Refused, table: TableView) -> bool:
    """Say at a field which seat of which town is missing, if that is what was refused."""
    problem = refused.problem
    seat = (problem.field or "").removeprefix("seats.")
    named = [town.nis_code for town in table.found.cell.towns if town.nis_code in (problem.expected or "")]
    sentence = {"SeatMissing": EMPTY.get(seat, ""), "ClearanceExpired": EXPIRED}.get(problem.code, "")
    if not sentence or not named:
        return False
    form.fail(field, sentence, town=table.town(named[0]))
    return True
