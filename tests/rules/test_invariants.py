"""The list of invariants: every number named stands in it, and what it calls held is tried under its number."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from services.kit.policy import Policy
from tests.rules.sources import ROOT, SERVICES, functions_of, module_of, python_files, tracked
from tests.rules.test_domain import table_after
from tests.rules.test_threats import TEST, missing

PAGE = ROOT / "docs" / "invariants.md"
NAMED = re.compile(r"\binvariants?\s+(\d+(?:\s*(?:,|and|or)\s*\d+)*)", re.IGNORECASE)
TRIED = re.compile(r"test_invariant_(\d+)_")
FILE = re.compile(r"`([\w/.]+)`")


@dataclass(frozen=True, slots=True)
class Invariant:
    """A row of the list."""

    number: int
    state: str
    files: list[str]
    tests: list[tuple[str, str]]

    @property
    def built(self) -> bool:
        """Whether anything holds it."""
        return not self.state.startswith("not built yet")

    def faults(self, tried: Mapping[int, list[str]]) -> list[str]:
        """What is wrong with this row; `tried`: the tests of the code by the number they bear."""
        if not self.state.startswith(("held", "in part: ", "not built yet")):
            return [f"{self.number} is neither held, held in part, nor not built yet"]
        if not self.built:
            there = [f"{self.number} is not built yet and tried by {name}" for name in tried.get(self.number, [])]
            return there + [f"{self.number} is not built yet and held by {name}" for name in self.files]
        found = [f"{self.number}: there is no {name}" for name in missing(self.tests)]
        found += [f"{self.number}: there is no {name}" for name in self.files if not (ROOT / name).is_file()]
        if not self.files:
            found.append(f"{self.number} is held by nothing")
        if not any(match and int(match[1]) == self.number for _, name in self.tests if (match := TRIED.match(name))):
            found.append(f"{self.number} is tried by no test of its number")
        return found


def invariant_of(row: list[str]) -> Invariant:
    """A row of the table."""
    number, _, state, files, tests = row
    return Invariant(int(number), state, FILE.findall(files), TEST.findall(tests))


def invariants() -> list[Invariant]:
    """The list."""
    return [invariant_of(row) for row in table_after(PAGE.read_text(), "# Invariants")]


def numbers_named(text: str) -> set[int]:
    """The numbers of invariants that a text names."""
    numbers = {int(number) for named in NAMED.findall(text) for number in re.findall(r"\d+", named)}
    return numbers | {int(number) for number in TRIED.findall(text)}


def tried_by_number() -> dict[int, list[str]]:
    """The tests of the code by the number in their name."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in python_files("tests"):
        for function in functions_of(ast.parse(path.read_text())):
            if match := TRIED.match(function.name):
                found[int(match[1])].append(f"{path.relative_to(ROOT)}::{function.name}")
    return found


def test_each_invariant_says_what_holds_it_and_what_tries_it() -> None:
    rows = invariants()
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    tried = tried_by_number()
    assert [fault for row in rows for fault in row.faults(tried)] == []


def test_every_number_that_is_named_is_in_the_list() -> None:
    listed = {row.number for row in invariants()}
    unknown = {}
    for path in tracked(".py", ".proto", ".md", ".html", ".sql"):
        name = str(path.relative_to(ROOT))
        if name != "tests/rules/test_invariants.py" and (numbers := numbers_named(path.read_text()) - listed):
            unknown[name] = numbers
    assert unknown == {}


def test_invariant_01_every_act_has_the_one_purpose() -> None:
    policies: dict[str, Policy] = {service: module_of(service, "policy").POLICY for service in SERVICES}
    purposes = {rule.purpose for policy in policies.values() for rule in policy.values()}
    assert purposes == {"prevent_terrorist_offences"}


def test_the_comparison_reports() -> None:
    text = "(invariants 4, 7 and 15), Invariant 16; test_invariant_02_x, invariant()"
    assert numbers_named(text) == {2, 4, 7, 15, 16}
    here = "`tests/rules/test_invariants.py::test_invariant_01_every_act_has_the_one_purpose`"
    file = "`services/kit/policy.py`"
    row = invariant_of(["1", "text", "held", file, here])
    assert row.faults({}) == []
    assert invariant_of(["2", "text", "held", file, here]).faults({}) == ["2 is tried by no test of its number"]
    gone = invariant_of(["1", "text", "in part: all", "`services/gone.py`", f"{here} `tests/gone.py::test_x`"])
    assert gone.faults({}) == ["1: there is no tests/gone.py::test_x", "1: there is no services/gone.py"]
    unbuilt = invariant_of(["3", "text", "not built yet", "", ""])
    assert unbuilt.faults({}) == []
    assert unbuilt.faults({3: ["tests/x.py::test_invariant_03_x"]}) == [
        "3 is not built yet and tried by tests/x.py::test_invariant_03_x"
    ]
    assert invariant_of(["3", "text", "", "", ""]).faults({})
