"""What a function of a service may reach, read from the sources alone: rather too much than too little.

A name leads to what it is bound to, through imports too. `case.expect` leads to the method of Case, by the house's way
to name things, or of its base CaseStanding; where no class is named like that, `x.expect` leads to every method of that
name of the service's own classes. A function that is named is taken to be called.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.rules.sources import ROOT

Place = tuple[str, str]
"""A module and what stands in it: a function, a class, a constant, or a method as Class.method."""
OF_THE_KIT = frozenset({"work", "_adapter", "_executor"})
"""What is asked of these is no method of a service's own classes."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(repr=False)
class Graph:
    """What stands where, what each module's names are bound to, and where methods of one name are."""

    nodes: dict[Place, ast.AST] = field(default_factory=dict)
    imports: dict[Place, Place] = field(default_factory=dict)
    methods: dict[str, list[Place]] = field(default_factory=dict)

    def add(self, module: str, tree: ast.Module, *, own: bool = True) -> None:
        """Take in a module; of modules that are not the service's `own`, no method is found by its name."""
        for node in tree.body:
            match node:
                case ast.ImportFrom(module=str(source), names=names):
                    self.imports |= {(module, name.asname or name.name): (source, name.name) for name in names}
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self.nodes[module, node.name] = node
                case ast.ClassDef():
                    self._add_class(module, node, own=own)
                case ast.Assign() | ast.AnnAssign():
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    self.nodes |= {(module, target.id): node for target in targets if isinstance(target, ast.Name)}

    def _add_class(self, module: str, node: ast.ClassDef, *, own: bool) -> None:
        self.nodes[module, node.name] = node
        for method in node.body:
            if isinstance(method, Function):
                place = (module, f"{node.name}.{method.name}")
                self.nodes[place] = method
                if own:
                    self.methods.setdefault(method.name, []).append(place)

    def bound(self, module: str, name: str) -> Place | None:
        """Where a name of a module stands, through imports of imports."""
        place, seen = (module, name), set[Place]()
        while place not in self.nodes and place in self.imports and place not in seen:
            seen.add(place)
            place = self.imports[place]
        return place if place in self.nodes else None

    def named_by(self, place: Place) -> Iterator[Place]:
        """What a function, class or constant names."""
        (module, name), node = place, self.nodes[place]
        for part in _parts(node, telling=_tells(node)):
            match part:
                case ast.Name(id=word, ctx=ast.Load()) if found := self.bound(module, word):
                    yield found
                case ast.Attribute(attr=word, value=value) if not _is_of_the_kit(value):
                    yield from self.methods_of(value, word, place)
        if isinstance(node, ast.ClassDef):
            yield from (
                made for method in ("__init__", "__post_init__") if (made := (module, f"{name}.{method}")) in self.nodes
            )

    def methods_of(self, value: ast.expr, word: str, place: Place) -> list[Place]:
        """The methods that `value.word` may mean in this place."""
        found = self.methods.get(word, [])
        owner = place[1].partition(".")[0] if isinstance(value, ast.Name) and value.id == "self" else _class_of(value)
        named = {f"{owner}.{word}", f"{owner}Standing.{word}"}
        return [method for method in found if method[1] in named] or found

    def reached_from(self, *starts: Place) -> dict[Place, tuple[Place, ...]]:
        """All that may be reached from these, themselves included, with a shortest way there."""
        reached: dict[Place, tuple[Place, ...]] = {}
        waiting: deque[tuple[Place, tuple[Place, ...]]] = deque((place, ()) for place in starts if place in self.nodes)
        while waiting:
            place, way = waiting.popleft()
            if place not in reached:
                reached[place] = (*way, place)
                waiting.extend((further, reached[place]) for further in self.named_by(place))
        return reached

    def kinds_of(self, place: Place) -> set[str]:
        """The names of a class and of all it is a kind of; empty for what is no class."""
        node = self.nodes.get(place)
        if not isinstance(node, ast.ClassDef):
            return set()
        bases = [self.bound(place[0], base.id) for base in node.bases if isinstance(base, ast.Name)]
        return {place[1]}.union(*(self.kinds_of(base) for base in bases if base))

    def errors_from(self, *starts: Place) -> dict[str, tuple[Place, ...]]:
        """The typed errors reached from these by code, with a way there; NotFound aside, told the same for all."""
        reached = self.reached_from(*starts)
        kinds = {place: self.kinds_of(place) for place in reached}
        return {
            place[1]: way
            for place, way in reached.items()
            if "RondetafelError" in kinds[place] and "NotFound" not in kinds[place]
        }


TELLING = frozenset({"allowed", "passes", "first_refusal"})
"""What tells of a guard whether it refuses (kit/allowed.py): nothing it raises goes further."""


def _tells(node: ast.AST) -> bool:
    """Whether a function hands guards to one of those."""
    calls = (part for part in ast.walk(node) if isinstance(part, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id in TELLING for call in calls)


def _parts(node: ast.AST, *, telling: bool = False) -> Iterator[ast.AST]:
    """The parts of a node that run: no annotations, not what it catches, of a class neither methods nor bases.

    Of a function that tells of guards not the guards either: what is handed over, lambdas, functions within.
    """
    skipped: list[ast.AST | None] = []
    if telling:
        skipped = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.Lambda | Function)]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLING:
            skipped += [*node.args, *(keyword.value for keyword in node.keywords)]
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            skipped += [node.returns]
        case ast.ClassDef():
            skipped += [*node.bases, *(part for part in node.body if isinstance(part, Function))]
        case ast.AnnAssign() | ast.arg():
            skipped += [node.annotation]
        case ast.ExceptHandler():
            skipped += [node.type]
    yield node
    for child in ast.iter_child_nodes(node):
        if not any(child is part for part in skipped):
            yield from _parts(child, telling=telling)


def _class_of(value: ast.expr) -> str:
    """The class a thing is named after: `case` and `self.case` after Case."""
    word = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
    return "".join(part.capitalize() for part in word.split("_"))


def _is_of_the_kit(value: ast.expr) -> bool:
    """Whether a thing is named as those are that the kit gives a service to work with."""
    names = set()
    while isinstance(value, ast.Attribute):
        names.add(value.attr)
        value = value.value
    return bool(OF_THE_KIT & (names | ({value.id} if isinstance(value, ast.Name) else set())))


@cache
def graph_of(service: str) -> Graph:
    """The graph of a service and of the kit."""
    graph = Graph()
    for folder in (service, "kit"):
        for path in sorted((ROOT / "services" / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                graph.add(module_name(path), ast.parse(path.read_text()), own=folder == service)
    return graph


def module_name(path: Path) -> str:
    """The dotted name of one of our files."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
