"""The operations of question. Made by `make proto` from proto/rondetafel/case/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import case as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.api.schema import Nothing, Page
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["case"])


@router.post("/cells/{cell}/questions", **creation("ask_question", "Ask a question without a name"))
async def ask_question(cell: UUID, body: models.AskQuestion, key: Key, caller: SignedIn) -> Response:
    """Anyone who sits at the table asks. The coordinators of the cell read the question and not who asks; in a cell
    that is being set up too. At most ten of one person are open at once, and forty are kept."""
    asked = body.message(pb.AskQuestionRequest)
    receipt = await caller.ask(caller.services.question.AskQuestion, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/questions/{receipt.id}")


@router.post("/cells/{cell}/questions/{question}/answer", **change("answer_question", "Answer a question"))
async def answer_question(
    cell: UUID, question: UUID, body: models.AnswerQuestion, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """A coordinator answers, by an answer of the set, in own words, or both: ASKED to ANSWERED. Whoever asked is
    written to that an answer waits."""
    asked = body.message(
        pb.AnswerQuestionRequest, question_id=str(question), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.question.AnswerQuestion, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/questions/{question}/close", **change("close_question", "Close a question"))
async def close_question(
    cell: UUID, question: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """Whoever asked closes it, answered or not; a coordinator once it is answered. It is erased in its time."""
    asked = pb.CloseQuestionRequest(question_id=str(question), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.question.CloseQuestion, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/questions/{question}", **reading("read_question", "Read a question", models.Question))
async def read_question(cell: UUID, question: UUID, caller: SignedIn) -> Response:
    """The question and its answer, to the coordinators and to whoever asked; for everybody else there is none."""
    asked = pb.ReadQuestionRequest(question_id=str(question))
    found = await caller.ask(caller.services.question.ReadQuestion, asked, cell)
    return answers.one(models.Question.model_validate(found), found.version)


@router.get("/cells/{cell}/questions", **listing("list_questions", "The questions I may read", models.Questions))
async def list_questions(
    cell: UUID, page: Annotated[models.ListQuestionsPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """The caller's own questions; to a coordinator those of the cell. Texts are read one by one."""
    asked = page.message(pb.ListQuestionsRequest)
    found = await caller.ask(caller.services.question.ListQuestions, asked, cell)
    return answers.page(models.Questions.model_validate(found), found.next_cursor, request)


@router.post(
    "/cells/{cell}/questions/{question}/publish", **creation("publish_answer", "Tell the table what a question taught")
)
async def publish_answer(
    cell: UUID, question: UUID, body: models.PublishAnswer, key: Key, caller: SignedIn
) -> Response:
    """A coordinator writes anew what an answered question taught, for everybody at the table; nothing leads to the
    question."""
    asked = body.message(pb.PublishAnswerRequest, question_id=str(question))
    receipt = await caller.ask(caller.services.question.PublishAnswer, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/answers")


@router.post(
    "/cells/{cell}/answers/{answer}/withdraw",
    **change("withdraw_answer", "Take an entry off the questions and answers"),
)
async def withdraw_answer(
    cell: UUID, answer: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """A coordinator takes an entry off the page; its text is gone."""
    asked = pb.WithdrawAnswerRequest(answer_id=str(answer), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.question.WithdrawAnswer, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/answers", **listing("list_answers", "The questions and answers of a cell", models.Answers))
async def list_answers(cell: UUID, page: Annotated[Page, Query()], caller: SignedIn, request: Request) -> Response:
    """The cell's own questions and answers, the newest first."""
    asked = page.message(pb.ListAnswersRequest)
    found = await caller.ask(caller.services.question.ListAnswers, asked, cell)
    return answers.page(models.Answers.model_validate(found), found.next_cursor, request)
