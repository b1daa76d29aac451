"""Nothing is left out of a run of everything, and a quick run finds who imports what was changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.running import lanes, quick
from tests.running.part import REPOSITORY, TESTS, Part, program, run_tests

MODULES = sorted(file.stem for file in (REPOSITORY / "services" / "partner_directory" / "data").glob("*.py"))


def files(asked: list[str]) -> list[Path]:
    """The files of tests that pytest finds at these paths."""
    left_out = {Path(path.removeprefix("--ignore=")) for path in asked if path.startswith("--ignore=")}
    found = []
    for path in (Path(path) for path in asked if not path.startswith("--")):
        assert path.exists(), path
        found += sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
    return [file for file in found if file not in left_out]


def test_each_file_of_tests_is_in_one_part_of_a_run_of_everything() -> None:
    parts = [name for name in lanes.everything() if name != lanes.CHECK]
    found = [file for name in parts for file in files(lanes.paths_of(name, all_run=True))]
    assert sorted(found) == sorted(TESTS.glob("*/**/test_*.py"))


def test_every_part_has_its_place() -> None:
    assert lanes.everything()[: len(lanes.BESIDE)] == list(lanes.BESIDE), (
        "a new folder takes its place in LONGEST_FIRST"
    )


def test_a_part_by_itself_is_its_whole_folder() -> None:
    for name in lanes.folders():
        assert files(lanes.paths_of(name, all_run=False)) == sorted((TESTS / name).rglob("test_*.py"))


def test_a_part_that_there_is_none_of_is_told() -> None:
    assert lanes.unknown(["case", "storm", "check"]) == ""
    assert lanes.unknown(["case", "cases"]).startswith("There is no part cases; there are audit, ")


def test_parts_are_told_when_they_end_and_counted_in_order() -> None:
    told: list[Part] = []
    work = {name: lambda name=name: Part(name, name != "b", 1.0) for name in "abc"}
    assert [part.name for part in lanes.in_lanes(work, told.append)] == ["a", "b", "c"]
    assert {part.name for part in told} == {"a", "b", "c"}


def test_a_part_without_tests_or_with_a_failure_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.running.part.REPORTS", tmp_path)
    assert not run_tests("sample", {}, str(tmp_path)).good
    (tmp_path / "test_sample.py").write_text("def test_well(): pass\ndef test_bad(): assert False\n")
    part = run_tests("sample", {}, str(tmp_path / "test_sample.py"))
    assert (part.good, part.passed, part.failed) == (False, 1, 1)
    assert "assert False" in part.told
    assert part.busy > 0


def test_what_a_program_prints_is_kept_also_its_errors() -> None:
    printing = "import sys; print('out'); sys.stdout.flush(); print('err', file=sys.stderr); sys.exit(3)"
    ran = program("sample", [sys.executable, "-c", printing], {})
    assert (ran.good, ran.told) == (False, "out\nerr\n")


def touched(*names: str) -> set[str]:
    """Files of tests that a change of these touches."""
    for name in names:
        assert (REPOSITORY / name).exists(), name
    return {str(file.relative_to(TESTS)) for file in quick.touched([REPOSITORY / name for name in names])}


def test_who_imports_what_was_changed_is_found() -> None:
    by_the_gate = touched("services/gate/slowing.py")
    assert "gate/test_slowing.py" in by_the_gate
    assert "gate/test_app.py" in by_the_gate, "by the conftest of its folder"
    assert "meeting/test_walls.py" not in by_the_gate
    assert "case/test_walls.py" in touched("services/kit/execute.py"), "by way of others"
    assert touched("tests/gate/test_slowing.py") == {"gate/test_slowing.py"}
    assert touched("docs/pages.md") == set()


def test_what_is_no_python_stands_for_the_modules_beside_it() -> None:
    by_the_list = touched("services/partner_directory/data/municipalities.csv")
    assert by_the_list == touched(*(f"services/partner_directory/data/{name}.py" for name in MODULES))
    assert "partner_directory/test_create_cell.py" in by_the_list
    assert "gate/test_slowing.py" not in by_the_list
