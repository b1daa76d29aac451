"""Which cells the rows of a list of seats are for, when it is one of many towns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.errors import Invalid
from services.kit.execute import Work
from services.kit.fields import FieldMissing
from services.partner_directory.errors import MunicipalityNotInCell
from services.partner_directory.model import CellMunicipality, on_platform
from services.partner_directory.seat_list import Seat, SeatFault, SeatList
from services.partner_directory.seating import read_list


@dataclass(frozen=True, slots=True)
class SortSeats:
    """A file as a spreadsheet saves it, as base64."""

    file: str


@dataclass(frozen=True, slots=True)
class SortedSeat:
    """A row and its cell; None where its faults, and they alone, stand in the way of finding one."""

    line: int
    cell_id: UUID | None
    faults: tuple[SeatFault, ...]


async def sort_seats(work: Work, query: SortSeats) -> tuple[SortedSeat, ...]:
    """For the host, on the platform: nothing of the people on it is looked at. Raises what `read_list` raises."""
    on_platform(work.cell_id)
    found = await read_list(query.file)
    named = {nis_code for seat in found.seats if seat.nearest for nis_code in seat.nearest.nis_codes}
    rows = await work.session.execute(
        select(CellMunicipality.nis_code, CellMunicipality.cell_id).where(
            CellMunicipality.nis_code.in_(named), CellMunicipality.until.is_(None)
        )
    )
    cells: dict[str, UUID] = {row.nis_code: row.cell_id for row in rows}
    work.trail.count = len(found.seats)
    return tuple(_sorted(found, seat, cells) for seat in found.seats)


def _sorted(found: SeatList, seat: Seat, cells: Mapping[str, UUID]) -> SortedSeat:
    told = tuple(fault for fault in seat.faults if fault.field == "nis_codes")
    if seat.nearest is None or told:
        return SortedSeat(seat.line, None, told or seat.faults)
    towns = seat.nearest.nis_codes
    those = {cells.get(nis_code) for nis_code in towns}
    error: Invalid | None = None
    if not towns:
        error = FieldMissing(field="nis_codes", expected="the NIS code of the municipality it is for")
    elif len(those) > 1 or None in those:
        error = MunicipalityNotInCell(field="nis_codes", expected="municipalities of one cell")
    if error is not None:
        return SortedSeat(seat.line, None, (found.fault(seat.line, error),))
    return SortedSeat(seat.line, those.pop(), ())
