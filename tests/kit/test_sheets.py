"""Tables of text as spreadsheets save them, and those we hand out."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.sheets import DELIMITERS, FORMULA, Row, Sheet, SheetTooLong, SheetUnreadable, read_sheet, write_sheet
from services.kit.texts import tidy_line

NAMES = ("naam", "gemeente")
PEOPLE = (("’t Jonck", "Sint-Truiden"), ("Zoë Đorđević", "Liège"), ("أحمد", "Eupen"))


def read(data: bytes, most_rows: int = 300) -> Sheet:
    return read_sheet(data, most_rows=most_rows, field="file")


def saved(delimiter: str, encoding: str, people: tuple[tuple[str, ...], ...] = PEOPLE) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows((NAMES, *people))
    return written.getvalue().encode(encoding)


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_way_of_saving_reads_alike(delimiter: str, encoding: str) -> None:
    sheet = read(saved(delimiter, encoding))
    assert sheet == Sheet(NAMES, tuple(Row(line, person) for line, person in enumerate(PEOPLE, start=2)))


def test_the_old_one_of_windows_too() -> None:
    people = (("’t Jonck", "Liège"), ("Noël", "Œdelem"))
    assert [row.cells for row in read(saved(";", "cp1252", people)).rows] == list(people)


def test_a_first_line_may_name_the_delimiter() -> None:
    sheet = read(b"sep=,\r\na,b\r\n1;2,3\r\n")
    assert sheet == Sheet(("a", "b"), (Row(3, ("1;2", "3")),))


def test_the_heading_decides_and_not_what_it_quotes() -> None:
    assert read(b'"a;b;c",d\n1,2\n').heading == ("a;b;c", "d")


def test_a_row_is_named_by_the_line_where_it_begins() -> None:
    sheet = read(b'a;b\n\n1;"two\nlines"\n;\n3;4\n')
    assert [(row.line, row.cells) for row in sheet.rows] == [(3, ("1", "two lines")), (6, ("3", "4"))]
    assert (sheet.rows[0].at(1), sheet.rows[0].at(2)) == ("two lines", "")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "a heading and rows"),
        (b"\n;;\n", "a heading and rows"),
        (b"PK\x03\x04 a workbook", "a file saved as CSV, not the workbook itself"),
        (b"\xd0\xcf\x11\xe0 an old one", "a file saved as CSV, not the workbook itself"),
        (b"a;b\n\x00;2", "a CSV file in UTF-8 or Windows-1252"),
        (b"a;b\n\x81;2", "a CSV file in UTF-8 or Windows-1252"),
        (b'a;b\n1;2\n"3;4\n', "quotes that are closed, in line 3"),
    ],
)
def test_what_is_no_table_is_told_apart(data: bytes, expected: str) -> None:
    assert read(b"a;b\n1;2\n").rows
    with pytest.raises(SheetUnreadable) as refused:
        read(data)
    assert (refused.value.field, refused.value.expected) == ("file", expected)


def test_as_many_rows_as_are_taken_and_no_more() -> None:
    assert len(read(b"a\n1\n2\n", most_rows=2).rows) == 2
    with pytest.raises(SheetTooLong):
        read(b"a\n1\n2\n3\n", most_rows=2)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+32 470 12 34 56", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "\xa0＠A1"]
)
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    (_, written) = csv.reader(io.StringIO(write_sheet([["a"], [cell]]).decode("utf-8-sig"), newline=""), delimiter=";")
    assert written == [f"'{cell}"]


TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1).map(tidy_line).filter(bool)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
def test_what_was_written_is_read_again(rows: list[list[str]]) -> None:
    read_again = [row.cells for row in read(write_sheet([["a", "b"], *rows])).rows]
    assert read_again == [tuple(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row) for row in rows]
