"""Mayor and coordinator invite from a list: a file, what it comes to row by row, and then everybody or nobody."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.backends.calls import Refused
from services.portal.web.cell.seat_words import example_of, help_of, lines_of, missing_columns
from services.portal.web.request.access import seated
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import going_on
from services.portal.web.ui.sentences import SENTENCES
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

VERB = "import_seats"
MOST_BYTES = 512 * 1024
"""As the directory takes them; as base64 the file fits into the form that carries it on."""
Versions = Sequence[pb.LegalBasisVersion]


@router.get("/cells/{cell}/mandates/list")
async def list_form(viewer: SignedIn, cell: UUID) -> Response:
    """One file to choose."""
    return _choosing(viewer, *await _asked_for(viewer, cell), viewer.form())


@router.get("/cells/{cell}/mandates/list/example")
async def example_list(viewer: SignedIn, cell: UUID) -> Response:
    """A list to fill in, in the words of the page."""
    table, versions = await _asked_for(viewer, cell)
    headers = {"Content-Disposition": 'attachment; filename="seats.csv"'}
    content = example_of(table, versions, viewer.today, viewer.language)
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/cells/{cell}/mandates/list")
async def import_seats(sender: Posted, cell: UUID) -> Response:
    """What the list comes to; sent on from there, everybody on it is invited."""
    (table, versions), form = await _asked_for(sender, cell), sender.sent
    file = form.value("file") or _chosen(form)
    if form.errors:
        return _choosing(sender, table, versions, form, 422)
    try:
        if form.value("checked"):
            asked = pb.ImportSeatsRequest(file=file)
            await sender.ask(sender.services.invitation.ImportSeats, asked, cell, form.key)
            return sender.go(f"{table.address}/mandates?done=listed")
        return await _checked(sender, table, versions, file)
    except Refused as refused:
        if refused.problem.code == "SeatsFaulty":
            # It was in order a moment ago: what changed meanwhile stands at its row.
            form.fields.pop("key", None)
            return await _checked(sender, table, versions, file)
        _refuse(form, refused)
    return _choosing(sender, table, versions, form, 422)


def _chosen(form: Form) -> str:
    """The file as it travels, once it has no fault that shows here."""
    file = form.file("file", 2 * MOST_BYTES, missing=_("Choose a list."))
    if len(file) > MOST_BYTES:
        form.fail("file", SENTENCES["SheetTooLong"])
    return base64.b64encode(file).decode()


def _refuse(form: Form, refused: Refused) -> None:
    if refused.problem.code == "SeatColumnMissing":
        form.fail("file", missing_columns(refused.problem, form.language))
    else:
        form.refuse(refused)


async def _asked_for(viewer: Viewer, cell: UUID) -> tuple[TableView, Versions]:
    """Raises NotFound for who invites nobody here."""
    table, found = await together(
        seated(viewer, cell, VERB), viewer.ask(viewer.services.law.ListLegalBases, pb.ListLegalBasesRequest(), PLATFORM)
    )
    return table, going_on(found.legal_bases, viewer.today)


async def _checked(sender: Sender, table: TableView, versions: Versions, file: str) -> Response:
    asked = pb.CheckSeatsRequest(file=file)
    found = await sender.ask(sender.services.invitation.CheckSeats, asked, table.cell_id)
    return sender.page(
        "cell/seats_checked.html", 422 if found.faulty else 200, table=table, tab="tables", form=sender.sent,
        found=found, file=file, until=date.fromisoformat(found.code_until),
        lines=lines_of(found.rows, table, versions, sender.language),
    )  # fmt: skip


def _choosing(viewer: Viewer, table: TableView, versions: Versions, form: Form, status: int = 200) -> Response:
    return viewer.page(
        "cell/seats.html", status, table=table, tab="tables", form=form,
        columns=help_of(table, versions, viewer.language),
    )  # fmt: skip
