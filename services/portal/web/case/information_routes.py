"""Whether the person concerned is informed of a case, or until when and why that is put off (invariant 22)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.case.information_words import informing
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import INFORMATION_REASONS, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

DONE, LATER = "informed", "postponed"


@router.get("/cells/{cell}/cases/{case}/information")
async def information(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """How it stands, and what can be said of it."""
    return await _page(viewer, cell, case, await viewer.form_with_draft())


@router.post("/cells/{cell}/cases/{case}/information")
async def note_information(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Say it."""
    form = sender.sent
    answer = form.choice("answer", (DONE, LATER), missing=_("Choose one of the two answers."))
    missing = {DONE: _("Write on which day it was done."), LATER: _("Write until which day it is put off.")}
    day = form.iso_day("day", missing=missing.get(answer, ""))
    why = form.choice("why", INFORMATION_REASONS, missing=_("Choose why.")) if answer == LATER else ""
    asked = pb.NoteInformationRequest(
        case_id=str(case), expected_version=form.version, answer=answer, day=day, why=why
    )  # fmt: skip
    address = f"/cells/{cell}/cases/{case}"
    done = await submit(sender, sender.services.case.NoteInformation, asked, cell, lambda _: address)
    return done or await _page(sender, cell, case, form, status=422)


async def _page(viewer: Viewer, cell: UUID, case: UUID, form: Form, status: int = 200) -> Response:
    asked = pb.ReadCaseRequest(case_id=str(case))
    table, found = await together(viewer.table(cell), viewer.ask(viewer.services.case.ReadCase, asked, cell))
    if "note_information" not in found.may:
        raise NotFound
    return _asked(viewer, table, found, form, status)


def _asked(viewer: Viewer, table: TableView, case: pb.Case, form: Form, status: int) -> Response:
    form.faces(case.frame.version)
    labels = Labels(viewer.language)
    about = Concerned(case.person, case.age, viewer.language, minor=case.frame.minor)
    return viewer.page(
        "case/information.html", status, table=table, tab="tables", case=case, form=form, draft_form="form",
        address=f"{table.address}/cases/{case.frame.case_id}", watermark=viewer.mark, about=about,
        said=informing(table, case.information, viewer.language, viewer.today),
        reasons=list(labels.all("information_reason").items()),
    )  # fmt: skip
