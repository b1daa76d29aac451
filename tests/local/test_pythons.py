"""Which Python .venv is made with, tried with programs that only pretend to be one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.instance import REPOSITORY
from deploy.local.pythons import FIXED, Python, newest, old

PRETENDS = '#!/bin/sh\necho "{numbers} {program}"\n'
FIXED_312 = f"3 12 {FIXED[3, 12]}"
FIXED_313 = f"3 13 {FIXED[3, 13]}"
SHIM = '#!/bin/sh\necho "pyenv: python3.13: command not found" >&2\nexit 127\n'


class Shelf:
    """Folders for a PATH, with programs in them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.path = ""

    def folder(self, name: str, **programs: str) -> Path:
        """Another folder, later on the path; the programs' names stand with an underscore for the dot."""
        folder = self._root / name
        folder.mkdir()
        for program, text in programs.items():
            file = folder / program.replace("_", ".")
            file.write_text(text if text.startswith("#!") else PRETENDS.format(numbers=text, program=file))
            file.chmod(0o755)
        self.path = f"{self.path}{os.pathsep}{folder}".strip(os.pathsep)
        return folder

    def chosen(self, started: str = "3 11 2") -> str:
        """Which is taken, by folder and name, when one called python3 was started."""
        first = self.folder("started", python3=started) / "python3"
        best = newest(self.path, str(first))
        return str(Path(best.program).relative_to(self._root)) if best else ""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_the_newest_is_taken(shelf: Shelf) -> None:
    shelf.folder("a", python3_11="3 11 14", python3_13=FIXED_313, python3_12=FIXED_312)
    assert shelf.chosen() == "a/python3.13"


def test_one_with_its_security_fixes_goes_before_a_newer_one_without(shelf: Shelf) -> None:
    shelf.folder("a", python3_13="3 13 0", python3_12=FIXED_312)
    assert shelf.chosen() == "a/python3.12"


@pytest.mark.parametrize(
    "broken",
    [SHIM, "#!/bin/sh\nexit 0\n", "#!/nowhere/interpreter\n", "#!/bin/sh\necho what is this\n", "#!/bin/sh\nkill $$\n"],
)
def test_what_is_there_but_does_not_run_is_passed_over(shelf: Shelf, broken: str) -> None:
    shelf.folder("shims", python3_13=broken, python3_12=broken)
    shelf.folder("usr", python3_12="3 12 1")
    assert shelf.chosen() == "usr/python3.12"


def test_of_equals_the_one_that_was_started_stays(shelf: Shelf) -> None:
    shelf.folder("a", python3_13=FIXED_313)
    assert shelf.chosen(FIXED_313) == "started/python3"


def test_one_nobody_tried_is_taken_only_where_there_is_no_other(shelf: Shelf) -> None:
    shelf.folder("a", python3_11="3 11 2")
    assert shelf.chosen("3 99 0") == "a/python3.11"
    shelf.path = ""
    assert newest("", str(shelf.folder("new", python3="3 99 0") / "python3")) is not None


def test_none_is_taken_where_all_are_too_old(shelf: Shelf) -> None:
    assert shelf.chosen("3 10 19") == ""


def test_folders_and_files_that_nobody_can_run_are_no_pythons(shelf: Shelf, tmp_path: Path) -> None:
    shelf.folder("a", python3_13=FIXED_313)
    (tmp_path / "a" / "python3.13").chmod(0o644)
    (tmp_path / "a" / "python3.12").mkdir()
    assert shelf.chosen() == "started/python3"


def test_the_real_one_answers(tmp_path: Path) -> None:
    found = newest(str(tmp_path), sys.executable)
    assert found is not None
    assert found.version == sys.version_info[:3]
    assert not Path(found.program).is_relative_to(REPOSITORY / ".venv")


@pytest.mark.parametrize("minor", sorted(FIXED))
def test_older_than_its_fixes_is_said_in_one_sentence_that_says_what_to_do(minor: tuple[int, int]) -> None:
    fixed = FIXED[minor]
    assert old((*minor, fixed)) is None
    sentence = old((*minor, fixed - 1))
    assert sentence is not None
    assert f"is older than {minor[0]}.{minor[1]}.{fixed}" in sentence
    assert sentence.endswith("or newer, remove .venv and start again.")
    better = Python("/usr/bin/python3.13", (3, 13, FIXED[3, 13]))
    assert str(old((*minor, 0), better)).endswith("remove .venv and start again to use /usr/bin/python3.13.")
    assert old((3, 99, 0)) is None


@pytest.mark.parametrize(("given", "flag"), [([], False), (["PYTHON=python3"], True)])
def test_who_names_a_python_gets_that_one(given: list[str], flag: bool) -> None:
    ours = {name: value for name, value in os.environ.items() if name != "PYTHON"}
    shown = subprocess.run(
        ["make", "--dry-run", "setup", *given], cwd=REPOSITORY, env=ours, capture_output=True, text=True, check=True
    )
    assert ("--this" in shown.stdout) is flag
