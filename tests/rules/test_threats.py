"""Each threat names tests that exist; a control nobody tries is a hope."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.rules.sources import ROOT, functions_of

ROW = re.compile(r"^\| (?!Threat |---)(.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[list[str]]:
    """The rows of the tables: threat, control, tests, what is left."""
    text = (ROOT / "docs" / "threats.md").read_text()
    return [[cell.strip() for cell in row.split(" | ")] for row in ROW.findall(text)]


@cache
def names_of(file: str) -> frozenset[str]:
    """The names of the tests of a file; empty when there is no such file."""
    path = ROOT / file
    return (
        frozenset(function.name for function in functions_of(ast.parse(path.read_text())))
        if path.exists()
        else frozenset()
    )


def missing(named: list[tuple[str, str]]) -> list[str]:
    """What is named and does not exist."""
    return [f"{file}::{name}" for file, name in named if name not in names_of(file)]


def test_every_threat_says_what_holds_who_tries_it_and_what_is_left() -> None:
    assert len(rows()) > 20
    for row in rows():
        assert len(row) == 4, row[0]
        assert all(row), row[0]
        assert TEST.sub("", row[2]).strip() == "", f"{row[0]}: only names of tests stand in the third column"
        assert TEST.findall(row[2]), f"{row[0]}: nobody tries it"


def test_the_tests_named_exist() -> None:
    assert [f"{row[0]}: {name}" for row in rows() for name in missing(TEST.findall(row[2]))] == []


def test_the_comparison_reports() -> None:
    here = "tests/rules/test_threats.py"
    assert missing([(here, "test_the_tests_named_exist")]) == []
    gone = [(here, "test_that_never_was"), ("tests/rules/test_gone.py", "test_x")]
    assert missing(gone) == [f"{file}::{name}" for file, name in gone]
