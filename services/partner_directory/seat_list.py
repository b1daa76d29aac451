"""Seats as a list in a spreadsheet: each row an invitation, read by the rules of the request it stands for.

People write their lists in their own words: `Burgemeester` for `mayor`, 24/11/2026 for a day, and a spreadsheet takes
the first zero off a number. What is wrong is told for every cell at once, by line and column, in the same codes as a
single invitation is refused with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from rondetafel.kit.v1 import options_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import Invalid, RondetafelError
from services.kit.field_rules import rule_of
from services.kit.policy import Role
from services.kit.reading import reader
from services.kit.shapes import PERIOD, Differences
from services.kit.sheets import Row, read_sheet
from services.kit.texts import without_accents
from services.partner_directory.data import seat_words
from services.partner_directory.errors import SeatColumnMissing, SeatColumnTwice

MOST_SEATS = 300
"""Rows of one list: what a town, or a province with one row a town, writes at once."""
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MAY_BE_ABSENT = ("nis_codes", "clearance_until", "language")


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is to be invited, for which organisation, as what, where, when, on which basis."""

    email: str
    given_name: str
    family_name: str
    kbo_number: str
    role: Role
    nis_codes: tuple[str, ...]
    first_day: date
    last_day: date
    legal_basis: str
    clearance_until: date | None
    language: str | None = None


_READ = reader(
    Invited, pb.InvitePersonRequest, Differences(names=PERIOD, leave_out=("note", "deputy_of", "deputy_when"))
)


@dataclass(frozen=True, slots=True)
class SeatFault:
    """What is wrong in one cell: its line and column in the file, both from 1, the field, why, what would be right.

    Column 0: the row as a whole.
    """

    line: int
    column: int
    field: str
    code: str
    expected: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One row: the invitation it stands for, None where faults stand against it.

    `cells`: what stands there, by field. `nearest`: the invitation with examples where the faults are, so that the rest
    can be looked at all the same; None where the row cannot be read at all.
    """

    line: int
    invitation: Invited | None
    faults: tuple[SeatFault, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict, compare=False)
    nearest: Invited | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SeatList:
    """All rows, and at which column, from 1, each field stands."""

    seats: tuple[Seat, ...]
    columns: Mapping[str, int]

    def fault(self, line: int, error: RondetafelError) -> SeatFault:
        """What a rule of the cell says of a row, where it can be mended."""
        return _fault(self.columns, line, error)


def read_seats(file: bytes) -> SeatList:
    """The rows of a list. Raises SheetUnreadable, SheetTooLong, SeatColumnMissing, SeatColumnTwice."""
    sheet = read_sheet(file, most_rows=MOST_SEATS, field="file")
    columns = _columns(sheet.heading)
    return SeatList(tuple(_seat(row, columns) for row in sheet.rows), columns)


def _columns(heading: tuple[str, ...]) -> dict[str, int]:
    """Where each field stands. Columns of other names are the writer's own and are passed over."""
    found: dict[str, int] = {}
    for column, name in enumerate(heading, start=1):
        meant = _words("columns").get(_folded(name))
        if meant in found:
            raise SeatColumnTwice(field="file", expected=f"one column for {meant}, not {found[meant]} and {column}")
        if meant is not None:
            found[meant] = column
    missing = [meant for meant in seat_words()["columns"] if meant not in (*found, *_MAY_BE_ABSENT)]
    if missing:
        raise SeatColumnMissing(field="file", expected=f"columns for {', '.join(missing)}")
    return found


def _seat(row: Row, columns: Mapping[str, int]) -> Seat:
    cells = {name: row.at(column - 1) for name, column in columns.items()}
    request = pb.InvitePersonRequest()
    for name, text in cells.items():
        _fill(request, name, text)
    faults: list[SeatFault] = []
    for _ in columns:
        try:
            invitation = _READ(request)
        except Invalid as error:
            fault = _fault(columns, row.line, error)
            faults.append(fault)
            # With an example in its place the next one is found, by the same rules.
            _fill(request, fault.field, rule_of(pb.InvitePersonRequest, fault.field).example)
        else:
            return Seat(row.line, None if faults else invitation, tuple(faults), cells, invitation)
    return Seat(row.line, None, tuple(faults), cells)


def _fill(request: pb.InvitePersonRequest, field: str, text: str) -> None:
    """Put a cell into the request, in the request's own way of writing."""
    request.ClearField(field)  # type: ignore[arg-type]
    if field == "nis_codes":
        request.nis_codes.extend(re.split(r"[\s,;]+", text) if text else ())
    else:
        setattr(request, field, _written(field, text))


def _written(field: str, text: str) -> str:
    kind = rule_of(pb.InvitePersonRequest, field).kind
    if field == "role":
        return _words("roles").get(_folded(text), text)
    if field == "language":
        return _words("languages").get(_folded(text), text)
    if kind == options_pb2.KBO:
        digits = re.sub(r"[\s.]|^BE", "", text, flags=re.IGNORECASE)
        return digits.zfill(10) if digits.isdecimal() else text
    if kind == options_pb2.DAY and (found := _DAY.fullmatch(text)):
        day, month, year = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    return text


def _fault(columns: Mapping[str, int], line: int, error: RondetafelError) -> SeatFault:
    name = (error.field or "").partition("[")[0]
    return SeatFault(line, columns.get(name, 0), name, error.code, error.expected or "")


@cache
def _words(kind: str) -> Mapping[str, str]:
    """From what people write, folded, to the name in the request."""
    return dict(_listed(kind))


def _listed(kind: str) -> Iterator[tuple[str, str]]:
    for name, written in seat_words()[kind].items():
        yield from ((_folded(word), name) for word in (name, *written))


def _folded(word: str) -> str:
    """Without case, accents and signs: `E-mailadres` and `e-mail adres` are one word."""
    return re.sub(r"[\W_]+", "", without_accents(word.lower()))
