"""The mayor takes back the answer given on a case, while nobody relied on it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.signal.answered import answered, is_listed
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.forms import Form
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/cases/{case}/reconsider")
async def second_thoughts(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """What was answered, and what taking it back does; to the case where it cannot be taken back any more."""
    table, found = await _answered(viewer, cell, case)
    if "reconsider_case" not in found.may:
        return viewer.go(f"{table.address}/cases/{case}")
    return _page(viewer, table, found, viewer.form())


@router.post("/cells/{cell}/cases/{case}/reconsider")
async def take_back(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Take it back; the page before said in words what that does."""
    form, address = sender.sent, f"/cells/{cell}/cases/{case}"
    asked = pb.ReconsiderCaseRequest(case_id=str(case), expected_version=form.version)
    method = sender.services.case.ReconsiderCase
    done = await submit(sender, method, asked, cell, lambda _: address, drafted=False)
    if done:
        return done
    table, found = await _answered(sender, cell, case)
    if "reconsider_case" not in found.may:
        return sender.go(address)
    return _page(sender, table, found, form, status=422)


async def _answered(viewer: Viewer, cell: UUID, case: UUID) -> tuple[TableView, pb.Case]:
    table = await seated(viewer, cell, "place_on_list")
    return table, await viewer.ask(viewer.services.case.ReadCase, pb.ReadCaseRequest(case_id=str(case)), cell)


def _page(viewer: Viewer, table: TableView, case: pb.Case, form: Form, status: int = 200) -> Response:
    form.faces(case.frame.version)
    return viewer.page(
        "signal/reconsider.html", status, table=table, tab="tables", watermark=viewer.mark, case=case, form=form,
        about=Concerned(case.person, case.age, viewer.language, minor=case.frame.minor),
        listed=is_listed(case), said=answered(table, case, viewer.language, viewer.today),
    )  # fmt: skip
