"""The secrecy that is promised before anything else."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.addresses import way_back
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView
from services.portal.web.ui.written import blocks_of, changes, grouped

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/undertaking")
async def undertaking(viewer: SignedIn, cell: UUID) -> Response:
    """The text of secrecy, to accept it or to read it again."""
    table = await viewer.table(cell)
    return await _promising(viewer, table, viewer.form(), viewer.request.query_params.get("to", ""))


@router.post("/cells/{cell}/undertaking")
async def accept_undertaking(sender: Posted, cell: UUID) -> Response:
    """Promise secrecy, and go on to where the person came from."""
    form = sender.sent
    form.ticked("accept", missing=_("Tick that you promise this."))
    if form.errors:
        return await _promising(sender, await sender.table(cell), form, form.value("to"), status=422)
    asked = pb.AcceptUndertakingRequest(text_version=form.value("text_version"))
    onward = _onward(form.value("to"), f"/cells/{cell}")
    done = await submit(sender, sender.services.mandate.AcceptUndertaking, asked, cell, lambda _: onward, drafted=False)
    # What was ticked was the old text.
    form = _unticked(sender, form)
    return done or await _promising(sender, await sender.table(cell), form, form.value("to"), status=422)


def _unticked(viewer: Viewer, form: Form) -> Form:
    again = viewer.form()
    again.fields = {"to": form.values("to")}
    again.errors = form.errors
    return again


def _onward(sent: str, home: str) -> str:
    to = way_back(sent)
    return home if to == "/" else to


async def _promising(viewer: Viewer, table: TableView, form: Form, to: str, status: int = 200) -> Response:
    told = await _told(viewer, table)
    text, renew_by = _words(told.undertaking, viewer), told.renew_by
    changed = changes(_words(told.accepted, viewer), text) if told.HasField("accepted") else []
    return viewer.page(
        "cell/undertaking.html", status, table=table, tab="tables", form=form, text=list(grouped(blocks_of(text))),
        version=told.undertaking.version, own=told.own, to=_onward(to, table.address), changed=changed,
        accepted=table.found.cell.undertaking_accepted and not renew_by,
        first_day=date.fromisoformat(getattr(told, "from")) if told.own else None,
        renew_by=date.fromisoformat(renew_by) if renew_by else None,
    )  # fmt: skip


async def _told(viewer: Viewer, table: TableView) -> pb.UndertakingText:
    """The platform's text stands in the table; the cell's own, and what it takes the place of, is asked for."""
    text, renew_by = table.found.undertaking, table.found.undertaking_renew_by
    if text.nl and not renew_by:
        return pb.UndertakingText(undertaking=text)
    return await viewer.ask(viewer.services.mandate.ReadUndertaking, pb.ReadUndertakingRequest(), table.cell_id)


def _words(text: pb.Undertaking, viewer: Viewer) -> str:
    return viewer.language.of({"nl": text.nl, "fr": text.fr, "de": text.de, "en": text.en})
