"""A command is data, and no handler waits for another service inside its transaction; what it must know it asks."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import types
import typing
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

import pytest

from services.kit.asking import Question
from services.kit.execute import Executor
from services.partner_directory.across import Invitations, answerers
from services.partner_directory.model import Recovery
from services.partner_directory.revoking import Accounts
from tests.rules.sources import SERVICES, handler_files, module_of, module_path

PLAIN = (type(None), bool, int, str, UUID, datetime, date)
GATHERED = (tuple, list, frozenset, Mapping)
REMOTE = (
    "httpx",
    "grpc",
    "nats",
    "keycloak",
    "aiosmtplib",
    "smtplib",
    "socket",
    "services.kit.oidc",
    "services.kit.bus",
)
REMOTE_PARTS = ("users", "subjects", "letters", "sign_in_events", "across", "backends")
"""Modules of ours that speak with others."""


def no_data(annotation: Any) -> list[str]:
    """What of a type has no written form (kit.canonical): functions, services, anything that may change."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        alike = [kind for kind in arguments if dataclasses.is_dataclass(kind)]
        return [fault for kind in arguments for fault in no_data(kind)] + [str(kind) for kind in alike[1:]]
    if origin in GATHERED or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return [fault for kind in arguments if kind is not ... for fault in no_data(kind)]
    if annotation in PLAIN or (isinstance(annotation, type) and issubclass(annotation, Enum)):
        return []
    if dataclasses.is_dataclass(annotation):
        return [fault for kind in typing.get_type_hints(annotation).values() for fault in no_data(kind)]
    return [str(annotation)]


def command_of(handler: object) -> type:
    """The command or query a handler takes."""
    parameters = list(inspect.signature(cast("Callable[..., Any]", handler), eval_str=True).parameters.values())
    return cast("type", parameters[1].annotation)


def type_of(command: type, path: str) -> Any:
    """The type of a field of a command, or of a field of it."""
    for name in path.split("."):
        computed = getattr(command, name, None)
        found = computed.fget if isinstance(computed, property) else command
        command = typing.get_type_hints(found)["return" if found is not command else name]
    return command


@pytest.mark.parametrize("service", SERVICES)
def test_a_command_holds_nothing_but_data(service: str) -> None:
    commands = [command_of(handler) for handler in module_of(service, "policy").POLICY]
    assert commands
    faults = {command.__name__: no_data(command) for command in commands}
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_a_scope_is_a_uuid_of_the_command(service: str) -> None:
    for handler, rule in module_of(service, "policy").POLICY.items():
        if rule.scope:
            assert type_of(command_of(handler), rule.scope) is UUID, handler.__name__


def speaks(source: str) -> set[str]:
    """What a module imports that speaks with others, and what it calls of a command."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names if name.name.split(".")[0] in REMOTE}
            case ast.ImportFrom(module=str(module)):
                remote = module.split(".")[0] in REMOTE or module in REMOTE
                ours = module.startswith("services.") and module.split(".")[-1] in REMOTE_PARTS
                found |= {module} if remote or ours else set()
            case ast.Await(value=ast.Call(func=ast.Attribute(value=value))) if ast.unparse(value).startswith(
                ("command", "query")
            ):
                found.add(ast.unparse(node.value.func))  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_no_handler_speaks_with_another_service(service: str) -> None:
    modules = handler_files(service).values()
    assert modules
    spoken = {module: speaks(module_path(module).read_text()) for module in modules}
    assert {module: found for module, found in spoken.items() if found} == {}


def test_every_question_has_its_answerer() -> None:
    found = answerers(cast("Executor", None), cast("Accounts", None), cast("Invitations", None))
    # By name: a class with slots is made twice.
    asked = {kind.__name__ for kind in Question.__subclasses__() if kind.__module__.startswith("services.")}
    assert {kind.__name__ for kind in found} == asked
    assert len(asked) >= 3
    for question in found:
        assert dataclasses.is_dataclass(question)
        assert no_data(question) == []


def test_the_rules_report() -> None:
    @dataclasses.dataclass
    class Two:
        either: int

    for good in (int, str | None, tuple[UUID, ...], Mapping[str, list[str]], Two):
        assert no_data(good) == [], good
    for bad in (Callable[[str], Awaitable[UUID]], Any, Executor, float, tuple[Callable[[], None], ...],
                dict[str, object], Two | Recovery, type(len)):  # fmt: skip
        assert no_data(bad), bad
    assert speaks("import httpx\nfrom services.partner_directory.users import Users") == {
        "httpx", "services.partner_directory.users",
    }  # fmt: skip
    assert speaks("async def give(work, command):\n    await command.find_person('a')") == {"command.find_person"}
    assert speaks("from services.kit.oidc import OidcClient") == {"services.kit.oidc"}
    assert (
        speaks("from services.kit.execute import Work\nasync def f(work, command):\n    await work.seal('a')") == set()
    )
