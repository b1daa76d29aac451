"""The circle of a case as pages show it: who is in, who reads what is shared, which domains of life nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.ui.labels import LIFE_DOMAINS, MANDATORY_SEATS, Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.order import name_key
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.table import TableView

CIRCLE_SEATS = (*MANDATORY_SEATS, "coordinator")
"""The seats of the circle; the mandatory ones first, as they stand in the ring."""

GAPS: Mapping[str, str] = {
    "school_and_training": _("Nobody at the table knows the school."),
    "family": _("Nobody at the table knows the family."),
    "friends_and_network": _("Nobody at the table knows the friends and the network."),
    "work_and_income": _("Nobody at the table knows about work and income."),
    "housing": _("Nobody at the table knows about housing."),
    "mental_health": _("Nobody at the table knows about mental health."),
}
"""The domains that are asked for first, and what is said when nobody covers one."""
OF_YOUNG_PEOPLE = "school_and_training"
OVER = "over"
"""The stage of a case that ended (docs/domain.md)."""
OLDEST_PUPIL = 25
"""Years: whoever is older is not asked about school first."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A mandatory seat or the coordinator's, and who holds it now."""

    name: str
    holders: Sequence[Somebody]
    mine: bool
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited to this case. `coming` when the first day has yet to come."""

    who: Somebody
    entry: pb.CircleEntry
    first_day: date
    last_day: date | None
    coming: bool
    mine: bool
    invited_by: str


@dataclass(frozen=True, slots=True)
class RingSeat:
    """One seat in the picture of the ring: its kind (macros/ring.html) and what stands in it."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of life and the organisations that know it; empty when there is none."""

    code: str
    name: str
    who: str


class CircleView:
    """Answers what pages ask about the circle of one case. `case.circle` is empty for who is not in it."""

    def __init__(self, table: TableView, case: pb.Case, language: Language, today: date) -> None:
        self._table = table
        self._case = case
        self._language = language
        self._labels = Labels(language)
        self._today = today

    def __bool__(self) -> bool:
        return bool(self._case.circle)

    @cached_property
    def seats(self) -> list[Seat]:
        """By seat, whoever holds it (a new mayor inherits)."""
        present = {entry.seat for entry in self._case.circle if entry.seat}
        return [self._seat(seat) for seat in CIRCLE_SEATS if seat in present]

    @cached_property
    def kept_out(self) -> set[str]:
        """Who has a conflict of interest, and reads nothing whatever seat they hold."""
        return {entry.person_id for entry in self._case.kept_out}

    def out_of(self, entry: pb.KeptOut) -> str:
        """Who is kept out, and for who may read it since when and by whose word."""
        name = self.named(self._table.person(entry.person_id))
        if not entry.HasField("since"):
            return name
        moment = self._language.moment(from_timestamp(entry.since), today=self._today)
        if entry.said_by == entry.person_id:
            return self._language.text(_("%(name)s, who declared it on %(moment)s"), name=name, moment=moment)
        by = self._table.person(entry.said_by).name
        return self._language.text(_("%(name)s, as %(by)s decided on %(moment)s"), name=name, by=by, moment=moment)

    def holders(self, seat: str) -> list[Somebody]:
        """Who holds a seat for the town of the case, and is not kept out of it."""
        held = self._table.holders(seat, self._case.frame.nis_code)
        return [holder for holder in held if holder.person_id not in self.kept_out]

    def _seat(self, code: str) -> Seat:
        holders = self.holders(code)
        mine = any(holder.person_id == self._table.me for holder in holders)
        return Seat(self._labels.of("seat", code), holders, mine, mandatory=code in MANDATORY_SEATS)

    @cached_property
    def guests(self) -> list[Guest]:
        """Everybody invited in person, whoever comes first."""
        return [self._guest(entry) for entry in self._case.circle if entry.person_id]

    def _guest(self, entry: pb.CircleEntry) -> Guest:
        first_day = date.fromisoformat(getattr(entry, "from"))
        return Guest(
            who=self._table.person(entry.person_id),
            entry=entry,
            first_day=first_day,
            last_day=date.fromisoformat(entry.to) if entry.to else None,
            coming=first_day > self._today,
            mine=entry.person_id == self._table.me,
            invited_by=self._table.person(entry.invited_by).name if entry.invited_by else "",
        )

    @property
    def present(self) -> list[Guest]:
        """The guests whose time has begun."""
        return [guest for guest in self.guests if not guest.coming]

    def people(self, part: str = "frame") -> dict[str, str]:
        """Who reads this part now: what each is called here, by person id; seats first, then guests by organisation."""
        parts = {entry.seat: entry.parts for entry in self._case.circle if entry.seat}
        named: dict[str, str] = {}
        for code in CIRCLE_SEATS:
            if part in parts.get(code, ()):
                for holder in self.holders(code):
                    named.setdefault(holder.person_id, f"{holder.acting}, {self._labels.of('seat', code)}")
        for guest in sorted(self.present, key=lambda guest: guest.who.in_order_of_organisations):
            if part in guest.entry.parts:
                named.setdefault(guest.who.person_id, self.named(guest.who))
        return named

    @property
    def readers(self) -> list[str]:
        """Who reads what is shared with the circle now, the reader of this page marked."""
        you = self._language.text(_("you"))
        return [
            f"{name} ({you})" if person_id == self._table.me else name
            for person_id, name in self.people("content").items()
        ]

    def named(self, somebody: Somebody) -> str:
        """Name, of a deputy for whom, and organisation."""
        return ", ".join(filter(None, (somebody.acting_within, somebody.organisation)))

    @cached_property
    def domains(self) -> list[Domain]:
        """All domains: those somebody knows, then those asked for first, then the others."""
        knowing: dict[str, list[str]] = {}
        for guest in self.present:
            for code in guest.entry.life_domains:
                knowing.setdefault(code, []).append(guest.who.organisation or guest.who.name)
        first = self._asked_first
        order = [*first, *(code for code in LIFE_DOMAINS if code not in first)]
        found = [
            Domain(
                code, self._labels.of("life_domain", code), ", ".join(sorted(set(knowing.get(code, ())), key=name_key))
            )
            for code in order
        ]  # fmt: skip
        return sorted(found, key=lambda domain: not domain.who)

    @property
    def shown_domains(self) -> list[Domain]:
        """Those somebody knows, and the first gap: one question at a time."""
        return [domain for domain in self.domains if domain.who or domain is self.gap]

    @property
    def other_gaps(self) -> list[str]:
        """Names of the further domains that nobody knows, those asked for first before the others."""
        return [domain.name for domain in self.domains if not domain.who and domain is not self.gap]

    @property
    def gap(self) -> Domain | None:
        """The domain asked for first that nobody knows; none of a case that is over."""
        if self._case.frame.stage == OVER:
            return None
        return next((domain for domain in self.domains if not domain.who and domain.code in GAPS), None)

    @property
    def _asked_first(self) -> list[str]:
        """The domains of `GAPS` as they fit the person: school first of the young alone."""
        age, minor = self._case.age, self._case.frame.minor
        young = age.least <= OLDEST_PUPIL if age.minor else minor
        others = [code for code in GAPS if code != OF_YOUNG_PEOPLE]
        return [OF_YOUNG_PEOPLE, *others] if young else [*others, OF_YOUNG_PEOPLE]

    @property
    def gap_sentence(self) -> str:
        """What is said of it."""
        return self._language.text(GAPS[self.gap.code]) if self.gap else ""

    @cached_property
    def ring(self) -> list[RingSeat]:
        """The seats of the ring; a missing one for the first gap."""
        you = self._language.text(_("You"))
        seats = [
            RingSeat("you" if seat.mine else _kind(seat), you if seat.mine else _capital(seat.name))
            for seat in self.seats
        ]
        for guest in self.present:
            name = guest.who.organisation or guest.who.name
            seats.append(RingSeat("you", you) if guest.mine else RingSeat("partner", name))
        return [*seats, *([RingSeat("missing", self.gap.name)] if self.gap else [])]

    @property
    def count(self) -> int:
        """How many people are in it now."""
        return len(self.people())

    @property
    def size(self) -> str:
        """The same in words."""
        return self._language.plural("%(num)d person", "%(num)d people", self.count)

    @property
    def sentence(self) -> str:
        """The whole picture for who listens."""
        names = [seat.name for seat in self.seats] + [guest.who.organisation for guest in self.present]
        said = self._language.text(
            _("Round table with %(people)s: %(names)s."), people=self.size, names=", ".join(filter(None, names))
        )
        return f"{said} {self.gap_sentence}".strip()


def _kind(seat: Seat) -> str:
    if not seat.holders:
        return "free"
    return "mandatory" if seat.mandatory else "partner"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
