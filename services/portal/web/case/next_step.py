"""The next step for the reader of a case: one sentence, one button, one way to decline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.clock import local_date
from services.kit.policy import SEATS
from services.portal.web.case.circle_view import CircleView
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp, stage_of
from services.portal.web.ui.table import TableView

TABLED = ("LISTED", "SCHEDULED", "DISCUSSED", "FOLLOW_UP", "AFTERCARE")
"""States in which the table works on a case."""
COMING = ("PLANNED", "CONVENED")
DRAFTS = ("PRIVATE", "ASSESSED")
REVIEW_COMES = timedelta(days=14)

QUIET: Mapping[str, str] = {
    "PROPOSED": _("The mayor decides whether this case goes on the list. You hear when that is done."),
    "REOPENED": _("A new signal came in. The mayor decides whether this case goes on the list again."),
    "LISTED": _("The coordinator composes the circle and plans a session. You hear when it is."),
    "SCHEDULED": _("A session is planned. You hear when something is asked of you."),
    "DISCUSSED": _("The table talked about this case. You hear when something is asked of you."),
    "FOLLOW_UP": _("The plan runs. You hear when something is asked of you."),
    "AFTERCARE": _("The table stays near. You hear when something is asked of you."),
    "REFUSED": _("The mayor did not put this case on the list. The table does not follow it; it is erased by itself."),
    "ON_HOLD": _("This case is on hold. Plan nothing and share nothing until it goes on."),
    "CLOSED_NO_ACTION": _("The table decided that no follow-up is needed. What is kept here is erased by itself."),
    "CLOSED": _("The table does not follow this case any more. What is kept here is erased by itself."),
    "TRANSFERRED": _("Another table follows this case now. What is kept here is erased by itself."),
    "RETAINED": _("This case is over. What is kept here is erased by itself."),
    "ERASED": _("This case is erased."),
    "RESTRICTED": _("The data protection officer has restricted this case. For now nobody works on it."),
}
"""What is said when nothing is asked of the reader: what happens next, or that it is over."""


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
            if session.state in COMING and from_timestamp(session.ends_at) > self._now
        ]
        return min(ahead, key=lambda session: from_timestamp(session.starts_at), default=None)

    def _session_open(self) -> NextStep | None:
        going_on = next(
            (
                session
                for session in self._sessions
                if stage_of(session, self._today) == "OPEN" and not session.HasField("decision")
            ),
            None,
        )
        if going_on is None or not self._circle:
            return None
        return NextStep(
            self._say(_("The session is going on. The table talks about this case.")),
            button=self._say(_("Go to the session")), address=self._session(going_on),
        )  # fmt: skip

    def _list_decision(self) -> NextStep | None:
        if self._case.frame.state not in ("PROPOSED", "REOPENED") or not self._holds(*SEATS["mayor"]):
            return None
        return NextStep(
            self._say(_("Read the proposal, then decide whether this case goes on the list.")),
            button=self._say(_("Decide on the list")), address=f"{self._address}/list",
        )  # fmt: skip

    def _draft(self) -> NextStep | None:
        if self._case.frame.state not in TABLED:
            return None
        mine = [
            written
            for written in self._case.contributions
            if written.author_id == self._table.me and written.state in DRAFTS
        ]
        if not mine:
            return None
        return NextStep(
            self._say(_("You saved something; only you can see it. Read it again, then choose what you share.")),
            button=self._say(_("Go on with my contribution")),
            address=f"{self._address}/contribution/{mine[-1].contribution_id}",
            other=self._not_this_time(), declines=not self._case.declined,
        )  # fmt: skip

    def _wanted(self) -> NextStep | None:
        if not self._asked_to_speak() or self._case.declined or self._shared_since_decision():
            return None
        if self.coming is None:
            return None
        looks = _("%(moment)s the table looks how it goes. Prepare your contribution.")
        talks = _("%(moment)s the table talks about this case. Prepare your contribution.")
        sentence = looks if self._case.frame.state == "FOLLOW_UP" else talks
        return NextStep(
            self._say(sentence, moment=self._capital_moment(self.coming)),
            button=self._say(_("Prepare my contribution")), address=f"{self._address}/contribution",
            other=self._not_this_time(), declines=True,
        )  # fmt: skip

    def _listed(self) -> NextStep | None:
        if self._case.frame.state != "LISTED" or not self._holds("coordinator"):
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
        review_on = self._case.frame.review_on
        if self._case.frame.state not in ("FOLLOW_UP", "AFTERCARE") or not review_on or self.coming:
            return None
        due = date.fromisoformat(review_on)
        if due - self._today > REVIEW_COMES or not self._holds("coordinator"):
            return None
        return NextStep(
            self._say(_("The table agreed to look again before %(day)s. Plan a session."), day=self._day(due)),
            button=self._say(_("Plan a session")), address=f"{self._table.address}/sessions/new",
        )  # fmt: skip

    def _declined(self) -> NextStep | None:
        if not self._case.declined or self._case.frame.state not in TABLED:
            return None
        return NextStep(
            self._say(_("You have nothing to share this time. That is fine; nobody else sees that you said so.")),
            title=self._say(_("Nothing is asked of you now")),
            other=self._say(_("Share something after all")), other_address=f"{self._address}/contribution",
        )  # fmt: skip

    def _nothing(self) -> NextStep:
        title = self._say(_("Nothing is asked of you now"))
        if self.coming and self._case.frame.state in TABLED:
            moment = self._capital_moment(self.coming)
            sentence = self._say(_("%(moment)s the table talks about this case."), moment=moment)
            button, address = self._say(_("Look at the session")), self._session(self.coming)
            return NextStep(sentence, title=title, other=button, other_address=address)
        return NextStep(self._say(QUIET[self._case.frame.state]), title=title)

    def _asked_to_speak(self) -> bool:
        """Invited in person, or holding one of the two seats that speak without preparing the session."""
        if "content" not in self._case.parts or self._case.frame.state not in TABLED:
            return False
        seats = {entry.seat for entry in self._case.circle}
        in_seat = any(seat in seats and self._holds(*SEATS[seat]) for seat in ("police", "prevention"))
        return in_seat or any(guest.mine for guest in self._circle.present)

    def _shared_since_decision(self) -> bool:
        decided = [
            from_timestamp(session.decision.decided_at) for session in self._sessions if session.HasField("decision")
        ]
        mine = [
            written
            for written in self._case.contributions
            if written.author_id == self._table.me and written.HasField("shared_at")
        ]
        return any(not decided or from_timestamp(written.shared_at) > max(decided) for written in mine)

    def _holds(self, *roles: str) -> bool:
        """Whether the reader holds one of these roles for the town of the case."""
        nis_code = self._case.frame.nis_code
        return any(mandate.role in roles and nis_code in mandate.nis_codes for mandate in self._table.my_mandates)

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
