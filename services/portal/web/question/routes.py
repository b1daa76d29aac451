"""Questions without a name: ask one, read the answer, answer one, close it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.question.hints import doubts, hints
from services.portal.web.request.access import seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.request.whole import PAGE, whole
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/questions/new")
async def new_question(viewer: SignedIn, cell: UUID) -> Response:
    """The form, as the viewer left it."""
    table = await seated(viewer, cell, "ask_question")
    form = await viewer.form_with_draft(many=True)
    return between_again(viewer, form, 0, lambda: _read(viewer, table, form)[1]) or _asking(viewer, table, form)


@router.post("/cells/{cell}/questions/new")
async def ask_question(sender: Posted, cell: UUID) -> Response:
    """Ask, in the language of the page; read once more first, with what looks as if it named somebody."""
    table, form = await seated(sender, cell, "ask_question"), sender.sent
    if changes(form):
        return _asking(sender, table, form)
    asked, between = _read(sender, table, form)
    method = sender.services.question.AskQuestion
    done = await checked(
        sender, method, asked, cell, lambda receipt: f"{table.address}/questions/{receipt.id}", between=between
    )  # fmt: skip
    return done or _asking(sender, table, form, status=422)


def _read(viewer: Viewer, table: TableView, form: Form) -> tuple[pb.AskQuestionRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    text = form.text("text", pb.AskQuestionRequest, missing=_("Write your question."))
    asked = pb.AskQuestionRequest(text=text, language=viewer.language.code)

    def between() -> Response:
        say = viewer.language.text
        answers = Answers(
            say(_("Is this your question?")), [Answer(say(_("Your question")), text, "text")], say(_("Ask")),
            (table.address, say(_("Do not ask"))), doubts=doubts(text, table, viewer, "text"),
        )  # fmt: skip
        return answers_page(viewer, form, answers, table=table, tab="tables")

    return asked, between


def _asking(viewer: Viewer, table: TableView, form: Form, status: int = 200) -> Response:
    return viewer.page(
        "question/new.html", status, table=table, tab="tables", form=form, draft_form="form",
        hints=hints(form.value("text"), table, viewer),
    )  # fmt: skip


@router.get("/cells/{cell}/questions")
async def list_questions(viewer: SignedIn, cell: UUID) -> Response:
    """The own ones; for the coordinator those of the cell: all that are not closed, the others by pages."""
    method, after = viewer.services.question.ListQuestions, viewer.request.query_params.get("after", "")
    table, running, closed = await together(
        seated(viewer, cell, "ask_question"),
        whole(viewer, method, pb.ListQuestionsRequest(time="current"), cell, lambda found: found.questions),
        viewer.ask(method, pb.ListQuestionsRequest(page_size=PAGE, cursor=after, time="past"), cell),
    )
    return viewer.page(
        "question/list.html", table=table, tab="tables", everyones=closed.everyones, running=running.entries,
        cut=running.cut, closed=closed.questions, older=closed.next_cursor, newest=not after,
        day_of=date.fromisoformat,
    )  # fmt: skip


@router.get("/cells/{cell}/questions/{question}")
async def question_page(viewer: SignedIn, cell: UUID, question: UUID) -> Response:
    """What was asked and answered; to a coordinator the answer to give."""
    table, found = await _to_read(viewer, cell, question)
    return _shown(viewer, table, found, await viewer.form_with_draft())


@router.post("/cells/{cell}/questions/{question}")
async def act_on_question(sender: Posted, cell: UUID, question: UUID) -> Response:
    """Answer it, by one of the set, in own words, or both; or close it."""
    table, found = await _to_read(sender, cell, question)
    form, service, asked = sender.sent, sender.services.question, pb.AnswerQuestionRequest
    if form.ticked("close"):
        closing = pb.CloseQuestionRequest(question_id=str(question), expected_version=form.version)
        return await _done(sender, table, question, service.CloseQuestion, closing, drafted=False)
    prepared = form.choice("prepared", [answer.code for answer in found.answers])
    missing = "" if prepared else _("Choose an answer above, or write your own here.")
    request = asked(
        question_id=str(question), expected_version=form.version, prepared=prepared,
        text=form.text("text", asked, missing=missing), language=sender.language.code,
    )  # fmt: skip
    return await _done(sender, table, question, service.AnswerQuestion, request)


async def _done(
    sender: Sender, table: TableView, question: UUID, method: Any, request: Any, *, drafted: bool = True
) -> Response:
    address = f"{table.address}/questions/{question}"
    done = await submit(sender, method, request, table.cell_id, lambda _: address, drafted=drafted)
    if done:
        return done
    table, found = await _to_read(sender, table.cell_id, question)
    return _shown(sender, table, found, sender.sent, status=422)


async def _to_read(viewer: Viewer, cell: UUID, question: UUID) -> tuple[TableView, pb.Question]:
    asked = pb.ReadQuestionRequest(question_id=str(question))
    return await together(
        seated(viewer, cell, "ask_question"), viewer.ask(viewer.services.question.ReadQuestion, asked, cell)
    )


def _shown(viewer: Viewer, table: TableView, question: pb.Question, form: Form, status: int = 200) -> Response:
    form.faces(question.version)
    code = viewer.language.code
    return viewer.page(
        "question/question.html", status, table=table, tab="tables", watermark=viewer.mark, question=question,
        form=form, draft_form="form" if "answer_question" in question.may else "", may=frozenset(question.may),
        asked_on=date.fromisoformat(question.asked_on),
        erased_on=date.fromisoformat(question.erased_on) if question.erased_on else None,
        prepared=getattr(question.prepared, code) if question.HasField("prepared") else "",
        choices=[(answer.code, getattr(answer, code)) for answer in question.answers],
    )  # fmt: skip
