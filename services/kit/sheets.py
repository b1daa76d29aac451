"""Tables as spreadsheets keep them in text files (CSV, RFC 4180): read as they come, written so that none can act.

What programs save differs by country and age: a semicolon, comma or tab between the columns, UTF-8 with or without a
mark, UTF-16, or Windows-1252. Which one it is stands nowhere, and is found out here.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.kit.errors import Invalid
from services.kit.texts import tidy_line

DELIMITERS = ";\t,"
"""In the order in which they count when a heading has as many of each."""
_SAYS_DELIMITER = "sep="
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""With one of these at its beginning a spreadsheet takes what somebody wrote for something to be reckoned."""


class SheetUnreadable(Invalid):
    """The file is no table of text."""


class SheetTooLong(Invalid):
    """The table has more rows than are taken at once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the heading: the line of the file where it begins, from 1, and its cells, as many as came."""

    line: int
    cells: tuple[str, ...]

    def at(self, column: int) -> str:
        """What stands there; empty where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The heading, and the rows that have anything in them."""

    heading: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(data: bytes, *, most_rows: int, field: str) -> Sheet:
    """The table in a file; texts are tidied (kit/texts.py). Raises SheetUnreadable, SheetTooLong, naming the field."""
    text = _decoded(data, field)
    first, _, rest = text.partition("\n")
    if first.lower().startswith(_SAYS_DELIMITER) and len(first) == len(_SAYS_DELIMITER) + 1:
        rows = _rows(rest, first[-1], 2, field)
    else:
        rows = _rows(text, max(DELIMITERS, key=_unquoted(first).count), 1, field)
    heading = next(rows, None)
    if heading is None:
        raise SheetUnreadable(field=field, expected="a heading and rows")
    found: list[Row] = []
    for row in rows:
        if len(found) == most_rows:
            raise SheetTooLong(field=field, expected=f"at most {most_rows} rows")
        found.append(row)
    return Sheet(heading.cells, tuple(found))


def write_sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """A table that spreadsheets of this country open by themselves, every cell quoted and none taken for a formula."""
    written = io.StringIO()
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [_harmless(cell) for cell in row] for row in rows
    )
    return codecs.BOM_UTF8 + written.getvalue().encode()


def _harmless(cell: str) -> str:
    """What would be computed is a text: a spreadsheet shows the apostrophe before it nowhere but while it is edited."""
    begins = cell[: len(cell) - len(cell.lstrip()) + 1]
    return f"'{cell}" if any(sign in begins for sign in FORMULA) else cell


def _decoded(data: bytes, field: str) -> str:
    if data.startswith(_WORKBOOK):
        raise SheetUnreadable(field=field, expected="a file saved as CSV, not the workbook itself")
    marked = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), None)
    data = data.removeprefix(marked[0]) if marked else data
    for encoding in (marked[1],) if marked else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise SheetUnreadable(field=field, expected="a CSV file in UTF-8 or Windows-1252")


def _rows(text: str, delimiter: str, first_line: int, field: str) -> Iterator[Row]:
    """The rows that are not empty, each with the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first_line
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise SheetUnreadable(field=field, expected=f"quotes that are closed, in line {line}") from None
        if cells is None:
            return
        tidied = tuple(tidy_line(cell) for cell in cells)
        if any(tidied):
            yield Row(line, tidied)
        line = first_line + reader.line_num


def _unquoted(line: str) -> str:
    """What stands outside quotes."""
    return "".join(line.split('"')[::2])
