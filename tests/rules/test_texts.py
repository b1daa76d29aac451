"""What must not stand in the repository: machine paths, registry addresses, stray transactions."""

from __future__ import annotations

import ast
import re

import pytest

from tests.rules.sources import ROOT, python_files, tracked

SELF = "tests/rules/test_texts.py"
FORBIDDEN = {
    "a path of a machine": r"/work/|/root/|/home/\w+/",
    "an address of a registry": r"pypi\.org|pythonhosted\.org|registry\.npmjs|repo1?\.maven|deb\.debian\.org",
    "talk of how it was made": r"\b(claude|chatgpt|copilot|language model|ai-generated|subagent)\b",
}


def findings(text: str) -> list[str]:
    """Names of what is found in a text."""
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]


def test_nothing_forbidden_stands_in_the_repository() -> None:
    found = {}
    for path in tracked(
        ".py", ".md", ".toml", ".lock", ".proto", ".sql", ".conf", ".json", ".html", ".css", "Makefile"
    ):
        name = str(path.relative_to(ROOT))
        if name != SELF and not name.startswith("proto/gen") and (what := findings(path.read_text())):
            found[name] = what
    assert found == {}


def test_the_search_reports() -> None:
    assert findings("see https://pypi.org/simple") == ["an address of a registry"]
    assert findings("nothing of the kind") == []


def calls_of(name: str, folder: str) -> set[str]:
    """Files below a folder of services that call a method of this name."""
    found = set()
    for path in python_files("services"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                found.add(str(path.relative_to(ROOT)))
    return {name for name in found if name.startswith(folder)}


def test_only_the_executor_and_the_relay_open_transactions() -> None:
    """The relay has a role of its own, which sees the outbox alone."""
    assert calls_of("transaction", "services") == {"services/kit/execute.py", "services/kit/relay.py"}


def speaking_raw(source: str) -> bool:
    """Whether a source asks the driver's own connection past `Work`, or the pool for another one."""
    nodes = ast.walk(ast.parse(source))
    return any(isinstance(node, ast.Attribute) and node.attr in ("raw", "raw_connection") for node in nodes)


def test_handlers_ask_the_driver_through_work_alone() -> None:
    speaking = [path for path in python_files("services") if speaking_raw(path.read_text())]
    # The gate has no database; what is raw there are headers.
    assert {path.relative_to(ROOT).parts[1] for path in speaking} - {"gate"} == {"kit"}
    assert calls_of("raw_connection", "services") == {"services/kit/database.py"}
    assert speaking_raw("await work.transaction.raw.fetch(asked)")
    assert not speaking_raw("await work.fetch(ASKED, {})")


def test_spellings_are_compared_in_one_place() -> None:
    """The gate keeps what is no address in a form wider than Keycloak's, for counting."""
    homes = {"services/kit/texts.py", "services/kit/addresses.py", "services/gate/sessions.py"}
    assert calls_of("normalize", "services") == homes
    assert calls_of("casefold", "services") == {"services/kit/texts.py"}


def test_handlers_do_not_commit() -> None:
    allowed = {"services/kit/database.py", "services/kit/execute.py"}
    assert calls_of("commit", "services") - allowed == set()
    assert calls_of("rollback", "services") - allowed == set()


@pytest.mark.parametrize("path", python_files("services"), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_read_or_built_at_import_time(path: object) -> None:
    """Rule 5: no environment, engine or client at module level."""
    from pathlib import Path

    assert isinstance(path, Path)
    tree = ast.parse(path.read_text())
    statements = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr)]
    names = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute | ast.Name)
    }
    assert not names & {"environ", "getenv", "create_async_engine", "Settings", "secure_channel", "AsyncClient"}
