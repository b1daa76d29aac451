"""Each name of the glossary stands in the code; what has no name yet has none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from tests.rules.sources import ROOT, python_files, tracked
from tests.rules.test_domain import CODE, table_after

PAGE = ROOT / "docs" / "glossary.md"
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake(name: str) -> str:
    """One spelling for ReadReceipt, read_receipt and READ_RECEIPT."""
    return HUMP.sub("_", name).lower() if not name.isupper() else name.lower()


def names_of(tree: ast.AST) -> Iterable[str]:
    """The identifiers of a module and the codes among its texts."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield text


def names_in_the_code() -> str:
    """All of them, each between spaces with underscores as in ` _case_lead_id_ `."""
    found = {name for path in python_files("services") for name in names_of(ast.parse(path.read_text()))}
    for path in tracked(".proto"):
        found |= set(re.findall(r"\w+", re.sub(r"//.*", "", path.read_text())))
    return " ".join(f"_{snake(name)}_" for name in found)


def absent(names: Iterable[str], code: str) -> list[str]:
    """Names that are no part of any name of the code."""
    return [name for name in names if f"_{snake(name)}_" not in code]


def column_of_names(heading: str) -> list[str]:
    """The names in the last column of the first table after a heading."""
    return [name for row in table_after(PAGE.read_text(), heading) for name in CODE.findall(row[-1])]


def test_each_name_stands_in_the_code() -> None:
    names = column_of_names("# Glossary")
    assert len(names) > 40
    assert absent(names, names_in_the_code()) == []


def test_what_has_no_name_yet_has_none() -> None:
    kept = column_of_names("## Words without a name yet")
    assert kept
    assert absent(kept, names_in_the_code()) == kept


def test_every_word_is_said_in_three_languages() -> None:
    text = PAGE.read_text()
    for heading in ("# Glossary", "## Words without a name yet"):
        for row in table_after(text, heading):
            assert len(row) == 4, row
            assert all(row), row


def test_the_comparison_reports() -> None:
    code = "_read_receipt_ _case_lead_id_"
    assert absent(["ReadReceipt", "case_lead", "READ_RECEIPT"], code) == []
    assert absent(["case_led", "ad_hoc"], code) == ["case_led", "ad_hoc"]
    assert set(names_of(ast.parse("def f(a): return b.c + 'code' + 'no code'"))) == {"f", "a", "b", "c", "code"}
