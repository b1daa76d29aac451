"""The mayor decides whether a proposed case goes on the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.access import seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked, overtaken
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.signal.answered import answered
from services.portal.web.signal.view import capital
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

WAYS = ("list", "refuse")
DECIDED: Mapping[str, str] = {
    "list": _("It comes before the table"),
    "refuse": _("It does not come before the table"),
}


@router.get("/cells/{cell}/cases/{case}/list")
async def list_decision(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """What is proposed, and the two ways to answer."""
    table, found = await _to_decide(viewer, cell, case)
    if not _may_decide(found):
        return viewer.go(_case_address(table, found))
    form = await viewer.form_with_draft()
    again = between_again(viewer, form, found.frame.version, lambda: _read(viewer, table, found, form)[1])
    return again or _deciding(viewer, table, found, form)


@router.post("/cells/{cell}/cases/{case}/list")
async def decide_on_list(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Place it on the list, or refuse it; both with reasons, read once more before it is done."""
    table, found = await _to_decide(sender, cell, case)
    form, services, address = sender.sent, sender.services.case, _case_address(table, found)
    if not _may_decide(found) and not form.value("checked"):
        return _decided(sender, table, found, form)
    if changes(form):
        return _deciding(sender, table, found, form)
    asked, between = _read(sender, table, found, form)
    method: Any = services.PlaceOnList if isinstance(asked, pb.PlaceOnListRequest) else services.RefuseCase
    done = await checked(
        sender, method, asked, cell, lambda _: address, between=between, version=found.frame.version
    )  # fmt: skip
    if done:
        return done
    table, found = await _to_decide(sender, cell, case)
    if not _may_decide(found):
        return _decided(sender, table, found, form)
    return _deciding(sender, table, found, form, status=422)


def _read(
    viewer: Viewer, table: TableView, case: pb.Case, form: Form
) -> tuple[pb.PlaceOnListRequest | pb.RefuseCaseRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    way = form.choice("way", WAYS, missing=_("Choose what you decide."))
    reasons = form.text("reasons", pb.PlaceOnListRequest, missing=_("Write why you decide so."))
    kind = pb.RefuseCaseRequest if way == "refuse" else pb.PlaceOnListRequest
    asked = kind(case_id=case.frame.case_id, expected_version=form.version, reasons=reasons)
    return asked, lambda: _between(viewer, table, case, form, way)


def _between(viewer: Viewer, table: TableView, case: pb.Case, form: Form, way: str) -> Response:
    say, about = viewer.language.text, Concerned(case.person, case.age, viewer.language, minor=case.frame.minor)
    said = [
        *([Answer(say(_("Who it is about")), about.heading)] if about.name else []),
        Answer(say(_("What do you decide?")), say(DECIDED[way]), "way"),
        Answer(say(_("Why?")), form.value("reasons").strip(), "reasons"),
    ]
    back = (viewer.request.url.path, say(_("Do not decide yet")))
    answers = Answers(say(_("Is this what you decide?")), said, say(_("Decide")), back, code=case.frame.code)
    return answers_page(viewer, form, answers, table=table, tab="tables", watermark=viewer.mark)


def _decided(viewer: Viewer, table: TableView, case: pb.Case, form: Form) -> Response:
    """Mayor and delegate decide on one case, and one of them was first."""
    said = answered(table, case, viewer.language, viewer.today)
    onward = (_case_address(table, case), viewer.language.text(_("To the case")))
    return overtaken(
        viewer, said, onward, form.value("reasons").strip(), table=table, tab="tables", watermark=viewer.mark
    )  # fmt: skip


async def _to_decide(viewer: Viewer, cell: UUID, case: UUID) -> tuple[TableView, pb.Case]:
    asked = pb.ReadCaseRequest(case_id=str(case))
    table = await seated(viewer, cell, "place_on_list")
    found = await viewer.ask(viewer.services.case.ReadCase, asked, cell)
    if found.frame.stage == "before_the_mayor" and not _may_decide(found):
        raise NotFound
    return table, found


def _may_decide(case: pb.Case) -> bool:
    return not {"place_on_list", "refuse_case"}.isdisjoint(case.may)


def _deciding(viewer: Viewer, table: TableView, case: pb.Case, form: Form, status: int = 200) -> Response:
    form.faces(case.frame.version)
    return viewer.page(
        "signal/decide.html", status, table=table, tab="tables", watermark=viewer.mark, case=case, form=form,
        draft_form="form", about=Concerned(case.person, case.age, viewer.language, minor=case.frame.minor),
        arguments=_arguments(viewer, case), proposed_at=from_timestamp(case.frame.proposed_at),
    )  # fmt: skip


def _arguments(viewer: Viewer, case: pb.Case) -> list[tuple[str, str, str]]:
    """Each criterion, what shows it and of when, and the argument."""
    labels, language = Labels(viewer.language), viewer.language
    return [
        (
            capital(labels.of("criterion", criterion.code)),
            f"{capital(labels.of('evidence', criterion.evidence_kind))}, "
            + language.day(date.fromisoformat(criterion.evidence_date), today=viewer.today),
            criterion.argument,
        )
        for criterion in case.criteria
    ]


def _case_address(table: TableView, case: pb.Case) -> str:
    return f"{table.address}/cases/{case.frame.case_id}"
