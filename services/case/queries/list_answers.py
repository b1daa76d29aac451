"""The cell's own questions and answers, for everybody at the table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import text

from services.kit.execute import Work
from services.kit.ids import LAST_ID
from services.kit.paging import Position, page_of
from services.kit.statements import Statement
from services.kit.vault import AssociatedData

_PAGE = Statement(
    text("""
SELECT answer_id, published_on, version, entry FROM taught_answer
 WHERE tenant_id = :tenant AND withdrawn_on IS NULL
   AND (published_on, answer_id) < (CAST(:day AS date), CAST(:entry AS uuid))
 ORDER BY published_on DESC, answer_id DESC LIMIT :rows""")
)
_FIRST = Position(datetime(9000, 1, 1, tzinfo=UTC), LAST_ID)


@dataclass(frozen=True, slots=True)
class ListAnswers:
    """A page; `cursor` is where the page before ended."""

    page_size: int
    cursor: Position | None


@dataclass(frozen=True, slots=True)
class TaughtView:
    """An entry as it is read."""

    answer_id: UUID
    published_on: date
    version: int
    question: str
    answer: str
    language: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The newest first; `may`: what the caller may do with each."""

    answers: tuple[TaughtView, ...]
    next_cursor: Position | None
    may: tuple[str, ...]


async def list_answers(work: Work, query: ListAnswers) -> AnswerPage:
    """All that are on the page."""
    after = query.cursor or _FIRST
    values = {"tenant": work.cell_id, "day": after.at.date(), "entry": after.entry, "rows": query.page_size + 1}
    rows, more = page_of(await work.fetch(_PAGE, values), query.page_size, lambda row: len(row["entry"]))
    page = []
    for row in rows:
        place = AssociatedData(work.cell_id, "taught_answer", "entry", row.answer_id)
        page.append(
            TaughtView(row.answer_id, row.published_on, row.version, **json.loads(await work.open(row.entry, place)))
        )
    work.trail.count, work.trail.fields = len(page), ("content",) if page else ()
    cursor = None
    if more:
        cursor = Position(datetime.combine(page[-1].published_on, time.min, UTC), page[-1].answer_id)
    may = ("withdraw_answer",) if work.may("withdraw_answer") else ()
    return AnswerPage(tuple(page), cursor, may)
