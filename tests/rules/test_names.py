"""Names say what a thing is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.rules.sources import ROOT, python_files


def loops_over_one(source: str) -> Iterator[int]:
    """The lines of loops that call `one` what they go through."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            named = {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
            if "one" in named:
                yield node.iter.lineno


def test_no_loop_calls_its_thing_one() -> None:
    assert list(loops_over_one("for one in cases:\n    print([one for one, two in pairs])\n")) == [1, 2]
    assert list(loops_over_one("for case in cases:\n    one = case\n")) == []
    found = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := list(loops_over_one(path.read_text())))
    }
    assert found == {}
