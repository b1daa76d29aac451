"""A session that is about to be planned or opened, in words, and what is odd in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.web.session.view import SessionView
from services.portal.web.ui.answers import Answer, Doubt
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp

LONG = timedelta(hours=6)
"""A longer session is asked about: an hour was mistyped, or nobody stays so long."""
EARLY = timedelta(hours=1)
"""Who opens a session so long before it begins may have taken another one for it."""


class SessionWords:
    """Says what is planned; `called` are the cases by id, `planned` the codes of those on an agenda already."""

    def __init__(
        self,
        asked: pb.PlanSessionRequest,
        called: Mapping[str, str],
        planned: Sequence[str],
        language: Language,
        today: date,
    ) -> None:
        self._asked = asked
        self._called = called
        self._planned = planned
        self._language = language
        self._today = today

    def said(self) -> list[Answer]:
        """Everything, in the order of the form."""
        asked, say = self._asked, self._language.text
        day = self._language.day(from_timestamp(asked.starts_at), today=self._today)
        place = Labels(self._language).of("place", asked.place)
        cases = [
            Answer(self._called[item.case_id], self._hours(item.starts_at, item.ends_at), "items")
            for item in asked.items
        ]
        return [
            Answer(say(_("Which day?")), day, "day"),
            Answer(say(_("From when until when?")), self._hours(asked.starts_at, asked.ends_at), "starts_at"),
            Answer(say(_("Where?")), place[:1].upper() + place[1:], "place"),
            *cases,
        ]

    def doubts(self) -> list[Doubt]:
        """A session of many hours; a case that somebody planned already, perhaps a moment ago."""
        asked, say = self._asked, self._language.text
        hours = self._hours(asked.starts_at, asked.ends_at)
        long = from_timestamp(asked.ends_at) - from_timestamp(asked.starts_at) > LONG
        found = (
            [Doubt(say(_("More than six hours: %(hours)s. Is that right?"), hours=hours), "ends_at")] if long else []
        )
        sentence = _("Case %(code)s is on the agenda of a session already. Is that right?")
        return [*found, *(Doubt(say(sentence, code=code), "items") for code in self._planned)]

    def _hours(self, starts_at: Timestamp, ends_at: Timestamp) -> str:
        return self._language.text(
            _("from %(start)s to %(end)s"),
            start=self._language.time(from_timestamp(starts_at)), end=self._language.time(from_timestamp(ends_at)),
        )  # fmt: skip


def opening_said(view: SessionView, present: Iterable[str], language: Language) -> list[Answer]:
    """Which session is opened, and who is there."""
    say = language.text
    return [
        Answer(say(_("Which session?")), f"{view.day}, {view.hours}, {view.place}"),
        Answer(say(_("Who is present?")), "\n".join(present), "present_person_ids"),
        Answer(say(_("The secrecy of this session was declared")), say(_("Yes")), "secrecy_declared"),
    ]


def opening_doubts(view: SessionView, language: Language, now: datetime) -> list[Doubt]:
    """A session of later."""
    if view.starts_at - now <= EARLY:
        return []
    moment = language.moment(view.starts_at, today=now.date())
    sentence = _("This session is planned for %(moment)s, more than an hour from now. Do you open it already?")
    return [Doubt(language.text(sentence, moment=moment))]
