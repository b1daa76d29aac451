"""Budgets: a function 40 lines, a file 300, a __main__ 150, a folder of handlers 40 (docs/architecture.md)."""

from __future__ import annotations

import ast

from tests.rules.sources import ROOT, SERVICES, functions_of, python_files

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
LONGEST_MAIN = 150
LONGEST_CATALOGUE = 600
LONGEST = {"__main__.py": LONGEST_MAIN, "errors.py": LONGEST_CATALOGUE, "policy.py": LONGEST_CATALOGUE}
"""What is looked up and not read from end to end may grow."""
MOST_HANDLERS = 40


def too_long_functions(source: str, name: str) -> list[str]:
    """Functions past the budget, docstring and decorators not counted."""
    found = []
    for function in functions_of(ast.parse(source)):
        body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
        lines = (function.end_lineno or 0) - body[0].lineno + 1 + (body[0].lineno > function.lineno)
        if lines > LONGEST_FUNCTION:
            found.append(f"{name}: {function.name} has {lines} lines")
    return found


def test_functions_are_short() -> None:
    found = []
    for path in python_files():
        found += too_long_functions(path.read_text(), str(path.relative_to(ROOT)))
    assert found == []


def test_files_are_short() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in python_files()}
    limits = {path: LONGEST.get(path.name, LONGEST_FILE) for path in lengths}
    assert {path: length for path, length in lengths.items() if length > limits[path]} == {}


def test_the_budget_reports() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(LONGEST_FUNCTION + 1))
    assert too_long_functions(f"def long():\n{body}\n", "sample") != []
    assert too_long_functions("def short():\n    pass\n", "sample") == []


def crowded(counts: dict[str, int]) -> list[str]:
    """Folders of handlers past the budget: from then on each aggregate has a folder of its own in there."""
    return [name for name, count in counts.items() if count > MOST_HANDLERS]


def test_folders_of_handlers_are_short() -> None:
    folders = [ROOT / "services" / service / kind for service in SERVICES for kind in ("commands", "queries")]
    counts = {str(folder.relative_to(ROOT)): len(list(folder.glob("*.py"))) for folder in folders}
    assert crowded(counts) == [], "make commands/<aggregate>/ of it, as rpc/<aggregate>.py"
    assert crowded({"sample": MOST_HANDLERS + 1, "other": MOST_HANDLERS}) == ["sample"]
