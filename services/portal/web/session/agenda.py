"""The agenda of a session: its items in order, closed ones without a word, and where each leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.clock import BRUSSELS
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp


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


class Agenda:
    """Answers what pages ask about the items of the session at this address."""

    def __init__(self, found: pb.Session, language: Language, address: str) -> None:
        self._items = found.items
        self._language = language
        self._labels = Labels(language)
        self._address = address

    def item_of(self, case_id: str) -> pb.AgendaItem | None:
        """The item of a case; None when the case is not on the agenda."""
        return next((item for item in self._items if item.case_id == case_id), None)

    def after(self, item: pb.AgendaItem) -> str:
        """Where the next item of the reader's is, empty when there is none."""
        later = (other for other in self._items if other.position > item.position and other.case_id)
        return next((self._address_of(other) for other in later), "")

    @property
    def first(self) -> str:
        """Where the first item is that the reader is in and that nobody decided on."""
        return next(
            (self._address_of(item) for item in self._items if item.case_id and not item.HasField("decision")),
            "",
        )

    @property
    def has_closed(self) -> bool:
        """Whether there are items the reader is not in."""
        return any(item.closed_point for item in self._items)

    def points(self, current: str = "") -> list[Point]:
        """All items; `current` is the case whose page this is."""
        return [self._point(item, current) for item in self._items]

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
        return f"{self._address}/cases/{item.case_id}"

    def _say(self, sentence: str, **values: str) -> str:
        return self._language.text(sentence, **values)
