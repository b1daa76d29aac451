"""The course of events of a case, newest first: what the reader's parts tell of it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.clock import day_starts_at, local_date
from services.portal.web.case.circle_view import CircleView
from services.portal.web.case.next_step import COMING
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp

DECIDED = {
    "follow_up": _("Discussed. Decided: follow up"),
    "no_action": _("Discussed. Decided: no follow-up needed"),
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened, or is planned (`kind` now). `at` orders, `when` says it in words."""

    at: datetime
    when: str
    text: str
    kind: str = ""


class Timeline:
    """Puts dates of the frame, sessions, decisions, shared contributions and invitations in one line."""

    def __init__(
        self,
        case: pb.Case,
        sessions: Sequence[meeting_pb2.CaseSession],
        circle: CircleView,
        organisations: dict[str, str],
        language: Language,
        today: date,
    ) -> None:
        self._case = case
        self._sessions = sessions
        self._circle = circle
        self._organisations = organisations
        self._language = language
        self._labels = Labels(language)
        self._today = today

    def entries(self) -> list[TimelineEntry]:
        """All of them; what is planned stands on top."""
        found = [*self._frame(), *self._meetings(), *self._shared(), *self._invitations()]
        return sorted(found, key=lambda entry: (entry.kind == "now", entry.at), reverse=True)

    def _frame(self) -> Iterator[TimelineEntry]:
        frame = self._case.frame
        if frame.HasField("proposed_at"):
            yield self._entry(from_timestamp(frame.proposed_at), _("Proposed after a signal"))
        if frame.HasField("listed_at"):
            yield self._entry(from_timestamp(frame.listed_at), _("Put on the list by the mayor"))

    def _meetings(self) -> Iterator[TimelineEntry]:
        for session in self._sessions:
            starts_at = from_timestamp(session.starts_at)
            if session.HasField("decision"):
                yield self._entry(from_timestamp(session.decision.decided_at), DECIDED[session.decision.outcome])
            elif session.stage == "cancelled":
                yield self._entry(starts_at, _("Session cancelled"))
            elif session.stage == COMING:
                yield self._entry(starts_at, _("Session: the table talks about this case"), kind="now")
            else:
                yield self._entry(starts_at, _("Session"))

    def _shared(self) -> Iterator[TimelineEntry]:
        for written in self._case.contributions:
            if written.HasField("shared_at"):
                who = self._organisations.get(written.organisation_id, "")
                yield self._entry(from_timestamp(written.shared_at), _("%(who)s shared a contribution"), who=who)

    def _invitations(self) -> Iterator[TimelineEntry]:
        for guest in self._circle.guests:
            # The time of the day is not known: after the listing, without which nobody is invited.
            at = max(day_starts_at(guest.first_day), from_timestamp(self._case.frame.listed_at) + timedelta(seconds=1))
            who = guest.who.organisation or guest.who.name
            text = _("%(who)s joins the circle") if guest.coming else _("%(who)s joined the circle")
            yield self._entry(at, text, kind="now" if guest.coming else "", who=who)

    def _entry(self, at: datetime, sentence: str, kind: str = "", **values: str) -> TimelineEntry:
        when = self._language.day(local_date(at), weekday=False, today=self._today)
        return TimelineEntry(at, when, self._language.text(sentence, **values), kind)
