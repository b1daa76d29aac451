"""The mayor decides whether a proposed case goes on the list."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.signal.view import capital
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

WAYS = ("list", "refuse")


@router.get("/cells/{cell}/cases/{case}/list")
async def list_decision(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """What is proposed, and the two ways to answer."""
    table, found = await _to_decide(viewer, cell, case)
    if not _may_decide(found):
        return viewer.go(_case_address(table, found))
    return _deciding(viewer, table, found, await viewer.form_with_draft())


@router.post("/cells/{cell}/cases/{case}/list")
async def decide_on_list(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Place it on the list, or refuse it; both with reasons."""
    table, found = await _to_decide(sender, cell, case)
    form, services = sender.sent, sender.services.case
    way = form.choice("way", WAYS, missing=_("Choose what you decide."))
    reasons = form.text("reasons", pb.PlaceOnListRequest, missing=_("Write why you decide so."))
    case_id, version, address = found.frame.case_id, form.version, _case_address(table, found)
    if way == "list":
        listed = pb.PlaceOnListRequest(case_id=case_id, expected_version=version, reasons=reasons)
        done = await submit(sender, services.PlaceOnList, listed, cell, lambda _: address)
    else:
        refused = pb.RefuseCaseRequest(case_id=case_id, expected_version=version, reasons=reasons)
        done = await submit(sender, services.RefuseCase, refused, cell, lambda _: address)
    return done or _deciding(sender, table, found, form, status=422)


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
