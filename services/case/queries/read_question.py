"""A question without a name, as its asker and the coordinators read it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.case.question import FoundQuestion, find_question, place, question_may
from services.case.ready_answers import PREPARED, GivenAnswer, PreparedAnswer
from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """Which question."""

    question_id: UUID


@dataclass(frozen=True, slots=True)
class QuestionFrame:
    """All there is of a question but its texts; nothing of who asked it, but whether the caller did."""

    question_id: UUID
    state: str
    asked_on: date
    answered_on: date | None
    closed_on: date | None
    erased_on: date | None
    mine: bool
    version: int


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its texts. `answers` are there for who may answer; `signal_id` for whoever asked alone."""

    frame: QuestionFrame
    text: str
    language: str
    answer: str
    answer_language: str
    prepared: PreparedAnswer | None
    answers: tuple[PreparedAnswer, ...]
    signal_id: UUID | None
    may: tuple[str, ...]


def frame_of(question: FoundQuestion) -> QuestionFrame:
    """The frame of what was found."""
    return QuestionFrame(
        question.question_id, question.state, question.asked_on, question.answered_on, question.closed_on,
        question.erased_on, question.mine, question.version,
    )  # fmt: skip


async def read_question(work: Work, query: ReadQuestion) -> QuestionView:
    """Read one question. Raises QuestionNotFound for an unknown and a forbidden one alike."""
    found = await find_question(work, query.question_id)
    work.trail.count, work.trail.fields = 1, ("frame", "content")
    asked = json.loads(await work.open(found.question, place(query.question_id, "question")))
    given = GivenAnswer(None, "", "")
    if found.answer:
        given = GivenAnswer.from_json(await work.open(found.answer, place(query.question_id, "answer")))
    signal_id = None
    if found.mine and found.became:
        signal_id = UUID(await work.open(found.became, place(query.question_id, "became")))
    may = question_may(work, found.stands)
    return QuestionView(
        frame_of(found), asked["text"], asked["language"], given.text, given.language if given.text else "",
        given.prepared, PREPARED if "answer_question" in may else (), signal_id, may,
    )  # fmt: skip
