"""Somebody at the table asks how to go about something, without a name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import text

from services.case.asker import free_mark
from services.case.model import QuestionState
from services.case.question import asked_text, place, tell_coordinators
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.statements import Statement

_ASK = Statement(
    text("""
INSERT INTO question (tenant_id, question_id, asker, state, asked_on, version)
VALUES (:tenant, :question_id, :asker, :state, :asked_on, 1)""")
)
_TELL = Statement(
    text("""
INSERT INTO question_text (tenant_id, question_id, question, asked_by)
VALUES (:tenant, :question_id, :question, :asked_by)""")
)


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """What is asked. There is no field for whom it is about."""

    text: str
    language: str


async def ask_question(work: Work, command: AskQuestion) -> Receipt:
    """Keep the question for the coordinators of the cell.

    Its id is random and its moment a day: ids in order of time would tell the millisecond. Raises TooManyQuestions.
    """
    question_id, asker = uuid4(), await free_mark(work)
    await work.keyring.make([question_id])
    asked = {"tenant": work.cell_id, "question_id": question_id, "asker": asker, "state": QuestionState.ASKED}
    await work.execute(_ASK, asked | {"asked_on": local_date(work.now)})
    sealed = await work.seal(asked_text(command.text, command.language), place(question_id, "question"))
    asked_by = await work.seal(str(work.actor_id), place(question_id, "asked_by"))
    told = {"tenant": work.cell_id, "question_id": question_id, "question": sealed, "asked_by": asked_by}
    await work.execute(_TELL, told)
    await tell_coordinators(work, question_id)
    return Receipt(question_id, QuestionState.ASKED, 1)
