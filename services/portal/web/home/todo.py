"""One thing to do as a line of a page, and how its words are put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.clock import local_date
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
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
    minutes: int = 0


class Saying:
    """What all sentences of one cell are made with."""

    def __init__(self, table: TableView, language: Language, now: datetime) -> None:
        self._table = table
        self._language = language
        self._labels = Labels(language)
        self._now = now
        self._today = local_date(now)

    def _at(self, sentence: str, **values: str) -> str:
        """At this table, for what is of no town."""
        return f"{self._table.name}. {self._say(sentence, **values)}"

    def _urgent(self, waiting: pb.Waiting) -> tuple[str, bool]:
        return (self._say(_("urgent")), True) if waiting.urgent else ("", False)

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
        # The table as its card calls it; the town too where there are several.
        town = [self._table.town(waiting.nis_code)] if len(self._table.towns) > 1 else []
        where = ", ".join(dict.fromkeys([self._table.name, *town]))
        minor = [self._say(_("About a minor."))] if waiting.minor else []
        return " ".join([f"{where}.", self._say(sentence, **values), *minor])

    def _case(self, waiting: pb.Waiting, below: str) -> str:
        return f"{self._table.address}/cases/{waiting.case_id}{below}"

    def _say(self, sentence: str, **values: str) -> str:
        return self._language.text(sentence, **values)
