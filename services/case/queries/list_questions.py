"""The caller's own questions; to a coordinator those of the cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import text

from services.case.asker import name_own
from services.case.queries.read_question import QuestionFrame
from services.kit.execute import Work
from services.kit.ids import LAST_ID
from services.kit.paging import Position, Time, page_of
from services.kit.policy import Role
from services.kit.statements import Statement

# Days and random ids: the order tells nothing of the hour.
_PAGE = Statement(
    text("""
SELECT asked.question_id, asked.state, asked.asked_on, asked.answered_on, asked.closed_on, asked.erased_on,
       asked.asker = ANY (:marks) AS mine, asked.version
  FROM question AS asked
 WHERE asked.tenant_id = :tenant AND (asked.asked_on, asked.question_id) < (CAST(:day AS date), CAST(:entry AS uuid))
   AND (CAST(:open AS boolean) IS NULL OR (asked.state <> 'CLOSED') = CAST(:open AS boolean))
 ORDER BY asked.asked_on DESC, asked.question_id DESC LIMIT :rows""")
)
_FIRST = Position(datetime(9000, 1, 1, tzinfo=UTC), LAST_ID)


@dataclass(frozen=True, slots=True)
class ListQuestions:
    """A page, of those not closed yet, of the others or of all; `cursor` is where the page before ended."""

    page_size: int
    cursor: Position | None
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Frames; `next_cursor` is None on the last page. `everyones`: those that others asked are among them."""

    questions: tuple[QuestionFrame, ...]
    next_cursor: Position | None
    everyones: bool


async def list_questions(work: Work, query: ListQuestions) -> QuestionPage:
    """Frames only: texts are read one by one."""
    after = query.cursor or _FIRST
    values = {
        "tenant": work.cell_id, "marks": await name_own(work), "day": after.at.date(), "entry": after.entry,
        "open": query.time is Time.CURRENT if query.time else None, "rows": query.page_size + 1,
    }  # fmt: skip
    rows, more = page_of(await work.fetch(_PAGE, values), query.page_size)
    page = tuple(QuestionFrame(*row) for row in rows)
    for question in page:
        work.concern(question.question_id)
    work.trail.count = len(page)
    cursor = None
    if more:
        cursor = Position(datetime.combine(page[-1].asked_on, time.min, UTC), page[-1].question_id)
    return QuestionPage(page, cursor, work.has_role(Role.COORDINATOR))
