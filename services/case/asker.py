"""Whoever asks a question without a name: found again by themselves, and by nobody who reads the database.

A person has a few marks in a cell, keyed hashes under the cell's key; each of their questions that is kept bears
another of them. So no two questions of one person look alike, nothing in a row tells whose it is, and whoever asks
finds their own by making their marks again. The wall shows a question to who names its mark, and to coordinators
(decision 78).
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from services.case.errors import TooManyQuestions
from services.kit.execute import Work
from services.kit.statements import Statement

MOST = 10
"""Questions of one person that are not closed, at once in a cell."""
MARKS = 40
"""Of one person in a cell; a closed question bears its own until it is erased."""

_NAME = Statement(text("SELECT set_config('rondetafel.marks', :marks, true)"))
# Two questions of one person that are asked at once take two marks.
_ALONE = Statement(text("SELECT pg_advisory_xact_lock(hashtextextended(:mark, 0))"))
_TAKEN = Statement(
    text("SELECT asker, state <> 'CLOSED' AS runs FROM question WHERE tenant_id = :tenant AND asker = ANY (:marks)")
)


async def name_own(work: Work) -> list[UUID]:
    """The caller's marks; from here on this act sees the questions that bear one."""
    marks = [
        UUID(bytes=await work.keyring.pseudonym(f"{work.actor_id}|{place}", "question_asker")) for place in range(MARKS)
    ]
    await work.execute(_NAME, {"marks": ",".join(map(str, marks))})
    return marks


async def free_mark(work: Work) -> UUID:
    """A mark of the caller that no question bears. Raises TooManyQuestions."""
    marks = await name_own(work)
    await work.execute(_ALONE, {"mark": str(marks[0])})
    kept = {row.asker: row.runs for row in await work.fetch(_TAKEN, {"tenant": work.cell_id, "marks": marks})}
    free = [mark for mark in marks if mark not in kept]
    if not free or sum(kept.values()) >= MOST:
        raise TooManyQuestions(field="text", expected=f"at most {MOST} questions at once; close one you need no more")
    return free[0]


async def notice_name(work: Work, question_id: UUID) -> UUID:
    """What letters to whoever asked call it: the directory, which knows whom it writes to, cannot tell which it is."""
    return UUID(bytes=await work.keyring.pseudonym(str(question_id), "question_notice"))
