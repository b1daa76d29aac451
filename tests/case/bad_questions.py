"""Bad fields of requests about questions without a name, and what each is refused with (tests/case/test_door.py)."""

from __future__ import annotations

from typing import Any

from services.kit.errors import Invalid
from services.kit.fields import FieldMalformed, FieldMissing, TextTooLong, UnknownCode
from tests.case.requests import ID

LONG = "x" * 4_001
WRONG_QUESTIONS: list[tuple[str, str, Any, type[Invalid], str]] = [
    ("AskQuestion", "text", " ", FieldMissing, "text"),
    ("AskQuestion", "text", LONG, TextTooLong, "text"),
    ("AskQuestion", "language", "es", UnknownCode, "language"),
    ("AnswerQuestion", "question_id", "x", FieldMalformed, "question_id"),
    ("AnswerQuestion", "prepared", "x" * 41, TextTooLong, "prepared"),
    ("AnswerQuestion", "text", LONG, TextTooLong, "text"),
    ("AnswerQuestion", "language", "", UnknownCode, "language"),
    ("CloseQuestion", "question_id", "x", FieldMalformed, "question_id"),
    ("ReadQuestion", "question_id", "x", FieldMalformed, "question_id"),
    ("ListQuestions", "page_size", 51, FieldMalformed, "page_size"),
    ("ListQuestions", "cursor", ID, FieldMalformed, "cursor"),
    ("PublishAnswer", "question_id", "x", FieldMalformed, "question_id"),
    ("PublishAnswer", "question", "x" * 501, TextTooLong, "question"),
    ("PublishAnswer", "answer", "", FieldMissing, "answer"),
    ("PublishAnswer", "language", "es", UnknownCode, "language"),
    ("WithdrawAnswer", "answer_id", "x", FieldMalformed, "answer_id"),
    ("ListAnswers", "page_size", 51, FieldMalformed, "page_size"),
    ("ListAnswers", "cursor", ID, FieldMalformed, "cursor"),
    ("ListQuestions", "time", "soon", UnknownCode, "time"),
]
