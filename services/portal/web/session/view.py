"""A session as its pages show it: when and where, the agenda, the seats it needs and who holds or took them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import product

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.clock import BRUSSELS, local_date
from services.kit.policy import SEATS
from services.portal.backends.calls import Refused
from services.portal.web.case.circle_view import SEAT_ROLES
from services.portal.web.request.access import sits_for
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import TO_OPEN, from_timestamp, stage_of
from services.portal.web.ui.table import Somebody, TableView

CHAIR = tuple(sorted(SEATS["mayor"]))
OPENERS = (*CHAIR, "coordinator")

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
class Point:
    """One item of the agenda, as macros/session.html shows it."""

    at: datetime
    time: str
    text: str
    href: str = ""
    code: bool = False
    note: str = ""
    now: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """One seat at the table, as macros/session.html shows it."""

    name: str
    note: str
    here: bool


class SessionView:
    """Answers what pages ask about one session."""

    def __init__(self, table: TableView, found: pb.Session, language: Language, today: date) -> None:
        self.found = found
        self.starts_at = from_timestamp(found.starts_at)
        self.ends_at = from_timestamp(found.ends_at)
        self._table = table
        self._language = language
        self._labels = Labels(language)
        self._today = today

    @property
    def address(self) -> str:
        """Of its page."""
        return f"{self._table.address}/sessions/{self.found.session_id}"

    @property
    def day(self) -> str:
        """The day it is held."""
        return self._language.day(self.starts_at, today=self._today)

    @property
    def hours(self) -> str:
        """From when until when."""
        return self._language.text(
            _("from %(start)s to %(end)s"),
            start=self._language.time(self.starts_at), end=self._language.time(self.ends_at),
        )  # fmt: skip

    @property
    def place(self) -> str:
        """Where."""
        return self._labels.of("place", self.found.place)

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        return self._labels.of("session_state", stage_of(self.found, self._today))

    @property
    def open(self) -> bool:
        """Whether it was opened and not closed: what was decided may be written down still."""
        return self.found.state == "OPEN"

    @property
    def going_on(self) -> bool:
        """Whether the table sits now."""
        return stage_of(self.found, self._today) == "OPEN"

    @property
    def live(self) -> bool:
        """Whether its pages keep themselves up to date: while it goes on, and on its day while people come in."""
        return self.going_on or (self.to_open and local_date(self.starts_at) == self._today)

    @property
    def to_open(self) -> bool:
        """Whether it has yet to be opened."""
        return self.found.state in TO_OPEN

    @property
    def opens(self) -> bool:
        """Whether the reader may open it now."""
        return self.to_open and any(sits_for(self._table, town, OPENERS) for town in self.towns)

    @property
    def i_sit(self) -> bool:
        """Whether the reader is present in it while it goes on."""
        return self.going_on and self._table.me in self._seats_of

    @cached_property
    def towns(self) -> list[str]:
        """Towns whose seats it needs, as far as the reader may know: those of the own items, else all of the cell."""
        seen = {item.nis_code for item in self.found.items if item.nis_code}
        all_towns = [one.nis_code for one in self._table.found.cell.towns]
        return [code for code in all_towns if code in seen] or all_towns

    def item_of(self, case_id: str) -> pb.AgendaItem | None:
        """The item of a case; None when the case is not on the agenda."""
        return next((item for item in self.found.items if item.case_id == case_id), None)

    def after(self, item: pb.AgendaItem) -> str:
        """Where the next item of the reader's is, empty when there is none."""
        later = (one for one in self.found.items if one.position > item.position and one.case_id)
        return next((self._address_of(one) for one in later), "")

    @property
    def first(self) -> str:
        """Where the first item is that the reader is in and that nobody decided on."""
        return next(
            (self._address_of(one) for one in self.found.items if one.case_id and not one.HasField("decision")), ""
        )

    @property
    def has_closed(self) -> bool:
        """Whether there are items the reader is not in."""
        return any(item.closed_point for item in self.found.items)

    def agenda(self, current: str = "") -> list[Point]:
        """All items; `current` is the case whose page this is."""
        return [self._point(item, current) for item in self.found.items]

    def _point(self, item: pb.AgendaItem, current: str) -> Point:
        at = from_timestamp(item.starts_at)
        local = at.astimezone(BRUSSELS)
        time = self._say(_("%(hour)s:%(minute)s"), hour=str(local.hour), minute=f"{local.minute:02}")
        if item.closed_point:
            closed = self._say(_("Closed item"))
            return Point(at, time, closed, note=self._say(_("You are not in this one")), closed=True)
        now = item.case_id == current
        return Point(at, time, item.case_code, "" if now else self._address_of(item), True, self._note(item, now), now)

    def _note(self, item: pb.AgendaItem, now: bool) -> str:
        if item.HasField("decision"):
            return self._say(_("Decided: %(outcome)s"), outcome=self._labels.of("outcome", item.decision.outcome))
        return self.until(item) if now else ""

    def until(self, item: pb.AgendaItem) -> str:
        """When its time is over; never a ticking clock."""
        return self._say(_("until %(time)s"), time=self._language.time(from_timestamp(item.ends_at)))

    def _address_of(self, item: pb.AgendaItem) -> str:
        return f"{self.address}/cases/{item.case_id}"

    @cached_property
    def _seats_of(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in self.found.attendance:
            found.setdefault(one.person_id, set()).add(one.seat)
        return found

    @property
    def present(self) -> list[Somebody]:
        """Who was there when it was opened."""
        return [self._table.person(person_id) for person_id in self._seats_of]

    @property
    def expected(self) -> list[tuple[str, str]]:
        """The mandatory seats, and who holds each for the towns it needs (invariant 3)."""
        return [(self._seat_name(seat, town), self._names(seat, town)) for town in self.towns for seat in SEAT_NAMES]

    def _seat_name(self, seat: str, town: str) -> str:
        name = self._say(SEAT_NAMES[seat])
        return f"{name} ({self._table.town(town)})" if len(self.towns) > 1 else name

    def _names(self, seat: str, town: str) -> str:
        holders = self._table.holders(SEAT_ROLES[seat], town)
        return ", ".join(one.name for one in holders) or self._say(_("nobody yet"))

    def seats(self, town: str) -> list[Taken]:
        """The three mandatory seats of this town, and everybody else who is there."""
        mandatory = [self._taken(seat, town) for seat in SEAT_NAMES]
        counted = {one.person_id for seat in SEAT_NAMES for one in self._at(seat, town)}
        others = [one for one in self.present if one.person_id not in counted]
        return mandatory + [Taken(one.organisation or one.name, self._who(one), here=True) for one in others]

    def _taken(self, seat: str, town: str) -> Taken:
        here = self._at(seat, town)
        note = ", ".join(self._who(one) for one in here) if here else self._names(seat, town)
        return Taken(self._say(SEAT_NAMES[seat]), note, bool(here))

    def _who(self, one: Somebody) -> str:
        return self._say(_("%(name)s (you)"), name=one.name) if one.person_id == self._table.me else one.name

    def _at(self, seat: str, town: str) -> list[Somebody]:
        return [one for one in self._table.holders(SEAT_ROLES[seat], town) if one.person_id in self._seats_of]

    def seated(self, town: str) -> str:
        """Whether the table can decide on a case of this town, in one sentence; empty before it sits."""
        if not self.open:
            return ""
        taken: Sequence[Sequence[str]] = [[one.person_id for one in self._at(seat, town)] for seat in SEAT_NAMES]
        full = any(len(set(people)) == len(taken) for people in product(*taken))
        return self._say(
            _("The three mandatory seats are taken. The table can decide.")
            if full
            else _("A mandatory seat is empty. The table cannot decide on this.")
        )

    def _say(self, sentence: str, **values: str) -> str:
        return self._language.text(sentence, **values)


def refuse_seat(form: Form, field: str, refused: Refused, table: TableView) -> bool:
    """Say at a field which seat of which town is missing, if that is what was refused."""
    problem = refused.problem
    seat = (problem.field or "").removeprefix("seats.")
    town = next((one.nis_code for one in table.found.cell.towns if one.nis_code in (problem.expected or "")), "")
    sentence = {"SeatMissing": EMPTY.get(seat, ""), "ClearanceExpired": EXPIRED}.get(problem.code, "")
    if not sentence or not town:
        return False
    form.fail(field, sentence, town=table.town(town))
    return True
