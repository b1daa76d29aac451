"""Rules as a PDF: the coordinator hands one in, and who may read the version fetches it."""

from __future__ import annotations

import base64
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.portal.backends.calls import Refused
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.rules.draft_routes import to_draft
from services.portal.web.rules.routes import read_rules
from services.portal.web.rules.view import capital
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

MOST_BYTES = 10 * 1024 * 1024
PART_BYTES = 512 * 1024
FILES = ("internal_rules", "cooperation_protocol")
"""What is promised is shown before it is promised, so that it is a text."""


@router.get("/cells/{cell}/rules/upload/{kind}")
async def upload_form(viewer: SignedIn, cell: UUID, kind: str) -> Response:
    """One file to choose."""
    table, newest = await _to_upload(viewer, cell, kind)
    return _choosing(viewer, table, kind, newest, viewer.form())


@router.post("/cells/{cell}/rules/upload/{kind}")
async def upload_rules(sender: Posted, cell: UUID, kind: str) -> Response:
    """Hand it in, part by part, and put it before the mayor."""
    table, newest = await _to_upload(sender, cell, kind)
    form = sender.sent
    file = form.file("piece", MOST_BYTES, missing=_("Choose a PDF."))
    if not form.errors:
        try:
            rules_id = await _handed_in(sender, cell, kind, file)
            return sender.go(f"{table.address}/rules/{rules_id}?done=1")
        except Refused as refused:
            form.refuse(refused)
    # Another file is another upload: the parts of this one are under this form's key.
    form.fields.pop("key", None)
    return _choosing(sender, table, kind, newest, form, 422)


@router.get("/cells/{cell}/rules/{rules}/file")
async def rules_file(viewer: SignedIn, cell: UUID, rules: UUID) -> Response:
    """The PDF, to be saved; under a name of ours."""
    _, found = await read_rules(viewer, cell, rules)
    asked = pb.ReadRulesFileRequest(rules_id=str(rules))
    first = await viewer.ask(viewer.services.rules.ReadRulesFile, asked, cell)
    content = [first.content]
    for place in range(2, first.parts + 1):
        asked.part = str(place)
        content.append((await viewer.ask(viewer.services.rules.ReadRulesFile, asked, cell)).content)
    day = getattr(found.rules, "from") or "draft"
    name = f"{found.rules.kind.replace('_', '-')}-{day}.pdf"
    # What it is said to be is what it is taken for: nosniff stands in the headers of every answer.
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(b"".join(map(base64.b64decode, content)), 200, headers, "application/pdf")


async def _handed_in(sender: Sender, cell: UUID, kind: str, file: bytes) -> str:
    """The id of the rules that the last part makes. Raises Refused."""
    form = sender.sent
    pieces = [file[at : at + PART_BYTES] for at in range(0, len(file), PART_BYTES)]
    # The key of the form is drawn for one sending: it is the name of its upload too.
    asked = pb.UploadRulesRequest(kind=kind, follows=form.value("follows"), upload_id=form.key)
    made = ""
    for place, piece in enumerate(pieces, 1):
        asked.part, asked.piece = f"{place}/{len(pieces)}", base64.b64encode(piece).decode()
        made = (await sender.ask(sender.services.rules.UploadRules, asked, cell, f"{form.key}-{place}")).id
    return made


async def _to_upload(viewer: Viewer, cell: UUID, kind: str) -> tuple[TableView, str]:
    if kind not in FILES:
        raise NotFound
    return await to_draft(viewer, cell, kind)


def _choosing(viewer: Viewer, table: TableView, kind: str, newest: str, form: Form, status: int = 200) -> Response:
    return viewer.page(
        "rules/upload.html", status, table=table, tab="tables", form=form, kind=kind, newest=newest,
        title=capital(Labels(viewer.language).of("rules_kind", kind)),
    )  # fmt: skip
