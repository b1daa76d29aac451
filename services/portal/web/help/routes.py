"""Questions and rules, privacy, accessibility: the same for all; who is signed in finds the own tables there too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from services.portal.web.help.examples import examples
from services.portal.web.request.together import each_of, together
from services.portal.web.request.viewer import Anyone, SignedIn, Viewer
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.register import register_of
from services.portal.web.ui.table import TableView
from services.portal.web.ui.towns import cells_in_order

router = APIRouter(include_in_schema=False)

OWN = 10
"""Tables of the reader that the page tells of; the others have pages of their own."""


@dataclass(frozen=True, slots=True)
class Own:
    """A table of the reader, and whom to ask there."""

    table: TableView
    coordinators: list[Somebody]


@router.get("/help")
async def questions(visitor: Anyone) -> Response:
    """What people ask, in plain words; and how to read the pictures, with an invented case."""
    own, more = await _own(visitor) if isinstance(visitor, Viewer) else ([], False)
    return visitor.page("help/questions.html", tab="help", shown=examples(visitor.language), own=own, more=more)


@router.get("/help/stolen")
async def stolen(visitor: Anyone) -> Response:
    """What coordinators and the host do when somebody reported that a sign-in was another's."""
    return visitor.page("help/stolen.html", tab="help")


@router.get("/help/controls")
async def controls(visitor: Anyone) -> Response:
    """Every pattern and control side by side, for who builds pages; elsewhere there is no such page."""
    if not visitor.web.builders:
        raise NotFound
    return visitor.page("help/controls.html", tab="help", shown=examples(visitor.language))


async def _own(viewer: Viewer) -> tuple[list[Own], bool]:
    """The tables whose secrecy the reader promised, and whether there are more of them."""
    found = await viewer.ask(viewer.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM)
    cells = [cell for cell in cells_in_order(found.cells, viewer.language) if cell.undertaking_accepted]
    tables = await each_of(viewer.table(UUID(cell.cell_id)) for cell in cells[:OWN])
    return [Own(table, _coordinators(table)) for table in tables], len(cells) > OWN


def _coordinators(table: TableView) -> list[Somebody]:
    found = {person.person_id: person for town in table.towns for person in table.coordinators(town.nis_code)}
    return list(found.values())


@router.get("/help/law")
async def law(viewer: SignedIn) -> Response:
    """What these tables rest on: the whole register, for everybody signed in."""
    mine, found = await together(
        viewer.ask(viewer.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM),
        viewer.ask(viewer.services.law.ListLegalBases, pb.ListLegalBasesRequest(), PLATFORM),
    )
    register = register_of(found.legal_bases, viewer.language, viewer.today, mine.cells)
    return viewer.page("help/law.html", tab="help", register=register)


@router.get("/help/privacy")
async def privacy(visitor: Anyone) -> Response:
    """What is kept of you, why, and how long."""
    own, _more = await _own(visitor) if isinstance(visitor, Viewer) else ([], False)
    return visitor.page("help/privacy.html", tab="help", own=own)


@router.get("/help/accessibility")
async def accessibility(visitor: Anyone) -> Response:
    """What these pages keep to, and whom to tell when something stands in your way."""
    return visitor.page("help/accessibility.html", tab="help")
