"""What a list of seats would come to in a cell, row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from services.kit.clock import last_day_of
from services.kit.execute import Work
from services.partner_directory.model import code_expiry
from services.partner_directory.seat_list import SeatFault
from services.partner_directory.seating import CheckedSeat, SeatState, check_list


@dataclass(frozen=True, slots=True)
class CheckSeats:
    """A file as a spreadsheet saves it, as base64."""

    file: str


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A row: what it comes to, what it says (as it was read, or as it stands there where it has faults), its faults."""

    line: int
    state: SeatState
    email: str
    given_name: str
    family_name: str
    kbo_number: str
    organisation_name: str
    role: str
    nis_codes: tuple[str, ...]
    first_day: str
    last_day: str
    legal_basis: str
    clearance_until: str
    language: str
    faults: tuple[SeatFault, ...]


@dataclass(frozen=True, slots=True)
class SeatCheck:
    """All rows; how many letters would go, how many are so already, how many have faults; the last day of the codes."""

    rows: tuple[SeatRow, ...]
    letters: int
    already: int
    faulty: int
    code_until: date


async def check_seats(work: Work, query: CheckSeats) -> SeatCheck:
    """Look at a list without inviting anybody; what is told of people in the cell is told to who may invite there.

    Raises what `check_list` raises.
    """
    checked = await check_list(work, query.file)
    states = Counter(seat.state for seat in checked.seats)
    work.trail.count = len(checked.seats)
    return SeatCheck(
        tuple(map(_row, checked.seats)),
        states[SeatState.NEW],
        states[SeatState.INVITED] + states[SeatState.HELD],
        states[SeatState.FAULTY],
        last_day_of(code_expiry(work.now)),
    )


def _row(checked: CheckedSeat) -> SeatRow:
    seat, cells = checked.seat, checked.seat.cells
    invited, fitting = seat.invitation, checked.fitting
    said = {name: cells.get(name, "") for name in ("email", "given_name", "family_name", "kbo_number", "role")}
    days = {"first_day": cells.get("from", ""), "last_day": cells.get("to", "")}
    towns = tuple(filter(None, [cells.get("nis_codes", "")]))
    if invited is not None:
        said = {name: str(getattr(invited, name)) for name in said}
        days = {name: getattr(invited, name).isoformat() for name in days}
        towns = fitting.nis_codes if fitting else invited.nis_codes
    return SeatRow(
        line=seat.line,
        state=checked.state,
        **said,
        **days,
        organisation_name=fitting.organisation.name if fitting else "",
        nis_codes=towns,
        legal_basis=cells.get("legal_basis", ""),
        clearance_until=_day(invited.clearance_until) if invited else cells.get("clearance_until", ""),
        language=(invited.language or "") if invited else cells.get("language", ""),
        faults=checked.faults,
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
