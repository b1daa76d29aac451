"""The host's pages: cells and health, in counts; nothing of any case. Long work shows how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.cookies import cookie_of
from services.kit.principal import PLATFORM
from services.portal.api.guards import COOKIE
from services.portal.backends.calls import Caller
from services.portal.backends.provisioning import CallerNow
from services.portal.web.host.finding import find_towns
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.towns import cell_name, town_name, towns_in_order

router = APIRouter(include_in_schema=False)

FLANDERS = "flanders"
LONGEST_NAME = 100
MANY = 10
"""More cells than these at once are asked about."""


@router.get("/host")
async def cells(viewer: SignedIn) -> Response:
    """The cells of this host, how many towns have one, and whether every part answers."""
    return await _page(viewer, await viewer.form_with_draft(many=True))


@router.get("/host/progress")
async def progress(viewer: SignedIn) -> Response:
    """How far the long work is: the part of the page that renews itself."""
    viewer.host = True
    found = await _cells(viewer)
    return viewer.page("host/progress.html", found=found, work=viewer.web.provisioning.progress)


@router.post("/host")
async def create_cell(sender: Posted) -> Response:
    """A cell for one town or several, by their NIS codes."""
    form = sender.sent
    codes = form.text("nis_codes", 200, missing=_("Write the number of a municipality, five digits.")).split()
    name, colour = form.text("name", pb.CreateCellRequest), form.text("brand_colour", 7)
    contact = form.text("contact", pb.CreateCellRequest)
    wanted = pb.CreateCellRequest(nis_codes=codes, name=name, brand_colour=colour, contact=contact)
    create = sender.services.cell.CreateCell
    done = await submit(sender, create, wanted, PLATFORM, lambda _: "/host?made=1")
    return done or await _page(sender, form, 422)


@router.get("/host/flanders")
async def before_all(viewer: SignedIn) -> Response:
    """How many cells would be made, and for whom; back to the host's page when there is nothing to make."""
    found, towns = await together(_cells(viewer), _flanders(viewer))
    wanted = found.towns_total - found.towns_with_cell
    if viewer.web.provisioning.running or wanted <= 0:
        return viewer.go("/host")
    viewer.host = True
    return viewer.page(
        "host/flanders.html", tab="host", wanted=wanted, many=wanted > MANY, found=found,
        names=[town_name(town, viewer.language) for town in towns_in_order(towns, viewer.language)],
    )  # fmt: skip


@router.post("/host/flanders")
async def create_all(sender: Posted) -> Response:
    """A cell for every Flemish municipality that has none yet. A second time goes on where it was."""
    sender.web.provisioning.start(await _flanders(sender), _caller_later(sender))
    return sender.go("/host")


async def _flanders(viewer: Viewer) -> Sequence[pb.Municipality]:
    region = pb.ListMunicipalitiesRequest(region=FLANDERS)
    found = await viewer.ask(viewer.services.cell.ListMunicipalities, region, PLATFORM)
    return found.municipalities


def _caller_later(sender: Sender) -> CallerNow:
    """The sender's token whenever it is asked for; the work does not prolong the sign-in, and ends with it."""
    cookie, sign_ins = cookie_of(sender.request.scope, COOKIE), sender.web.sign_ins

    async def caller() -> Caller:
        return (await sign_ins.visit(cookie, keep=False)).caller

    return caller


async def _page(viewer: Viewer, form: Form, status: int = 200) -> Response:
    viewer.host = True
    typed = viewer.request.query_params.get("town", "")[:LONGEST_NAME]
    found, parts, towns = await together(_cells(viewer), _health(viewer), find_towns(viewer, typed))
    if towns and towns.free and not form.value("nis_codes"):
        form.fields["nis_codes"] = [towns.free]
    return viewer.page(
        "host/cells.html", status, tab="host", found=found, rows=_rows(found, viewer), parts=parts, form=form,
        towns=towns, draft_form="form", work=viewer.web.provisioning.progress, live=viewer.web.provisioning.running,
        made=viewer.request.query_params.get("made") == "1", back=viewer.request.query_params.get("back") == "1",
    )  # fmt: skip


async def _cells(viewer: Viewer) -> pb.ListCellsResponse:
    asked = pb.ListCellsRequest(page_size=50, cursor=viewer.request.query_params.get("cursor", ""))
    return await viewer.ask(viewer.services.cell.ListCells, asked, PLATFORM)


def _rows(found: pb.ListCellsResponse, viewer: Viewer) -> list[tuple[Mapping[str, str], str, str]]:
    """Name and page, towns, since when."""
    language = viewer.language
    return [
        (
            {"text": cell_name(cell, language), "href": f"/host/cells/{cell.cell_id}"},
            ", ".join(town_name(town, language) for town in towns_in_order(cell.towns, language)),
            language.day(from_timestamp(cell.created_at), weekday=False),
        )
        for cell in found.cells
    ]  # fmt: skip


async def _health(viewer: Viewer) -> list[tuple[str, bool]]:
    """Every part and whether it answers, asked at once."""
    services, signs_in = await asyncio.gather(viewer.services.health(), viewer.web.oidc.answers())
    return [*services.items(), ("sign_in", signs_in), ("messages", viewer.web.messages_flow())]
