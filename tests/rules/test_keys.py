"""A key names one sending of a command, and is never made of what the command asks (decision 44).

A repeat under a key answers the receipt of before. With a key made of the content, who asks for the same again after it
was ended is told that it is done, and nothing is.
"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.rules.sources import ROOT, python_files

NAMES = {"uuid3", "uuid5"}
OF_IDENTITIES = {"services/kit/identities.py", "services/kit/principal.py"}
"""Ids of people and processes: they have to come out the same wherever they are made."""


def names_from_content(path: Path) -> list[str]:
    """The functions that this file takes to make an id out of something."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    imported = [name.name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names]
    called = [node.attr for node in nodes if isinstance(node, ast.Attribute)]
    return [name for name in (*imported, *called) if name in NAMES]


def test_no_key_is_made_of_what_is_asked() -> None:
    found = {str(path.relative_to(ROOT)) for path in python_files("services") if names_from_content(path)}
    assert found == OF_IDENTITIES


def test_the_rule_sees_what_it_forbids(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text("import uuid\nfrom uuid import NAMESPACE_URL, uuid4, uuid5\nuuid.uuid3(NAMESPACE_URL, 'x')\n")
    assert names_from_content(file) == ["uuid5", "uuid3"]
