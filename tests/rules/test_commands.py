"""A command that names the version last read compares it; and commands know no other command."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.rules.calls import Graph, graph_of
from tests.rules.sources import SERVICES, handler_files, module_path

CHANGES = [
    (service, module)
    for service in SERVICES
    for module in handler_files(service, "commands").values()
    if "expected_version: " in module_path(module).read_text()
]
COMPARED_BY = {"resend_founding": "send_founder_again", "withdraw_founding": "withdraw_founder"}
"""Of acts that ask across the wall between platform and cell: who compares there."""


def compared_by(graph: Graph, module: str) -> list[ast.Call]:
    """The calls in a command's file that are given `command.expected_version` and may raise VersionChanged."""
    calls = [
        call
        for place, node in graph.nodes.items()
        if place[0] == module
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and _given(call)
    ]
    return [call for call in calls if "VersionChanged" in graph.errors_from(*_called(graph, call, module))]


def _given(call: ast.Call) -> bool:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(ast.unparse(value) == "command.expected_version" for value in values)


def _called(graph: Graph, call: ast.Call, module: str) -> Iterator[tuple[str, str]]:
    match call.func:
        case ast.Attribute(attr=word, value=value):
            yield from graph.methods_of(value, word, (module, ""))
        case ast.Name(id=word) if found := graph.bound(module, word):
            yield found


@pytest.mark.parametrize(("service", "module"), CHANGES, ids=[module.rpartition(".")[2] for _, module in CHANGES])
def test_the_version_last_read_is_compared(service: str, module: str) -> None:
    folder, _, name = module.rpartition(".")
    there = f"{folder}.{COMPARED_BY.get(name, name)}"
    assert there == module or "command.expected_version)" in module_path(module).read_text(), "it is not handed on"
    assert compared_by(graph_of(service), there), "no call that is given command.expected_version raises VersionChanged"


def test_there_are_commands_to_look_at() -> None:
    assert len(CHANGES) >= 14


SAMPLE = """
class RondetafelError: ...
class VersionChanged(RondetafelError): ...
class Case:
    def expect(self, version): raise VersionChanged
    def note(self, version): pass
"""


def test_the_comparison_reports() -> None:
    graph = Graph()
    graph.add("services.x.model", ast.parse(SAMPLE))
    for name, line in {"good": "case.expect(command.expected_version)", "idle": "case.note(command.expected_version)",
                       "none": "case.expect(1)", "kept": "Case(version=command.expected_version)"}.items():  # fmt: skip
        graph.add(name, ast.parse(f"async def {name}(work, command):\n    {line}"))
        assert bool(compared_by(graph, name)) is (name == "good"), name


def commands_imported(module: str, source: str) -> set[str]:
    """The modules of commands that a module imports, its own package's emptiness aside."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=str(start), names=names):
                found |= {start, *(f"{start}.{name.name}" for name in names)}
    return {name for name in found if ".commands" in name and name != module}


@pytest.mark.parametrize("service", SERVICES)
def test_commands_import_no_commands(service: str) -> None:
    """What two verbs share stands below both, under a name of its own: in find, model, giving."""
    modules = handler_files(service, "commands").values()
    imported = {module: commands_imported(module, module_path(module).read_text()) for module in modules}
    assert {module: found for module, found in imported.items() if found} == {}


def test_the_search_for_imports_reports() -> None:
    source = (
        "from services.case.commands.refuse_case import check\nfrom services.case.commands import assess\nimport os"
    )
    assert commands_imported("services.case.commands.close_case", source) == {
        "services.case.commands", "services.case.commands.assess",
        "services.case.commands.refuse_case", "services.case.commands.refuse_case.check",
    }  # fmt: skip
