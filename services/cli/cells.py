"""Creating cells: one, or one for each municipality of a region."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.cli.directory import Directory, Existing, Refused

AT_ONCE = 4
PAGE = 50
EXISTS = "CellExists"


@dataclass(slots=True)
class Tally:
    """What became of the municipalities of a region. `refused` has a sentence for each that did not work."""

    created: int = 0
    existing: int = 0
    refused: list[str] = field(default_factory=list)


async def create_cell(
    directory: Directory, nis_codes: Sequence[str], name: str = "", colour: str = "", contact: str = ""
) -> kit_pb2.Receipt:
    """One cell for these towns. Raises Refused, and Existing with its id when there is a cell for just these."""
    request = pb.CreateCellRequest(nis_codes=nis_codes, name=name, brand_colour=colour, contact=contact)
    try:
        return await directory.act(directory.cell.CreateCell, request)
    except Refused as refusal:
        if refusal.code == EXISTS and (cell_id := await _cell_of(directory, nis_codes)):
            raise Existing(EXISTS, f"Cell {cell_id} is there for just these towns; nothing was made.") from refusal
        raise


async def _cell_of(directory: Directory, nis_codes: Sequence[str]) -> str | None:
    wanted, cursor = set(nis_codes), ""
    while True:
        page = await directory.ask(directory.cell.ListCells, pb.ListCellsRequest(page_size=PAGE, cursor=cursor))
        for cell in page.cells:
            if {town.nis_code for town in cell.towns} == wanted:
                return cell.cell_id
        if not (cursor := page.next_cursor):
            return None


async def municipalities(directory: Directory, region: str) -> list[str]:
    """The NIS codes of a region's present municipalities, as the directory knows them."""
    answer = await directory.ask(directory.cell.ListMunicipalities, pb.ListMunicipalitiesRequest(region=region))
    return [municipality.nis_code for municipality in answer.municipalities]


async def create_cells(directory: Directory, nis_codes: Sequence[str], done: Callable[[], object]) -> Tally:
    """One cell for each town that has none yet; `done` is called after each. Given again, it goes on where it was."""
    tally = Tally()
    free = asyncio.Semaphore(AT_ONCE)

    async def create(nis_code: str) -> None:
        async with free:
            try:
                await directory.act(directory.cell.CreateCell, pb.CreateCellRequest(nis_codes=[nis_code]))
                tally.created += 1
            except Refused as refusal:
                if refusal.code == EXISTS:
                    tally.existing += 1
                else:
                    tally.refused.append(f"{nis_code}: {refusal}")
            done()

    await asyncio.gather(*(create(nis_code) for nis_code in nis_codes))
    return tally
