"""A question needs no more: whoever asked says so, or a coordinator once it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.model import QuestionState
from services.case.question import allow_close_question, find_question, move_question
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class CloseQuestion:
    """Which question."""

    question_id: UUID
    expected_version: int


async def close_question(work: Work, command: CloseQuestion) -> Receipt:
    """Close it; from now on its time to be erased runs."""
    question = await find_question(work, command.question_id, lock=True)
    allow_close_question(work, question.stands, command.expected_version)
    version = await move_question(work, question, QuestionState.CLOSED)
    return Receipt(question.question_id, QuestionState.CLOSED, version)
