"""The next step for the reader of a case: one sentence, one button, one way to decline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.clock import local_date
from services.portal.web.case.circle_view import CircleView
from services.portal.web.case.words import PREPARE, PREPARE_TALK, QUIET
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

COMING, GOING_ON = "coming", "going_on"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is next. `button` leads to `address`; `other` is the way to decline: a link, or the form that declines."""

    sentence: str
    title: str = ""
    button: str = ""
    address: str = ""
    other: str = ""
    other_address: str = ""
    declines: bool = False


class StepFinder:
    """Finds the one that is most pressing for the reader."""

    def __init__(
        self,
        table: TableView,
        case: pb.Case,
        sessions: Sequence[meeting_pb2.CaseSession],
        circle: CircleView,
        language: Language,
        now: datetime,
    ) -> None:
        self._table = table
        self._case = case
        self._sessions = sessions
        self._circle = circle
        self._language = language
        self._now = now
        self._today = local_date(now)
        self._address = f"{table.address}/cases/{case.frame.case_id}"

    def find(self) -> NextStep:
        """The first of these that is asked of the reader."""
        asked = (self._session_open, self._list_decision, self._draft, self._wanted, self._listed, self._review)
        return next((step for rule in asked if (step := rule())), None) or self._declined() or self._nothing()

    @property
    def coming(self) -> meeting_pb2.CaseSession | None:
        """The next session on this case."""
        ahead = [
            session
            for session in self._sessions
            if session.stage == COMING and from_timestamp(session.ends_at) > self._now
        ]
        return min(ahead, key=lambda session: from_timestamp(session.starts_at), default=None)

    def _session_open(self) -> NextStep | None:
        going_on = next(
            (session for session in self._sessions if session.stage == GOING_ON and not session.HasField("decision")),
            None,
        )
        if going_on is None or not self._circle:
            return None
        return NextStep(
            self._say(_("The session is going on. The table talks about this case.")),
            button=self._say(_("Go to the session")), address=self._session(going_on),
        )  # fmt: skip

    def _list_decision(self) -> NextStep | None:
        if "case_proposed" not in self._case.asks:
            return None
        return NextStep(
            self._say(_("Read the proposal, then decide whether this case goes on the list.")),
            button=self._say(_("Decide on the list")), address=f"{self._address}/list",
        )  # fmt: skip

    def _draft(self) -> NextStep | None:
        if "contribution_private" not in self._case.asks:
            return None
        mine = [
            written
            for written in self._case.contributions
            if written.author_id == self._table.me and written.stage == "draft"
        ]
        return NextStep(
            self._say(_("You saved something; only you can see it. Read it again, then choose what you share.")),
            button=self._say(_("Go on with my contribution")),
            address=f"{self._address}/contribution/{mine[-1].contribution_id}",
            other=self._not_this_time(), declines=not self._case.declined,
        )  # fmt: skip

    def _wanted(self) -> NextStep | None:
        if "contribution_wanted" not in self._case.asks or self.coming is None:
            return None
        sentence = PREPARE.get(self._case.frame.state, PREPARE_TALK)
        return NextStep(
            self._say(sentence, moment=self._capital_moment(self.coming)),
            button=self._say(_("Prepare my contribution")), address=f"{self._address}/contribution",
            other=self._not_this_time(), declines=True,
        )  # fmt: skip

    def _listed(self) -> NextStep | None:
        if "case_listed" not in self._case.asks:
            return None
        compose = (self._say(_("Compose the circle")), f"{self._address}/circle")
        plan = (self._say(_("Plan a session")), f"{self._table.address}/sessions/new")
        invited = bool(self._circle.guests)
        sentence = (
            _("The circle is there. Plan a session.") if invited else _("Who should sit at the table for this case?")
        )
        first, second = (plan, compose) if invited else (compose, plan)
        return NextStep(self._say(sentence), "", *first, *second)

    def _review(self) -> NextStep | None:
        if "review_due" not in self._case.asks or self.coming or not self._table.may("plan_session"):
            return None
        due = date.fromisoformat(self._case.frame.review_on)
        return NextStep(
            self._say(_("The table agreed to look again before %(day)s. Plan a session."), day=self._day(due)),
            button=self._say(_("Plan a session")), address=f"{self._table.address}/sessions/new",
        )  # fmt: skip

    def _declined(self) -> NextStep | None:
        if not self._case.declined or "write_contribution" not in self._case.may:
            return None
        return NextStep(
            self._say(_("You have nothing to share this time. That is fine; nobody else sees that you said so.")),
            title=self._say(_("Nothing is asked of you now")),
            other=self._say(_("Share something after all")), other_address=f"{self._address}/contribution",
        )  # fmt: skip

    def _nothing(self) -> NextStep:
        title = self._say(_("Nothing is asked of you now"))
        if self.coming and self._case.frame.stage == "at_the_table":
            moment = self._capital_moment(self.coming)
            sentence = self._say(_("%(moment)s the table talks about this case."), moment=moment)
            button, address = self._say(_("Look at the session")), self._session(self.coming)
            return NextStep(sentence, title=title, other=button, other_address=address)
        return NextStep(self._say(QUIET[self._case.frame.state]), title=title)

    def _not_this_time(self) -> str:
        return self._say(_("I have nothing to share this time"))

    def _session(self, session: meeting_pb2.CaseSession) -> str:
        return f"{self._table.address}/sessions/{session.session_id}"

    def _capital_moment(self, session: meeting_pb2.CaseSession) -> str:
        moment = self._language.moment(from_timestamp(session.starts_at), today=self._today)
        return moment[:1].upper() + moment[1:]

    def _day(self, day: date) -> str:
        return self._language.day(day, weekday=False, today=self._today)

    def _say(self, sentence: str, **values: str) -> str:
        return self._language.text(sentence, **values)
