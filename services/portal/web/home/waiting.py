"""What waits for somebody, as sentences: each with the one step that is next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.clock import local_date
from services.portal.web.home.minutes import MINUTES
from services.portal.web.home.todo import SOON, Saying, Todo
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp


class Waiting(Saying):
    """Turns what waits in one cell into sentences."""

    def todos(self, found: pb.ListWaitingResponse) -> list[Todo]:
        """All of them, in the order the service gives."""
        return [
            replace(
                _KINDS[waiting.kind](self, waiting), minutes=MINUTES[waiting.kind], order=0 if waiting.urgent else 1
            )
            for waiting in found.waiting
        ]

    def going_on(self, sessions: Iterable[meeting_pb2.Session]) -> list[Todo]:
        """Whoever sits there goes there first."""
        return [
            Todo(
                f"{self._table.address}/sessions/{session.session_id}", self._say(_("The session is going on")),
                self._begun(from_timestamp(session.starts_at)), self._say(_("now")), late=True, order=-1,
            )
            for session in sessions
        ]  # fmt: skip

    def _begun(self, at: datetime) -> str:
        """Where; and when, as far as it is so: a session may be opened before its time."""
        if at > self._now:
            moment = self._language.moment(at, today=self._today)
            return self._say(_("%(table)s. It was planned for %(moment)s."), table=self._table.name, moment=moment)
        return self._say(_("%(table)s. It began at %(time)s."), table=self._table.name, time=self._language.time(at))

    def undertaking(self) -> Todo:
        """Nothing is readable before secrecy is promised (invariant 7)."""
        text = self._say(_("Read it and accept it. Until then this table stays closed. Two minutes."))
        title = self._say(_("Promise secrecy at the table of %(cell)s"), cell=self._table.name)
        first = self._say(_("first of all"))
        return Todo(f"{self._table.address}/undertaking", title, text, first, late=True, order=-2, minutes=2)

    def proposals(self, number: int) -> Todo:
        """The host proposed somebody; nothing counts before the cell's answer."""
        title = self._language.plural(
            "Answer the host: it proposes somebody for the table of %(cell)s",
            "Answer the host: it proposes %(num)d people for the table of %(cell)s", number, cell=self._table.name,
        )  # fmt: skip
        text = self._say(_("Nothing counts before you say yes."))
        return Todo(f"{self._table.address}/mandates", title, text, minutes=3 * number)

    def set_up(self, missing: int) -> list[Todo]:
        """What the table needs: before it is open, and when something fell away later."""
        if not (missing or self._table.setting_up):
            return []
        again = not self._table.setting_up
        title = _("See what is missing at the table of %(cell)s") if again else _("Set up the table of %(cell)s")
        text = self._language.plural("One thing is missing.", "%(num)d things are missing.", missing) if missing else ""
        ready = self._say(_("Everything is there: the coordinator can open it."))
        here = self._say(title, cell=self._table.name)
        return [Todo(f"{self._table.address}/set-up", here, text or ready, minutes=2)]

    def clearance(self, last_day: date) -> Todo:
        """Somebody of the police sits with a clearance that ends; without one the seat counts as empty."""
        over = last_day < self._today
        title = _("A clearance of the police is over: see to it") if over else _("A clearance of the police ends soon")
        day = self._language.day(last_day, weekday=False, today=self._today)
        text = self._say(_("Without a valid clearance that seat counts as empty for a session."))
        due = self._language.text(_("since %(day)s") if over else _("last day %(day)s"), day=day)
        late = last_day - self._today <= SOON
        return Todo(f"{self._table.address}/mandates", self._say(title), text, due, late=late, minutes=3)

    def agreed(self) -> list[Todo]:
        """What waits of the texts of the table: a new promise, rules to accept, rules to decide on."""
        found = self._table.found
        todos = [self._promise(date.fromisoformat(found.undertaking_renew_by))] if found.undertaking_renew_by else []
        if found.rules_to_decide:
            title = self._say(_("Decide on the rules of the table of %(cell)s"), cell=self._table.name)
            todos.append(self._of_rules(title, self._say(_("The coordinator asks you to."))))
        if found.rules_to_accept:
            title = self._say(_("Accept the rules of the table of %(cell)s"), cell=self._table.name)
            todos.append(self._of_rules(title, self._say(_("They are in force, or will be within 14 days."))))
        return todos

    def _promise(self, last: date) -> Todo:
        """Another text of secrecy than the one that was promised; until its last day the table stays open."""
        title = self._say(_("Promise the new text of secrecy at the table of %(cell)s"), cell=self._table.name)
        text = self._say(_("After that day this table closes for you until you do."))
        until = self._say(_("until %(day)s"), day=self._language.day(last, today=self._today))
        late = last - self._today <= SOON
        return Todo(f"{self._table.address}/undertaking", title, text, until, late=late, minutes=5)

    def _of_rules(self, title: str, text: str) -> Todo:
        return Todo(f"{self._table.address}/rules", title, text, minutes=5)

    def signal(self, waiting: pb.Waiting) -> Todo:
        """The coordinator looks at a signal."""
        organisation = self._table.person(waiting.reporter_id).organisation
        title = _("Look at an urgent signal") if waiting.urgent else _("Look at a new signal")
        if organisation:
            of = _("Look at the signal of %(organisation)s")
            title = _("Look at the urgent signal of %(organisation)s") if waiting.urgent else of
        moment = self._language.moment(from_timestamp(waiting.since), today=self._today)
        return Todo(
            f"{self._table.address}/signals/{waiting.signal_id}",
            self._say(title, organisation=organisation),
            self._here(waiting, _("Received on %(moment)s."), moment=moment), *self._urgent(waiting),
        )  # fmt: skip

    def check(self, waiting: pb.Waiting) -> Todo:
        """The police answer whether anything stands against a signal."""
        asked = self._language.day(from_timestamp(waiting.since), today=self._today)
        return Todo(
            self._check(waiting), self._say(_("Answer the coordinator: does anything stand against a signal?")),
            self._here(waiting, _("Asked on %(day)s."), day=asked), *self._until(date.fromisoformat(waiting.due_on)),
        )  # fmt: skip

    def hold(self, waiting: pb.Waiting) -> Todo:
        """A hold comes to its last day."""
        title = self._say(_("Do you still ask to wait with a signal?"))
        said = self._here(waiting, _("After that day the coordinator can go on."))
        return Todo(self._check(waiting), title, said, *self._until(date.fromisoformat(waiting.due_on)))

    def answered(self, waiting: pb.Waiting) -> Todo:
        """Nothing stands against going on."""
        title, said = self._say(_("Go on with a signal")), _("The police have nothing against it.")
        address = f"{self._table.address}/signals/{waiting.signal_id}"
        return Todo(address, title, self._here(waiting, said), *self._urgent(waiting))

    def late(self, waiting: pb.Waiting) -> Todo:
        """The police did not answer in time."""
        title, said = self._say(_("A check waits for the police too long")), _("Talk to each other, or name a deputy.")
        until = self._until(date.fromisoformat(waiting.due_on))
        return Todo(self._check(waiting), title, self._here(waiting, said), *until)

    def asked(self, waiting: pb.Waiting) -> Todo:
        """Whoever told a signal answers a question of the coordinator."""
        return self._of_exchange(waiting, _("Answer a question about your signal"), _("Asked on %(day)s."))

    def added(self, waiting: pb.Waiting) -> Todo:
        """The coordinator reads what whoever told a signal answered or added."""
        return self._of_exchange(waiting, _("Read what was added to a signal"), _("Added on %(day)s."))

    def _of_exchange(self, waiting: pb.Waiting, title: str, said: str) -> Todo:
        day = self._language.day(from_timestamp(waiting.since), today=self._today)
        address = f"{self._table.address}/signals/{waiting.signal_id}"
        return Todo(address, self._say(title), self._here(waiting, said, day=day), *self._urgent(waiting))

    def question(self, waiting: pb.Waiting) -> Todo:
        """The coordinator answers a question without a name."""
        asked = self._language.day(from_timestamp(waiting.since), today=self._today)
        return Todo(
            f"{self._table.address}/questions/{waiting.question_id}", self._say(_("Answer a question without a name")),
            self._at(_("Asked on %(day)s."), day=asked),
        )  # fmt: skip

    def told(self, waiting: pb.Waiting) -> Todo:
        """Whoever asked reads the answer."""
        return Todo(
            f"{self._table.address}/questions/{waiting.question_id}", self._say(_("Read the answer to your question")),
            self._at(_("Nobody at the table reads that you asked.")),
        )  # fmt: skip

    def _check(self, waiting: pb.Waiting) -> str:
        return f"{self._table.address}/signals/{waiting.signal_id}/check"

    def proposed(self, waiting: pb.Waiting) -> Todo:
        """The mayor decides on the list."""
        since = from_timestamp(waiting.since)
        return Todo(
            self._case(waiting, "/list"),
            self._say(_("Decide whether case %(code)s goes on the list"), code=waiting.case_code),
            self._here(waiting, _("Proposed on %(day)s."), day=self._language.day(since, today=self._today)),
            *self._urgent(waiting),
        )  # fmt: skip

    def listed(self, waiting: pb.Waiting) -> Todo:
        """The coordinator composes the circle."""
        return Todo(
            self._case(waiting, "/circle"), self._say(_("Compose the circle of case %(code)s"), code=waiting.case_code),
            self._here(waiting, _("On the list; nobody is invited yet.")), *self._urgent(waiting),
        )  # fmt: skip

    def unplanned(self, waiting: pb.Waiting) -> Todo:
        """The coordinator plans a session for a circle that is there."""
        return Todo(
            f"{self._table.address}/sessions/new?case={waiting.case_id}",
            self._say(_("Plan a session for case %(code)s"), code=waiting.case_code),
            self._here(waiting, _("The circle is there; no session is planned yet.")), *self._urgent(waiting),
        )  # fmt: skip

    def wanted(self, waiting: pb.Waiting) -> Todo:
        """A participant prepares what to say; the session may have begun."""
        address = self._case(waiting, "/contribution")
        sentence = self._say(_("Prepare your contribution for case %(code)s"), code=waiting.case_code)
        if not waiting.HasField("session_at"):
            asked = self._here(waiting, _("No session is planned yet; you can prepare already."))
            return Todo(address, sentence, asked, *self._urgent(waiting))
        at = from_timestamp(waiting.session_at)
        session = self._here(waiting, _("Session on %(moment)s."), moment=self._language.moment(at, today=self._today))
        return Todo(address, sentence, session, *self._until(local_date(at)))

    def private(self, waiting: pb.Waiting) -> Todo:
        """A draft that was not shared."""
        return Todo(
            f"{self._case(waiting, '/contribution')}/{waiting.contribution_id}",
            self._say(_("Go on with your contribution for case %(code)s"), code=waiting.case_code),
            self._here(waiting, _("You saved something; only you can see it.")),
        )  # fmt: skip

    def action(self, waiting: pb.Waiting) -> Todo:
        """Something was agreed."""
        domain = self._labels.of("life_domain", waiting.life_domain)
        title = self._say(_("Your action for case %(code)s: %(domain)s"), code=waiting.case_code, domain=domain)
        agreed = self._here(waiting, _("Agreed at the table."))
        return Todo(self._case(waiting, ""), title, agreed, *self._until(date.fromisoformat(waiting.due_on)))

    def review(self, waiting: pb.Waiting) -> Todo:
        """The review date comes."""
        return Todo(
            self._case(waiting, ""), self._say(_("Look at case %(code)s again"), code=waiting.case_code),
            self._here(waiting, _("The table agreed to look again.")), *self._until(date.fromisoformat(waiting.due_on)),
        )  # fmt: skip

    def informing(self, waiting: pb.Waiting) -> Todo:
        """The person concerned is to be informed."""
        title = self._say(_("Say of case %(code)s whether the person is informed"), code=waiting.case_code)
        here = self._here(waiting, _("The law gives the person that right."))
        return Todo(self._case(waiting, "/information"), title, here, *self._until(date.fromisoformat(waiting.due_on)))


_KINDS: Mapping[str, Callable[[Waiting, pb.Waiting], Todo]] = {
    "signal_received": Waiting.signal,
    "check_wanted": Waiting.check,
    "hold_ends": Waiting.hold,
    "check_answered": Waiting.answered,
    "check_late": Waiting.late,
    "signal_asked": Waiting.asked,
    "signal_added": Waiting.added,
    "question_asked": Waiting.question,
    "question_answered": Waiting.told,
    "case_proposed": Waiting.proposed,
    "case_listed": Waiting.listed,
    "session_wanted": Waiting.unplanned,
    "contribution_wanted": Waiting.wanted,
    "contribution_private": Waiting.private,
    "action_due": Waiting.action,
    "review_due": Waiting.review,
    "information_due": Waiting.informing,
}
