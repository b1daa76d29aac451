"""The secrecy that is promised before anything else."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.addresses import way_back
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/undertaking")
async def undertaking(viewer: SignedIn, cell: UUID) -> Response:
    """The text of secrecy, to accept it or to read it again."""
    table = await viewer.table(cell)
    return _promising(viewer, table, viewer.form(), viewer.request.query_params.get("to", ""))


@router.post("/cells/{cell}/undertaking")
async def accept_undertaking(sender: Posted, cell: UUID) -> Response:
    """Promise secrecy, and go on to where the person came from."""
    form = sender.sent
    form.ticked("accept", missing=_("Tick that you promise this."))
    if form.errors:
        return _promising(sender, await sender.table(cell), form, form.value("to"), status=422)
    asked = directory_pb.AcceptUndertakingRequest(text_version=form.value("text_version"))
    onward = _onward(form.value("to"), f"/cells/{cell}")
    done = await submit(sender, sender.services.mandate.AcceptUndertaking, asked, cell, lambda _: onward, drafted=False)
    # What was ticked was the old text.
    form = _unticked(sender, form)
    return done or _promising(sender, await sender.table(cell), form, form.value("to"), status=422)


def _unticked(viewer: Viewer, form: Form) -> Form:
    again = viewer.form()
    again.fields = {"to": form.values("to")}
    again.errors = form.errors
    return again


def _onward(sent: str, home: str) -> str:
    to = way_back(sent)
    return home if to == "/" else to


def _promising(viewer: Viewer, table: TableView, form: Form, to: str, status: int = 200) -> Response:
    text = table.found.undertaking
    words = {"nl": text.nl, "fr": text.fr, "de": text.de, "en": text.en}
    return viewer.page(
        "cell/undertaking.html", status, table=table, tab="tables", form=form, text=viewer.language.of(words),
        version=text.version, accepted=table.found.cell.undertaking_accepted, to=_onward(to, table.address),
    )  # fmt: skip
