"""A case as its page shows it: what the reader's parts hold, in words; what they do not hold is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.clock import local_date
from services.portal.web.case.circle_view import CircleView
from services.portal.web.case.information_words import informing
from services.portal.web.case.next_step import NextStep, StepFinder
from services.portal.web.case.timeline import Timeline, TimelineEntry
from services.portal.web.case.words import LIST_REASONS, LISTED_REASONS, SIGNS
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class Said:
    """A contribution: whose, when, what. `read` and `readers` are for its author; a draft goes on at `address`."""

    organisation: str
    by: str
    text: str
    lang: str
    police: bool
    read: str = ""
    readers: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Doing:
    """An action of the plan, as macros/plan.html shows it."""

    text: str
    owner: str
    due: str
    state: str
    sign: str
    kind: str
    goal: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What the table decided, as far as the reader reads the content."""

    title: str
    by: str
    reasons: str
    dissents: tuple[tuple[str, str], ...]


class CaseView:
    """Answers what the page of a case asks."""

    def __init__(
        self,
        table: TableView,
        case: pb.Case,
        sessions: Sequence[meeting_pb2.CaseSession],
        language: Language,
        now: datetime,
    ) -> None:
        self.case = case
        self.frame = case.frame
        self.circle = CircleView(table, case, language, local_date(now))
        self._about = Concerned(case.person, case.age, language, minor=case.frame.minor)
        self._table = table
        self._sessions = sessions
        self._language = language
        self._labels = Labels(language)
        self._now = now
        self._today = local_date(now)

    @property
    def address(self) -> str:
        """Of its page."""
        return f"{self._table.address}/cases/{self.frame.case_id}"

    @property
    def heading(self) -> str:
        """First name and age; the code for who does not read the identity."""
        return self._about.heading or self.frame.code

    @property
    def age(self) -> pb.Age:
        """Of the person, empty for who does not read the identity: it tells whether the mark of a minor is certain."""
        return self.case.age

    @property
    def line(self) -> tuple[list[str], int]:
        """Where it stands: the names of its states in order, and which is now."""
        return [self._labels.of("case_state", state) for state in self.case.way], self.case.way_now

    @cached_property
    def next_step(self) -> NextStep:
        """What is asked of the reader."""
        return StepFinder(self._table, self.case, self._sessions, self.circle, self._language, self._now).find()

    @property
    def followed(self) -> bool:
        """Whether the table agreed on something before: then the next session looks how things are since."""
        return bool(self.case.actions or self.frame.review_on)

    @property
    def may_contribute(self) -> bool:
        """Whether the reader may say something now: a right, never a duty (invariant 5)."""
        return "write_contribution" in self.case.may

    @property
    def reasons_title(self) -> str:
        """What the mayor's reasons are for."""
        return self._say(LIST_REASONS.get(self.frame.state, LISTED_REASONS))

    @property
    def shared(self) -> list[Said]:
        """What the circle reads, newest first."""
        found = [written for written in self.case.contributions if written.stage == "shared"]
        return [
            self._said(written)
            for written in sorted(found, key=lambda written: from_timestamp(written.shared_at), reverse=True)
        ]

    @property
    def drafts(self) -> list[Said]:
        """The reader's own, that nobody else sees."""
        mine = [
            written
            for written in self.case.contributions
            if written.author_id == self._table.me and written.stage == "draft"
        ]
        return [self._said(written) for written in mine]

    def _said(self, written: pb.Contribution) -> Said:
        mine = written.author_id == self._table.me
        name = self._table.person(written.author_id).name
        by = self._language.text(_("%(name)s (you)"), name=name) if mine else name
        at = from_timestamp(written.shared_at if written.HasField("shared_at") else written.written_at)
        address = f"{self.address}/contribution/{written.contribution_id}" if written.stage == "draft" else ""
        return Said(
            self._organisations.get(written.organisation_id, ""), f"{by}, {self._day(at)}",
            written.text, written.language, written.police_origin, self._read(written) if mine else "",
            tuple(reader.name for reader in self._table.in_order(set(written.read_by))) if mine else (), address,
        )  # fmt: skip

    def _read(self, written: pb.Contribution) -> str:
        if written.stage == "draft":
            return ""
        others = {*self.circle.people("content"), *written.read_by} - {self._table.me}
        read = len(set(written.read_by))
        if not read:
            return self._say(_("Nobody has read this yet"))
        return self._language.plural(
            "%(num)d of %(all)d people has read this", "%(num)d of %(all)d people have read this", read, all=len(others)
        )

    @cached_property
    def _organisations(self) -> dict[str, str]:
        return {mandate.organisation_id: mandate.organisation_name for mandate in self._table.found.mandates}

    @property
    def decisions(self) -> list[Decided]:
        """Newest first."""
        return [self._decided(session.decision) for session in reversed(self._sessions) if session.HasField("decision")]

    def _decided(self, decision: meeting_pb2.Decision) -> Decided:
        dissents = tuple((self._table.person(dissent.person_id).name, dissent.text) for dissent in decision.dissents)
        by = self._table.person(decision.decided_by).name
        day = self._day(from_timestamp(decision.decided_at))
        return Decided(self._labels.of("outcome", decision.outcome), f"{by}, {day}", decision.reasons, dissents)

    @property
    def plan(self) -> list[Doing]:
        """Actions, what is due first on top."""
        return [self._doing(action) for action in self.case.actions]

    def _doing(self, action: pb.Action) -> Doing:
        owner = self._language.text(_("You")) if action.owner_id == self._table.me else ""
        who = self._table.person(action.owner_id)
        due = date.fromisoformat(action.due_on)
        late = (self._today - due).days if action.open else 0
        sign, kind = SIGNS[action.state]
        state = self._labels.of("action_state", action.state)
        if late > 0:
            state, sign, kind = f"{state}, {self._late(late)}", "clock", "heed"
        name = owner or ", ".join(filter(None, (who.name_within, who.organisation)))
        domain, what = self._labels.of("life_domain", action.life_domain), self._agreed.get(action.action_id, "")
        return Doing(what or domain, name, self._day(due), state, sign, kind, goal=domain if what else "")

    @cached_property
    def _agreed(self) -> dict[str, str]:
        """What each action is, in the words of its decision; of decisions before there were words, nothing."""
        decided = [session.decision for session in self._sessions if session.HasField("decision")]
        return {action.action_id: action.what for decision in decided for action in decision.actions}

    def _late(self, days: int) -> str:
        return self._language.plural("%(num)d day late", "%(num)d days late", days)

    @property
    def timeline(self) -> list[TimelineEntry]:
        """What happened, newest first."""
        return Timeline(
            self.case, self._sessions, self.circle, self._organisations, self._language, self._today
        ).entries()

    @property
    def agreements(self) -> list[tuple[str, str]]:
        """Who leads, and that the interest of a child was looked at."""
        found = []
        if self.case.case_lead_id:
            found.append((self._say(_("Case lead")), self.circle.named(self._table.person(self.case.case_lead_id))))
        if self.case.best_interest:
            found.append((self._say(_("Best interest of the child")), self._say(_("Looked at in the proposal"))))
        return found

    @property
    def clocks(self) -> list[tuple[str, str]]:
        """Dates that count."""
        frame = self.frame
        found = [(self._say(_("Opened")), self._day(from_timestamp(frame.proposed_at)))]
        if frame.HasField("listed_at"):
            found.append((self._say(_("On the list since")), self._day(from_timestamp(frame.listed_at))))
        if frame.review_on:
            found.append((self._say(_("Look again before")), self._day(date.fromisoformat(frame.review_on))))
        return found

    @property
    def informing(self) -> str:
        """Whether the person concerned is informed; empty of a case that was never on the list."""
        if not self.case.HasField("information"):
            return ""
        return informing(self._table, self.case.information, self._language, self._today)

    @property
    def about(self) -> list[tuple[str, str]]:
        """What the identity holds."""
        return self._about.facts

    @property
    def review_late(self) -> str:
        """That the review is overdue and what comes of it, empty when it is not (invariant 11)."""
        if not self.case.review:
            return ""
        late = self._today - date.fromisoformat(self.frame.review_on)
        blocked = _("Nothing new can be shared until a new date is set.")
        warned = _("After 14 days nothing new can be shared until a new date is set.")
        said = blocked if self.case.review == "blocks" else warned
        return f"{self._late(late.days)}. {self._say(said)}"

    def day_of(self, iso_day: str) -> str:
        """A day on the wire in words."""
        return self._day(date.fromisoformat(iso_day))

    def _day(self, at: date | datetime) -> str:
        return self._language.day(at, weekday=False, today=self._today)

    def _say(self, sentence: str) -> str:
        return self._language.text(sentence)
