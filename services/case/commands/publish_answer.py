"""A question taught something: the coordinator writes it anew for everybody at the table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID, uuid4

from services.case.model import TaughtAnswer
from services.case.question import allow_publish_answer, find_question
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.vault import AssociatedData


@dataclass(frozen=True, slots=True)
class PublishAnswer:
    """From which question, and both texts in the coordinator's own words."""

    question_id: UUID
    question: str
    answer: str
    language: str


async def publish_answer(work: Work, command: PublishAnswer) -> Receipt:
    """Put an entry on the page of the cell; nothing in it leads to the question.

    Raises QuestionNotFound, RoleMissing, QuestionStateForbids while the question has no answer.
    """
    question = await find_question(work, command.question_id)
    allow_publish_answer(work, question.stands)
    answer_id = uuid4()
    told = json.dumps({"question": command.question, "answer": command.answer, "language": command.language})
    sealed = await work.seal(told, AssociatedData(work.cell_id, "taught_answer", "entry", answer_id))
    entry = TaughtAnswer(
        tenant_id=work.cell_id,
        answer_id=answer_id,
        published_on=local_date(work.now),
        entry=sealed,
        version=1,
    )
    work.session.add(entry)
    await work.session.flush()
    return Receipt(answer_id, "PUBLISHED", 1)
