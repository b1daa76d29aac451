"""The preliminary check: the coordinator asks the police, and they answer, with no field for more than that."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.signal.check_words import given, stands
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

ANSWERS = ("no_objection", "hold")


@router.get("/cells/{cell}/signals/{signal}/check/start")
async def before_the_check(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """What asking the police does; to the signal where they are not to be asked."""
    table, found = await _to_start(viewer, cell, signal)
    if "start_check" not in found.may:
        return viewer.go(_signal_address(table, found))
    return _starting(viewer, table, found, viewer.form())


@router.post("/cells/{cell}/signals/{signal}/check/start")
async def start_check(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Ask them; the page before said in words what that does."""
    form, address = sender.sent, f"/cells/{cell}/signals/{signal}"
    asked = pb.StartCheckRequest(signal_id=str(signal), expected_version=form.version)
    method = sender.services.signal.StartCheck
    done = await submit(sender, method, asked, cell, lambda _: address, drafted=False)
    if done:
        return done
    table, found = await _to_start(sender, cell, signal)
    if "start_check" not in found.may:
        return sender.go(address)
    return _starting(sender, table, found, form, status=422)


async def _to_start(viewer: Viewer, cell: UUID, signal: UUID) -> tuple[TableView, pb.Signal]:
    table = await seated(viewer, cell, "propose_case")
    asked = pb.ReadSignalRequest(signal_id=str(signal))
    found = await viewer.ask(viewer.services.signal.ReadSignal, asked, cell)
    if found.open and not found.may and not found.HasField("check"):
        raise NotFound
    return table, found


def _starting(viewer: Viewer, table: TableView, signal: pb.Signal, form: Form, status: int = 200) -> Response:
    form.faces(signal.version)
    return viewer.page(
        "signal/start_check.html", status, table=table, tab="tables", watermark=viewer.mark, signal=signal, form=form,
        about=Concerned(signal.person, signal.age, viewer.language, minor=signal.minor),
        address=_signal_address(table, signal),
    )  # fmt: skip


@router.get("/cells/{cell}/signals/{signal}/check")
async def check_page(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """How it stands; to the police whom it is about, and the answer to give."""
    table, found = await _read(viewer, cell, signal)
    return _check(viewer, table, found, await viewer.form_with_draft())


@router.post("/cells/{cell}/signals/{signal}/check")
async def answer_check(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Answer for the police."""
    form = sender.sent
    answer = form.choice("answer", ANSWERS, missing=_("Choose one of the two answers."))
    missing = _("Write until which day the coordinator has to wait.") if answer == "hold" else ""
    until = form.iso_day("hold_until", missing=missing) if answer == "hold" else ""
    asked = pb.AnswerCheckRequest(
        signal_id=str(signal), expected_version=form.version, answer=answer, hold_until=until
    )  # fmt: skip
    address = f"/cells/{cell}/signals/{signal}/check"
    method = sender.services.signal.AnswerCheck
    done = await submit(sender, method, asked, cell, lambda _: address)
    if done:
        return done
    table, found = await _read(sender, cell, signal)
    return _check(sender, table, found, form, status=422)


async def _read(viewer: Viewer, cell: UUID, signal: UUID) -> tuple[TableView, pb.Check]:
    asked = pb.ReadCheckRequest(signal_id=str(signal))
    return await together(viewer.table(cell), viewer.ask(viewer.services.signal.ReadCheck, asked, cell))


def _check(viewer: Viewer, table: TableView, check: pb.Check, form: Form, status: int = 200) -> Response:
    form.faces(check.version)
    language, today, may_answer = viewer.language, viewer.today, "answer_check" in check.may
    return viewer.page(
        "signal/check.html", status, table=table, tab="tables", watermark=viewer.mark, check=check, form=form,
        draft_form="form",
        about=Concerned(check.person, check.age, language, minor=check.minor), may_answer=may_answer,
        said=given(check, language, today) if may_answer else stands(check, language, today),
        due_on=date.fromisoformat(check.due_on), hold_most=date.fromisoformat(check.hold_most),
        started_at=from_timestamp(check.started_at), coordinates=table.may("propose_case"),
    )  # fmt: skip


def _signal_address(table: TableView, signal: pb.Signal) -> str:
    return f"{table.address}/signals/{signal.signal_id}"
