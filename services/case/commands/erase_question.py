"""A question was closed, or answered, long enough ago."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.statements import Statement

_DUE = Statement(
    text("""
SELECT question_id FROM question
 WHERE tenant_id = :tenant AND question_id = :question_id AND erased_on <= :today""")
)
_ERASE = Statement(
    text("""
WITH texts AS (DELETE FROM question_text WHERE tenant_id = :tenant AND question_id = :question_id)
DELETE FROM question WHERE tenant_id = :tenant AND question_id = :question_id""")
)


@dataclass(frozen=True, slots=True)
class EraseQuestion:
    """Which question."""

    question_id: UUID


async def erase_question(work: Work, command: EraseQuestion) -> bool:
    """Take its rows away and destroy its key, if its day has come; whether it had."""
    values = {"tenant": work.cell_id, "question_id": command.question_id, "today": local_date(work.now)}
    if await work.fetch_one(_DUE, values) is None:
        return False
    work.concern(command.question_id)
    work.trail.count = 1
    await work.execute(_ERASE, values)
    await work.keyring.destroy([command.question_id])
    return True
