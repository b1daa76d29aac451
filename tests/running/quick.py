"""`make quick`: style and types, the house rules, and the tests of what a change touches, without a platform.

A test file is touched by itself, by what it and the conftest of its folder import, and so on. What is no Python stands
for the modules of the nearest folder that has some. The platform's own tests are for `make test`: they are left out
unless they were changed themselves.
"""

from __future__ import annotations

import ast
import functools
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.running.part import REPOSITORY, TESTS, Part, checked, run_tests

ALWAYS = "rules"
LEAVE_OUT = "RONDETAFEL_QUICK"
"""Lists the changed files: to the conftest of all, which leaves out others' tests that need a platform."""
ROOTS = {"rondetafel": REPOSITORY / "proto" / "gen"}


def quick(tell: Callable[[Part], None]) -> list[Part]:
    """Run them in lanes; `tell` hears of each part when it ends."""
    files = changed()
    chosen = by_part(touched(files))
    chosen.pop(ALWAYS, None)
    more = {LEAVE_OUT: " ".join(str(file.relative_to(REPOSITORY)) for file in files)}
    jobs: list[Callable[[], Part]] = [checked, lambda: run_tests(ALWAYS, {}, str(TESTS / ALWAYS))]
    jobs += [functools.partial(run_tests, name, more, *paths) for name, paths in sorted(chosen.items())]

    def told(job: Callable[[], Part]) -> Part:
        part = job()
        tell(part)
        return part

    with ThreadPoolExecutor(2) as lanes:
        return list(lanes.map(told, jobs))


def changed() -> list[Path]:
    """Files that differ from where this branch left main, committed or not, new ones too."""
    left = _git("merge-base", "main", "HEAD") or ["HEAD"]
    names = [*_git("diff", "--name-only", left[0]), *_git("ls-files", "--others", "--exclude-standard")]
    return sorted({REPOSITORY / name for name in names})


def touched(files: Iterable[Path]) -> list[Path]:
    """Files of tests that are, import or stand beside one of these."""
    wanted = {module for file in files for module in _stands_for(file)}
    return [file for file in sorted(TESTS.glob("*/**/test_*.py")) if wanted & reached(file)]


def by_part(files: Iterable[Path]) -> dict[str, list[str]]:
    """The same by their part, as addresses."""
    parts: Mapping[str, list[str]] = defaultdict(list)
    for file in files:
        parts[file.relative_to(TESTS).parts[0]].append(str(file))
    return dict(parts)


def reached(test: Path) -> set[Path]:
    """What a file of tests comes to by imports, the conftests of its folders included, that of all parts not."""
    folders = [folder for folder in test.parents if folder.is_relative_to(TESTS) and folder != TESTS]
    waiting = [test, *(folder / "conftest.py" for folder in folders if (folder / "conftest.py").exists())]
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += imported(file)
    return found


@functools.cache
def imported(file: Path) -> tuple[Path, ...]:
    """Our own files that a module imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(file.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return tuple(path for name in names for path in _files(name))


def _files(module: str) -> Iterator[Path]:
    head = module.partition(".")[0]
    if head not in ("services", "deploy", "tests", "rondetafel"):
        return
    whole = ROOTS.get(head, REPOSITORY).joinpath(*module.split("."))
    yield from (path for path in (whole.with_suffix(".py"), whole / "__init__.py") if path.exists())


def _stands_for(file: Path) -> Iterable[Path]:
    if file.suffix == ".py":
        return [file]
    inside = [folder for folder in file.parents if folder.is_relative_to(REPOSITORY) and folder != REPOSITORY]
    return next((found for folder in inside if (found := list(folder.glob("*.py")))), [])


def _git(*arguments: str) -> list[str]:
    told = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return told.stdout.split("\n")[:-1] if told.returncode == 0 else []
