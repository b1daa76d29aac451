"""A coordinator answers a question without a name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.case.errors import AnswerMissing
from services.case.model import QuestionState
from services.case.question import allow_answer_question, find_question, move_question, place, tell_asker
from services.case.ready_answers import GivenAnswer, prepared_answer
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.statements import Statement

_ANSWER = Statement(
    text("UPDATE question_text SET answer = :answer WHERE tenant_id = :tenant AND question_id = :question_id")
)


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Which question; an answer of the set by its code, own words, or both."""

    question_id: UUID
    expected_version: int
    prepared: str
    text: str
    language: str


async def answer_question(work: Work, command: AnswerQuestion) -> Receipt:
    """Keep the answer, sealed with the question. Raises AnswerUnknown, AnswerMissing and what the guard raises."""
    question = await find_question(work, command.question_id, lock=True)
    allow_answer_question(work, question.stands, command.expected_version)
    prepared = prepared_answer(command.prepared)
    if prepared is None and not command.text:
        raise AnswerMissing(field="text", expected="an answer of the set, own words, or both")
    answer = GivenAnswer(prepared, command.text, command.language)
    sealed = await work.seal(answer.to_json(), place(question.question_id, "answer"))
    version = await move_question(work, question, QuestionState.ANSWERED)
    await work.execute(
        _ANSWER, {"tenant": work.cell_id, "question_id": question.question_id, "answer": sealed}
    )  # fmt: skip
    await tell_asker(work, question)
    return Receipt(question.question_id, QuestionState.ANSWERED, version)
