"""One cell as the host sees it, in codes and counts; and taking back one that nobody ever had."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.towns import cell_name, town_name, towns_in_order

router = APIRouter(include_in_schema=False)


@router.get("/host/cells/{cell}")
async def one_cell(viewer: SignedIn, cell: UUID) -> Response:
    """What it is, how far it is, and taking it back while nobody had it."""
    return await _shown(viewer, cell, viewer.form())


@router.post("/host/cells/{cell}")
async def withdraw_cell(sender: Posted, cell: UUID) -> Response:
    """Take it back; the page that says what will happen is the form."""
    ask, asked = sender.services.cell.WithdrawCell, pb.WithdrawCellRequest(host_cell_id=str(cell))
    done = await submit(sender, ask, asked, PLATFORM, lambda _: "/host?back=1", drafted=False)
    return done or await _shown(sender, cell, sender.sent, 422)


async def _shown(viewer: Viewer, cell: UUID, form: Form, status: int = 200) -> Response:
    viewer.host = True
    asked = pb.ReadCellRequest(host_cell_id=str(cell))
    found = await viewer.ask(viewer.services.cell.ReadCell, asked, PLATFORM)
    labels = Labels(viewer.language)
    return viewer.page(
        "host/cell.html", status, tab="host", form=form, name=cell_name(found, viewer.language),
        facts=_facts(viewer, found), missing=[labels.of("set_up_line", code) for code in found.missing],
        may_withdraw="withdraw_cell" in found.may,
    )  # fmt: skip


def _facts(viewer: Viewer, found: pb.HostCell) -> list[tuple[str, str]]:
    language, say = viewer.language, viewer.language.text
    towns = ", ".join(town_name(town, language) for town in towns_in_order(found.towns, language))
    facts = [
        (say(_("Municipalities")), towns),
        (say(_("State")), Labels(language).of("cell_state", found.state)),
        (say(_("Made on")), language.day(from_timestamp(found.created_at), weekday=False)),
        (say(_("Contact of the municipality")), found.contact or say(_("none yet"))),
        (say(_("People with a mandate")), language.number(found.people)),
    ]
    if found.HasField("opened_at"):
        facts.insert(3, (say(_("Open since")), language.day(from_timestamp(found.opened_at), weekday=False)))
    return facts
