"""What waits for somebody, as sentences: each with the one step that is next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.clock import local_date
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: a sentence, where it leads, where and when it is, until when. `late`: that is near or past."""

    href: str
    sentence: str
    where: str
    due: str = ""
    late: bool = False
    order: int = 1


class Waiting:
    """Turns what waits in one cell into sentences."""

    def __init__(self, table: TableView, language: Language, today: date) -> None:
        self._table = table
        self._language = language
        self._labels = Labels(language)
        self._today = today

    def todos(self, found: pb.ListWaitingResponse) -> list[Todo]:
        """All of them, in the order the service gives."""
        return [_KINDS[waiting.kind](self, waiting) for waiting in found.waiting]

    def undertaking(self) -> Todo:
        """Nothing is readable before secrecy is promised (invariant 7)."""
        text = self._say(_("Read it and accept it. Until then this table stays closed. Two minutes."))
        title = self._say(_("Promise secrecy at the table of %(cell)s"), cell=self._table.name)
        first = self._say(_("first of all"))
        return Todo(f"{self._table.address}/undertaking", title, text, first, late=True, order=0)

    def proposals(self, number: int) -> Todo:
        """The host proposed somebody; nothing counts before the cell's answer."""
        title = self._language.plural(
            "Answer the host: it proposes somebody for the table of %(cell)s",
            "Answer the host: it proposes %(num)d people for the table of %(cell)s", number, cell=self._table.name,
        )  # fmt: skip
        return Todo(f"{self._table.address}/mandates", title, self._say(_("Nothing counts before you say yes.")))

    def signal(self, waiting: pb.Waiting) -> Todo:
        """The coordinator looks at a signal."""
        since = from_timestamp(waiting.since)
        return Todo(
            f"{self._table.address}/signals/{waiting.signal_id}",
            self._say(_("Look at an urgent signal") if waiting.urgent else _("Look at a new signal")),
            self._here(waiting, _("Received on %(day)s."), day=self._language.day(since, today=self._today)),
            self._say(_("urgent")) if waiting.urgent else "",
            late=waiting.urgent, order=0 if waiting.urgent else 1,
        )  # fmt: skip

    def proposed(self, waiting: pb.Waiting) -> Todo:
        """The mayor decides on the list."""
        since = from_timestamp(waiting.since)
        return Todo(
            self._case(waiting, "/list"),
            self._say(_("Decide whether case %(code)s goes on the list"), code=waiting.case_code),
            self._here(waiting, _("Proposed on %(day)s."), day=self._language.day(since, today=self._today)),
        )  # fmt: skip

    def listed(self, waiting: pb.Waiting) -> Todo:
        """The coordinator composes the circle and plans a session."""
        return Todo(
            self._case(waiting, "/circle"), self._say(_("Compose the circle of case %(code)s"), code=waiting.case_code),
            self._here(waiting, _("On the list, no session planned yet.")),
        )  # fmt: skip

    def wanted(self, waiting: pb.Waiting) -> Todo:
        """A participant prepares what to say; the session may have begun."""
        address = self._case(waiting, "/contribution")
        sentence = self._say(_("Prepare your contribution for case %(code)s"), code=waiting.case_code)
        if not waiting.HasField("session_at"):
            return Todo(address, sentence, self._here(waiting, _("The table waits for it.")))
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

    def _until(self, last: date) -> tuple[str, bool]:
        left = (last - self._today).days
        if left < 0:
            late = self._language.plural("%(num)d day late", "%(num)d days late", -left)
            return late, True
        if left == 0:
            return self._say(_("today")), True
        if left == 1:
            return self._say(_("tomorrow")), True
        until = self._say(_("until %(day)s"), day=self._language.day(last, weekday=left < 7, today=self._today))
        return until, left <= SOON.days

    def _here(self, waiting: pb.Waiting, sentence: str, **values: str) -> str:
        town = self._table.town(waiting.nis_code)
        minor = [self._say(_("About a minor."))] if waiting.minor else []
        return " ".join([f"{town}.", self._say(sentence, **values), *minor])

    def _case(self, waiting: pb.Waiting, below: str) -> str:
        return f"{self._table.address}/cases/{waiting.case_id}{below}"

    def _say(self, sentence: str, **values: str) -> str:
        return self._language.text(sentence, **values)


_KINDS: Mapping[str, Callable[[Waiting, pb.Waiting], Todo]] = {
    "signal_received": Waiting.signal,
    "case_proposed": Waiting.proposed,
    "case_listed": Waiting.listed,
    "contribution_wanted": Waiting.wanted,
    "contribution_private": Waiting.private,
    "action_due": Waiting.action,
    "review_due": Waiting.review,
}
