"""The host finds a town by its name in any of our languages, its NIS code or its cell, and reads which cell it has."""

from __future__ import annotations

from dataclasses import dataclass

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.codes import REGIONS
from services.kit.principal import PLATFORM
from services.kit.texts import tidy_line, without_accents
from services.portal.web.request.together import each_of, together
from services.portal.web.request.viewer import Viewer
from services.portal.web.request.whole import whole
from services.portal.web.ui.towns import cell_name, town_name, towns_in_order


@dataclass(frozen=True, slots=True)
class Found:
    """The towns that fit what was typed: name, NIS code, cell and the cell's id.

    `free` is the code of the one town without a cell, when there is no other that fits; `cut`: not all cells were
    looked through.
    """

    typed: str
    rows: list[tuple[str, str, str, str]]
    free: str
    cut: bool


async def find_towns(viewer: Viewer, typed: str) -> Found | None:
    """None when nothing was typed."""
    wanted = _plain(typed)
    if not wanted:
        return None
    cells, regions = await together(
        whole(viewer, viewer.services.cell.ListCells, pb.ListCellsRequest(), PLATFORM, lambda page: page.cells),
        each_of(_towns(viewer, region) for region in REGIONS),
    )
    of_town = {town.nis_code: cell for cell in cells.entries for town in cell.towns}
    # A town that was merged away still stands in its cell.
    there = {town.nis_code: town for region in regions for town in region}
    there |= {town.nis_code: town for cell in cells.entries for town in cell.towns}
    names = {code: cell_name(cell, viewer.language) for code, cell in of_town.items()}
    fits = (town for code, town in there.items() if _fits(town, names.get(code, ""), wanted))
    fitting = towns_in_order(fits, viewer.language)
    ids = {code: cell.cell_id for code, cell in of_town.items()}
    rows = [
        (town_name(town, viewer.language), town.nis_code, names.get(town.nis_code, ""), ids.get(town.nis_code, ""))
        for town in fitting
    ]
    free = rows[0][1] if len(rows) == 1 and not rows[0][2] and not cells.cut else ""
    return Found(tidy_line(typed), rows, free, cells.cut)


async def _towns(viewer: Viewer, region: str) -> list[pb.Municipality]:
    asked = pb.ListMunicipalitiesRequest(region=region)
    return list((await viewer.ask(viewer.services.cell.ListMunicipalities, asked, PLATFORM)).municipalities)


def _fits(town: pb.Municipality, cell: str, wanted: str) -> bool:
    names = (town.name, town.name_fr, town.name_de, town.name_en, cell)
    return town.nis_code.startswith(wanted) or any(wanted in _plain(name) for name in names)


def _plain(text: str) -> str:
    """As it is compared: small letters without accents, hyphens and apostrophes as spaces."""
    letters = (sign if sign.isalnum() else " " for sign in without_accents(text).lower())
    return " ".join("".join(letters).split())
