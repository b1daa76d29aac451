"""The next step for the reader of a case: one sentence, one button, one way to decline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.clock import local_date
from services.portal.web.case.circle_view import CircleView
from services.portal.web.case.information_words import LATE
from services.portal.web.case.words import PREPARE, PREPARE_ALREADY, PREPARE_TALK, QUIET
from services.portal.web.ui.labels import Labels
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
    """Says the one that is most pressing for the reader: the service tells which, no rule stands here."""

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
        """A session that goes on, else the first of what the case asks of the reader, as home lists it too."""
        asked = (_RULES[kind](self) for kind in self._case.asks)
        return self._session_open() or next(asked, None) or self._declined() or self._nothing()

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

    def _list_decision(self) -> NextStep:
        urgent = _("It came in as urgent. Read the proposal now, then decide whether this case goes on the list.")
        calm = _("Read the proposal, then decide whether this case goes on the list.")
        return NextStep(
            self._say(urgent if self._case.frame.urgent else calm),
            button=self._say(_("Decide on the list")), address=f"{self._address}/list",
        )  # fmt: skip

    def _draft(self) -> NextStep:
        mine = [
            written.contribution_id
            for written in self._case.contributions
            if written.author_id == self._table.me and written.stage == "draft"
        ]
        return NextStep(
            self._say(_("You saved something; only you can see it. Read it again, then choose what you share.")),
            button=self._say(_("Go on with my contribution")),
            # Of a case with more contributions than a page carries the draft may not be among them.
            address="/".join([self._address, "contribution", *mine[-1:]]),
            other=self._not_this_time(), declines=not self._case.declined,
        )  # fmt: skip

    def _wanted(self) -> NextStep:
        sentence = self._say(PREPARE_ALREADY)
        if self.coming:
            said = PREPARE.get(self._case.frame.state, PREPARE_TALK)
            sentence = self._say(said, moment=self._capital_moment(self.coming))
        return NextStep(
            sentence,
            button=self._say(_("Prepare my contribution")), address=f"{self._address}/contribution",
            other=self._not_this_time(), declines=True,
        )  # fmt: skip

    def _compose(self) -> NextStep:
        urgent, calm = (
            _("It came in as urgent. Who should sit at the table for this case?"),
            _("Who should sit at the table for this case?"),
        )
        sentence = urgent if self._case.frame.urgent else calm
        return NextStep(self._say(sentence), "", *self._composing, *self._planning)

    def _plan(self) -> NextStep:
        urgent = _("It came in as urgent, and the circle is there. Plan a session.")
        sentence = urgent if self._case.frame.urgent else _("The circle is there. Plan a session.")
        return NextStep(self._say(sentence), "", *self._planning, *self._composing)

    def _review(self) -> NextStep:
        due = self._day(date.fromisoformat(self._case.frame.review_on))
        if self._case.frame.to_plan and self._table.may("plan_session"):
            sentence = _("The table agreed to look again before %(day)s. Plan a session.")
            return NextStep(self._say(sentence, day=due), "", *self._planning)
        sentence = _("The table agreed to look again before %(day)s. The coordinator plans a session for it.")
        return NextStep(self._say(sentence, day=due))

    def _inform(self) -> NextStep:
        day = self._day(date.fromisoformat(self._case.information.day))
        late = _("Does the person concerned know of this case? That was to be so by %(day)s.")
        calm = _("Does the person concerned know of this case? There is time until %(day)s.")
        sentence = self._say(late if self._case.information.standing == LATE else calm, day=day)
        button = self._say(_("Say whether the person is informed"))
        return NextStep(sentence, "", button, f"{self._address}/information")

    def _action(self) -> NextStep:
        mine = [action for action in self._case.actions if action.open and action.owner_id == self._table.me]
        first = min(mine, key=lambda action: action.due_on)
        said = _("You agreed to do something for this case: %(domain)s, before %(day)s.")
        domain = Labels(self._language).of("life_domain", first.life_domain)
        sentence = self._say(said, domain=domain, day=self._day(date.fromisoformat(first.due_on)))
        plan = (self._say(_("Look at the plan")), f"{self._address}#plan")
        return NextStep(sentence, "", "", "", *plan)

    @property
    def _composing(self) -> tuple[str, str]:
        return self._say(_("Compose the circle")), f"{self._address}/circle"

    @property
    def _planning(self) -> tuple[str, str]:
        case = self._case.frame.case_id
        return self._say(_("Plan a session")), f"{self._table.address}/sessions/new?case={case}"

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


_RULES: Mapping[str, Callable[[StepFinder], NextStep]] = {
    "case_proposed": StepFinder._list_decision,
    "contribution_private": StepFinder._draft,
    "contribution_wanted": StepFinder._wanted,
    "case_listed": StepFinder._compose,
    "session_wanted": StepFinder._plan,
    "review_due": StepFinder._review,
    "information_due": StepFinder._inform,
    "action_due": StepFinder._action,
}
