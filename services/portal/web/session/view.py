"""A session as its pages show it: when and where, where it stands, who may open it."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from google.protobuf.timestamp_pb2 import Timestamp

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.clock import local_date
from services.portal.web.session.agenda import Agenda
from services.portal.web.session.seats import SessionSeats
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView


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
        return self._labels.of("session_stage", self.found.stage)

    @property
    def going_on(self) -> bool:
        """Whether the table sits now."""
        return self.found.stage == "going_on"

    @property
    def live(self) -> bool:
        """Whether its pages keep themselves up to date: while it goes on, and on its day while people come in."""
        return self.going_on or (self.to_open and local_date(self.starts_at) == self._today)

    @property
    def to_open(self) -> bool:
        """Whether it has yet to be opened."""
        return self.found.stage == "coming"

    @property
    def opens(self) -> bool:
        """Whether the reader may open it now."""
        return "open_session" in self.found.may

    @property
    def cancels(self) -> bool:
        """Whether the reader may take it back before it is opened."""
        return "cancel_session" in self.found.may

    @property
    def undoes(self) -> bool:
        """Whether the reader opened it, and may take that back."""
        return "undo_opening" in self.found.may

    @property
    def cancelled(self) -> bool:
        """Whether it will not be held."""
        return self.found.stage == "cancelled"

    @property
    def news(self) -> str:
        """Who opened or cancelled it, and when; empty before."""
        if self.cancelled:
            return self._by(
                _("%(name)s cancelled this session on %(moment)s."),
                _("This session is cancelled."), self.found.cancelled_by, self.found.cancelled_at,
            )  # fmt: skip
        if self.going_on:
            return self._by(
                _("%(name)s opened this session on %(moment)s."),
                _("This session is open already."), self.found.opened_by, self.found.opened_at,
            )  # fmt: skip
        return "" if self.to_open else self._language.text(_("This session is over."))

    def _by(self, said: str, unknown: str, person_id: str, at: Timestamp) -> str:
        if not person_id:
            return self._language.text(unknown)
        moment = self._language.moment(from_timestamp(at), today=self._today)
        return self._language.text(said, name=self._table.person(person_id).name, moment=moment)

    @property
    def i_sit(self) -> bool:
        """Whether the reader is present in it while it goes on."""
        return self.going_on and self._table.me in self.seats.taken_by

    @cached_property
    def towns(self) -> list[str]:
        """Towns whose seats it needs, as far as the reader may know: those of the own items, else all of the cell."""
        seen = {item.nis_code for item in self.found.items if item.nis_code}
        all_towns = [town.nis_code for town in self._table.towns]
        return [code for code in all_towns if code in seen] or all_towns

    @cached_property
    def agenda(self) -> Agenda:
        """Its items."""
        return Agenda(self.found, self._language, self.address)

    @cached_property
    def seats(self) -> SessionSeats:
        """Who sits where."""
        return SessionSeats(self._table, self.found, self._language, self.towns)
