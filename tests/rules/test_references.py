"""Code and pages send nobody to a page, a section, a decision or a file that is not in the repository."""

from __future__ import annotations

import re
from pathlib import Path

from tests.rules.sources import ROOT, tracked

SELF = "tests/rules/test_references.py"
READ = (".py", ".md", ".proto", ".toml", ".html", ".sql", ".conf", ".yml", "Makefile")
PAGE = re.compile(r"[\w./-]*\w\.md\b(?!\()")
SECTION = re.compile(r"\b([\w/-]+\.md), ([A-Z][\w' -]+)(?=[);:]|\.\W)")
DECISION = re.compile(r"\bdecisions? (\d+)(?: to (\d+))?", re.IGNORECASE)
FILE = re.compile(r"`((?:services|tests|deploy|proto|docs)/[\w./-]+)`")
DECISIONS = {int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}


def place_of(name: str, file: Path) -> Path | None:
    """The page that a name means in a file: from the root, from beside the file, or in docs/."""
    for place in (ROOT / name, file.parent / name, ROOT / "docs" / name):
        if place.is_file():
            return place
    return None


def lost(text: str, file: Path) -> list[str]:
    """What a text leads to that is not there."""
    found = [name for name in PAGE.findall(text) if place_of(name, file) is None]
    for name, section in SECTION.findall(text):
        page = place_of(name, file)
        if page and not re.search(rf"^#+ {re.escape(section)}", page.read_text(), re.MULTILINE | re.IGNORECASE):
            found.append(f"{name}, {section}")
    for numbers in DECISION.findall(text):
        found += [f"decision {number}" for number in numbers if number and int(number) not in DECISIONS]
    return found


def test_every_page_section_and_decision_that_is_named_is_there() -> None:
    wrong = {}
    for path in tracked(*READ):
        name = str(path.relative_to(ROOT))
        if name != SELF and (found := lost(path.read_text(), path)):
            wrong[name] = found
    assert wrong == {}


def test_every_file_that_a_page_names_is_there() -> None:
    wrong = {}
    for path in (ROOT / "docs").glob("*.md"):
        gone = [name for name in FILE.findall(path.read_text()) if not (ROOT / name).exists()]
        if gone:
            wrong[path.name] = gone
    assert wrong == {}


def test_the_search_reports() -> None:
    here = ROOT / "docs" / "threats.md"
    right = "see [open](open.md), docs/open.md, README.md and decisions/0001-one-project.md; decision 1"
    assert lost(right, here) == []
    assert lost("gone.md, docs/gone.md; decisions 2 to 999", here) == ["gone.md", "docs/gone.md", "decision 999"]
    assert lost("docs/domain.md, States. (docs/domain.md, Nonsense)", here) == ["docs/domain.md, Nonsense"]
    assert FILE.findall("`tests/x.py` `services/case` `x.py`") == ["tests/x.py", "services/case"]
