"""The cell's own questions and answers: what a question taught, told to everybody at the table."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.kit.fields import parse_number
from services.portal.web.question.hints import doubts, hints
from services.portal.web.request.access import seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.request.whole import PAGE
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

FIELDS = ("question", "answer")


@router.get("/cells/{cell}/answers")
async def answers(viewer: SignedIn, cell: UUID) -> Response:
    """What is asked here, and what the coordinator answers."""
    return await _shown(viewer, cell, viewer.form())


@router.post("/cells/{cell}/answers")
async def withdraw_answer(sender: Posted, cell: UUID) -> Response:
    """The coordinator takes one off."""
    form = sender.sent
    version = parse_number(form.value("answer_version")) or 0
    asked = pb.WithdrawAnswerRequest(answer_id=form.value("answer"), expected_version=version)
    method = sender.services.question.WithdrawAnswer
    address = f"/cells/{cell}/answers"
    done = await submit(sender, method, asked, cell, lambda _: address, drafted=False)
    return done or await _shown(sender, cell, form, status=422)


async def _shown(viewer: Viewer, cell: UUID, form: Form, status: int = 200) -> Response:
    after = viewer.request.query_params.get("after", "")
    asked = pb.ListAnswersRequest(page_size=PAGE, cursor=after)
    table, found = await together(
        seated(viewer, cell, "list_answers"), viewer.ask(viewer.services.question.ListAnswers, asked, cell)
    )
    return viewer.page(
        "question/answers.html", status, table=table, tab="tables", form=form, answers=found.answers,
        withdraws="withdraw_answer" in found.may, older=found.next_cursor, newest=not after,
    )  # fmt: skip


@router.get("/cells/{cell}/questions/{question}/publish")
async def before_publishing(viewer: SignedIn, cell: UUID, question: UUID) -> Response:
    """Both texts, to be written anew."""
    table, found = await _to_publish(viewer, cell, question)
    form = await viewer.form_with_draft()
    again = between_again(viewer, form, 0, lambda: _read(viewer, table, found, form)[1])
    return again or _publishing(viewer, table, found, form)


@router.post("/cells/{cell}/questions/{question}/publish")
async def publish_answer(sender: Posted, cell: UUID, question: UUID) -> Response:
    """Tell everybody at the table; read once more first."""
    table, found = await _to_publish(sender, cell, question)
    form = sender.sent
    if changes(form):
        return _publishing(sender, table, found, form)
    asked, between = _read(sender, table, found, form)
    method = sender.services.question.PublishAnswer
    done = await checked(sender, method, asked, cell, lambda _: f"{table.address}/answers", between=between)
    return done or _publishing(sender, table, found, form, status=422)


def _read(
    viewer: Viewer, table: TableView, question: pb.Question, form: Form
) -> tuple[pb.PublishAnswerRequest, Callable[[], Response]]:
    asked = pb.PublishAnswerRequest(
        question_id=question.question_id, language=viewer.language.code,
        question=form.text("question", pb.PublishAnswerRequest, missing=_("Write the question anew.")),
        answer=form.text("answer", pb.PublishAnswerRequest, missing=_("Write the answer.")),
    )  # fmt: skip

    def between() -> Response:
        say = viewer.language.text
        said = [
            Answer(say(_("The question")), asked.question, "question"),
            Answer(say(_("The answer")), asked.answer, "answer"),
        ]
        found = [doubt for name in FIELDS for doubt in doubts(getattr(asked, name), table, viewer, name)]
        back = (f"{table.address}/questions/{question.question_id}", say(_("Do not tell the table")))
        told = Answers(say(_("Do you tell everybody at this table?")), said, say(_("Tell the table")), back, found)
        return answers_page(viewer, form, told, table=table, tab="tables")

    return asked, between


async def _to_publish(viewer: Viewer, cell: UUID, question: UUID) -> tuple[TableView, pb.Question]:
    asked = pb.ReadQuestionRequest(question_id=str(question))
    table, found = await together(
        seated(viewer, cell, "answer_question"), viewer.ask(viewer.services.question.ReadQuestion, asked, cell)
    )
    if "publish_answer" not in found.may:
        raise NotFound
    return table, found


def _publishing(viewer: Viewer, table: TableView, question: pb.Question, form: Form, status: int = 200) -> Response:
    return viewer.page(
        "question/publish.html", status, table=table, tab="tables", question=question, form=form, draft_form="form",
        watermark=viewer.mark, hints=[hint for name in FIELDS for hint in hints(form.value(name), table, viewer)],
        address=f"{table.address}/questions/{question.question_id}",
    )  # fmt: skip
