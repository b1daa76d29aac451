"""The page of the person who looks: what is known of me, how I am reached, where I sit and what I accepted there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.clock import local_date
from services.kit.principal import PLATFORM
from services.portal.web.account.profile_routes import read_profile
from services.portal.web.request.together import each_of, together
from services.portal.web.request.viewer import SignedIn, Viewer
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView
from services.portal.web.ui.towns import cells_in_order

router = APIRouter(include_in_schema=False)

OWN = 10
"""Tables of the reader that the page tells of; the others have pages of their own."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What the reader is at a table, for whom, until which day; `towns` where a table has several."""

    role: str
    organisation: str
    until: date
    towns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A table of the reader: the seats there, whether and when secrecy was promised, and its last day."""

    table: TableView
    seats: tuple[Seat, ...]
    promised: bool
    accepted_at: datetime | None
    accepted_until: date | None


@router.get("/me")
async def my_page(viewer: SignedIn) -> Response:
    """What is known of me here, how I am reached and sign in, language and light."""
    profile, found = await together(
        read_profile(viewer), viewer.ask(viewer.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM)
    )
    cells = cells_in_order(found.cells, viewer.language)
    tables = await each_of(viewer.table(UUID(cell.cell_id)) for cell in cells[:OWN])
    return viewer.page(
        "account/me.html", profile=profile, told="told" in viewer.request.query_params,
        places=[_place(viewer, table) for table in tables], more=len(cells) > OWN,
    )  # fmt: skip


def _place(viewer: Viewer, table: TableView) -> Place:
    cell, several = table.found.cell, len(table.towns) > 1
    seats = tuple(
        Seat(
            mandate.role, mandate.organisation_name, date.fromisoformat(mandate.to),
            tuple(table.town_names(mandate.nis_codes)) if several else (),
        )
        for mandate in table.my_mandates
    )  # fmt: skip
    until = from_timestamp(cell.undertaken_until) if cell.HasField("undertaken_until") else None
    return Place(
        table, seats, cell.undertaking_accepted,
        from_timestamp(cell.undertaken_at) if cell.HasField("undertaken_at") else None,
        local_date(until - timedelta(microseconds=1)) if until else None,
    )  # fmt: skip
