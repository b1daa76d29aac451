"""How long each of us waits for a neighbour stands in one place, and the host's guide says the same."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator

from services.kit import patience
from services.kit.patience import ACCOUNT_SECONDS, ACCOUNTS_SECONDS, ANSWER_SECONDS, FACTS_SECONDS, Messages, Queries
from tests.rules.sources import ROOT, python_files

GUIDE = (ROOT / "docs" / "operations.md").read_text()
MAKERS = {
    "AsyncClient": "services/kit/http_client.py",
    "AsyncHTTPTransport": "services/kit/http_client.py",
    "create_pool": "services/kit/relay.py",
    "create_async_engine": "services/kit/database.py",
    "secure_channel": "services/kit/channel.py",
    "insecure_channel": "",
    "HTTPTransport": "",
}
"""What makes a connection, and where alone: there it is told how long to wait."""
MIGRATIONS = "services/kit/migrate.py"
"""Waits as long as it takes: somebody sits before it."""
WAITING = re.compile("(.*_)?timeout|ping_interval")


def listed(guide: str) -> dict[str, float]:
    """The guide's table."""
    rows = guide.partition("### How long anybody waits")[2].partition("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("| `")]
    return {name.strip("`"): float(value.split()[0]) for name, value, *_ in cells}


def in_code() -> dict[str, float]:
    """Every constant of the module, and every field of its classes."""
    found = {name: float(value) for name, value in vars(patience).items() if isinstance(value, int | float)}
    for kind in vars(patience).values():
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            fields = dataclasses.fields(kind)
            found |= {f"{kind.__name__}.{field.name}": float(field.default) for field in fields}  # type: ignore[arg-type]
    return found


def test_the_guide_says_the_same() -> None:
    assert len(in_code()) > 20
    assert listed(GUIDE) == in_code()


def test_each_is_waited_for() -> None:
    """A name that nobody uses bounds nothing."""
    used = "".join(path.read_text() for path in python_files("services") if path.name != "patience.py")
    names = {name.rpartition(".")[2] for name in in_code()} - {"idle_seconds"}
    within = (ROOT / "services" / "kit" / "patience.py").read_text()
    assert {name for name in names if name not in used and f"self.{name}" not in within} == set()


def test_who_waits_inside_waits_less() -> None:
    """Else whoever asks has given up before an answer, and what was begun is ended under its beginner."""
    queries = Queries()
    assert queries.statement_seconds < ANSWER_SECONDS
    assert queries.begin_seconds + queries.connect_seconds + queries.begin_seconds < ANSWER_SECONDS
    assert ACCOUNT_SECONDS < ACCOUNTS_SECONDS < ANSWER_SECONDS
    assert FACTS_SECONDS < ANSWER_SECONDS
    # The relay tells in the middle of its transaction.
    assert Messages().answer_seconds < queries.abandoned_seconds
    assert queries.statement_seconds < queries.abandoned_seconds


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def faults(source: str, path: str) -> Iterator[str]:
    """Connections that are made elsewhere, and waits whose length has no name."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if MAKERS.get(called(node), path) != path and path != MIGRATIONS:
            yield f"{path}:{node.lineno} makes a connection: {called(node)}"
        waits = [word.value for word in node.keywords if word.arg and WAITING.fullmatch(word.arg)]
        if called(node) == "timeout":
            waits += node.args
        for value in waits:
            if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                yield f"{path}:{node.lineno} waits {value.value} seconds"


def test_every_connection_is_told_how_long_to_wait() -> None:
    found = [
        fault
        for path in python_files("services")
        for fault in faults(path.read_text(), path.relative_to(ROOT).as_posix())
    ]
    assert found == []


def test_the_rules_report() -> None:
    assert len(list(faults("httpx.AsyncClient(timeout=3)", "services/x.py"))) == 2
    assert len(list(faults("asyncio.timeout(1)", "services/x.py"))) == 1
    assert list(faults("httpx.AsyncClient(timeout=HEALTH_SECONDS)", "services/kit/http_client.py")) == []
    assert listed("### How long anybody waits\n| `A.b` | 1.5 s | x |\n| other |\n## Next\n| `C` | 2 s | |") == {
        "A.b": 1.5
    }
