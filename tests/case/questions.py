"""A question without a name, for tests that need one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.case.commands.answer_question import AnswerQuestion, answer_question
from services.case.commands.ask_question import AskQuestion, ask_question
from services.case.commands.close_question import CloseQuestion
from services.case.commands.publish_answer import PublishAnswer, publish_answer
from services.case.queries.read_question import QuestionView, ReadQuestion, read_question
from services.kit.outbox import Receipt
from tests.harness import Person

QUESTION = AskQuestion("Een jongere zegt vreemde dingen in de les. Hoe begin ik dat gesprek?", "nl")


async def ask(asker: Person, text: str = QUESTION.text) -> Receipt:
    """Somebody asks."""
    return await asker.run(ask_question, AskQuestion(text, "nl"))


def answer(asked: Receipt, *, prepared: str = "talk_first", text: str = "Bel mij gerust.") -> AnswerQuestion:
    """The request to answer it."""
    return AnswerQuestion(asked.id, asked.version, prepared, text, "nl")


async def answered(asked: Receipt, coordinator: Person, **changes: Any) -> Receipt:
    """A coordinator answers."""
    return await coordinator.run(answer_question, answer(asked, **changes))


def closing(asked: Receipt) -> CloseQuestion:
    """The request to close it."""
    return CloseQuestion(asked.id, asked.version)


def lesson(asked: Receipt) -> PublishAnswer:
    """The request to tell the table what it taught."""
    return PublishAnswer(asked.id, "Hoe begin ik een gesprek?", "Vraag wat er speelt, en luister.", "nl")


async def publish(asked: Receipt, coordinator: Person) -> Receipt:
    """A coordinator tells the table."""
    return await coordinator.run(publish_answer, lesson(asked))


async def read(reader: Person, question_id: UUID) -> QuestionView:
    """As somebody reads it."""
    return await reader.run(read_question, ReadQuestion(question_id))
