"""Names are read in the order of ui/order.py: pages sort by a name through it alone, templates sort nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.rules.sources import ROOT

WEB = ROOT / "services" / "portal" / "web"
SORTING = ("sorted", "sort")
NAMES = re.compile(r"(?<!\w)(?:\w*names?(?:_\w+)?|organisation\w*|town\w*|who)\b|\.code\b")
RIGHT = re.compile(r"\b(?:name|code)_key\b|\bin_order\w*\b|\.(?:relative_to|glob|iterdir)\(")
"""What sorts as people read; and files, which nobody reads as a list."""
BY_SOMETHING_ELSE = {
    "case/circle_view.py: sorted(found, key=lambda domain: not domain.who)": "known domains first",
    "case/invite_routes.py: sorted(circle.domains, key=lambda domain: bool(domain.who))": "unknown domains first",
}


def calls(text: str) -> Iterator[str]:
    """What sorts by something that is called like a name, and not in the order of names."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        said = ast.unparse(node)
        if called in SORTING and NAMES.search(said) and not RIGHT.search(said):
            yield said


def test_pages_sort_names_as_people_read_them() -> None:
    found = {
        f"{path.relative_to(WEB)}: {said}" for path in sorted(WEB.rglob("*.py")) for said in calls(path.read_text())
    }
    assert found == set(BY_SOMETHING_ELSE)


@pytest.mark.parametrize(
    "text",
    [
        "sorted(people, key=lambda person: (person.organisation, person.name))",
        "names.sort()",
        "sorted(town_names)",
        "sorted(cases, key=lambda case: case.code)",
        "sorted(towns, key=lambda town: table.town(town))",
    ],
)
def test_the_search_reports(text: str) -> None:
    assert list(calls(text)) == [text]


def test_the_search_reports_nothing_else() -> None:
    assert list(calls("sorted(names, key=name_key); sorted(lines, key=lambda line: line.starts_at)")) == []
