"""What was asked, answered and added about a signal, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.table import TableView

MORE = "more"
"""The choice of who answers none of the questions."""
_SHORT = 120


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said. `to`: when the question was asked that it answers, where that does not stand right above it."""

    kind: str
    who: Somebody
    at: datetime
    text: str
    language: str
    open: bool
    to: datetime | None


def talk_of(table: TableView, signal: pb.Signal) -> list[Said]:
    """All of it, in order of time."""
    asked_at = {entry.entry_id: from_timestamp(entry.said_at) for entry in signal.exchange}
    above, talk = "", []
    for entry in signal.exchange:
        to = asked_at.get(entry.answers) if entry.answers != above else None
        at = asked_at[entry.entry_id]
        who = table.person(entry.author_id)
        talk.append(Said(entry.kind, who, at, entry.text, entry.language, entry.open, to))
        above = entry.entry_id
    return talk


def choices_of(signal: pb.Signal, language: Language, today: date) -> list[tuple[str, str, str]]:
    """What a text of whoever told it can belong to: a question that is not answered yet, with its beginning; or none.

    Empty where there is no such question.
    """
    found = [
        (
            entry.entry_id,
            language.text(
                _("The question of %(moment)s"), moment=language.moment(from_timestamp(entry.said_at), today=today)
            ),
            _short(entry.text),
        )
        for entry in signal.exchange
        if entry.open
    ]
    return [*found, (MORE, language.text(_("Something else")), "")] if found else []


def _short(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= _SHORT else first[:_SHORT].rsplit(" ", 1)[0] + " …"
