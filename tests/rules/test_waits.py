"""No test gives up on a busy machine: how long it waits for what must come is said in one place."""

from __future__ import annotations

import ast

import pytest

from tests.rules.sources import ROOT, python_files

WAITS = {"timeout", "wait_for"}
A_MOMENT = 1
"""Seconds; up to it a literal says how long nothing comes, or is meant to be too short."""


def impatient(source: str) -> list[int]:
    """The lines where a literal bounds a wait: `asyncio.timeout(20)`, `wait_for(answer, 20)`, `timeout=20`."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        bounds = [keyword.value for keyword in call.keywords if keyword.arg == "timeout"]
        bounds += call.args if name in WAITS else []
        found += [bound.lineno for bound in bounds if isinstance(bound, ast.Constant) and _long(bound.value)]
    return found


def _long(value: object) -> bool:
    return isinstance(value, (int, float)) and value > A_MOMENT


def test_tests_wait_for_what_must_come_as_long_as_all_do() -> None:
    files = [file for file in python_files("tests") if "bench" not in file.relative_to(ROOT).parts]
    assert files
    found = [f"{file.relative_to(ROOT)}:{line}" for file in files for line in impatient(file.read_text())]
    assert found == [], "take HANGS_AFTER of tests/patience.py"


@pytest.mark.parametrize(
    "line", ["asyncio.timeout(20)", "asyncio.wait_for(answer(), 20)", "stub.Read(asked, timeout=20)", "timeout(1.5)"]
)
def test_a_wait_of_some_seconds_is_found(line: str) -> None:
    assert impatient(line) == [1]


@pytest.mark.parametrize(
    "line", ["asyncio.timeout(HANGS_AFTER)", "process.stop(timeout=0.1)", "wait_for(read(20), MOMENT)", "taken(20)"]
)
def test_other_numbers_are_not(line: str) -> None:
    assert impatient(line) == []
