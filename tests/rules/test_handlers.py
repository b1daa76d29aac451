"""Handlers, policy lines, RPCs and audit verbs are the same set (docs/architecture.md, What the build enforces)."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
from typing import Any

import pytest

from services.kit.clock import utc_now
from services.kit.identity import Revocations
from services.kit.methods import Served, expect_all_served, peers_of
from services.kit.policy import DatabaseRole, Rule, Verb
from services.kit.revocations import subscribe_to_revocations
from services.kit.shapes import Unfitting
from tests.rules.sources import (
    DOMAIN,
    ROOT,
    SERVICES,
    functions_of,
    handler_files,
    handlers_of,
    module_of,
    module_path,
)

UNRECORDED = {
    "claim_invitation",
    "claim_letter",
    "claim_posting",
    "claim_refresh",
    "find_due",
    "find_sign_in",
    "get_fact_keys",
    "get_revocations",
    "keep_sign_in",
    "list_announcements",
    "merge_records",
    "note_sign_in",
    "postpone_term",
    "read_applied_facts",
    "read_event_position",
    "read_fact_version",
    "read_keyed_cells",
    "read_known_cells",
    "read_revocations",
    "release_posting",
    "tidy_kept",
    "tidy_terms",
    "try_code",
}
"""Housekeeping without personal data. Everything else is recorded; add to this list with a reason in its docstring."""


def words(name: str) -> str:
    """VerbNoun as verb_noun."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize("service", SERVICES)
def test_each_file_holds_its_handler(service: str) -> None:
    for name, handler in handlers_of(service).items():
        assert inspect.iscoroutinefunction(handler), f"{service}: {name}.py has no async def {name}"
        second = list(inspect.signature(handler, eval_str=True).parameters.values())[1].annotation
        assert isinstance(second, type), f"{service}: {name} takes no command"
        assert dataclasses.is_dataclass(second), f"{service}: {name} takes no command dataclass"
        assert words(second.__name__) == name, f"{service}: {name} takes {second.__name__}"
        assert vars(second)["__dataclass_params__"].frozen, f"{service}: {second.__name__} is not frozen"


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_are_the_policy(service: str) -> None:
    policy = module_of(service, "policy").POLICY
    own = {name for name, rule in ((key.__name__, rule) for key, rule in policy.items())}
    kit = {key.__name__ for key in policy if key.__module__.startswith("services.kit")}
    assert own - kit == set(handlers_of(service))


@pytest.mark.parametrize("service", SERVICES)
def test_every_rule_grants_somebody_and_names_its_verb(service: str) -> None:
    for handler, rule in module_of(service, "policy").POLICY.items():
        assert isinstance(rule, Rule)
        assert isinstance(rule.verb, Verb)
        assert rule.roles or rule.host or rule.systems or rule.signed_in, handler.__name__
        assert rule.recorded or handler.__name__ in UNRECORDED, f"{handler.__name__} is not recorded"


@pytest.mark.parametrize("service", SERVICES)
def test_a_query_of_more_than_the_frame_says_what_was_read(service: str) -> None:
    """What the reader may see differs, so the rule's list is no record of it (invariant 16)."""
    handlers = handlers_of(service)
    for handler, rule in module_of(service, "policy").POLICY.items():
        if rule.verb is Verb.CONSULT and handler.__name__ in handlers and {"identity", "content"} & set(rule.fields):
            source = inspect.getsource(handler)
            assert "work.trail.fields = " in source, f"{service}: {handler.__name__} records {rule.fields} always"


def served_by(service: str) -> tuple[Served, ...]:
    """The methods of a service; what they need of others is not called here."""
    rpc: Any = module_of(service, "rpc")
    methods: tuple[Served, ...] = rpc.SERVED if hasattr(rpc, "SERVED") else rpc.served(None)
    return methods


@pytest.mark.parametrize("service", DOMAIN)
def test_every_rpc_has_its_handler_and_its_peers(service: str) -> None:
    pb = importlib.import_module(f"rondetafel.{service}.v1.{service}_pb2")
    services = pb.DESCRIPTOR.services_by_name.values()
    methods = {method.name for service in services for method in service.methods}
    assert {words(method) for method in methods} <= set(handlers_of(service))
    assert set(peers_of(pb.DESCRIPTOR)) == methods
    expect_all_served(pb.DESCRIPTOR, served_by(service))
    with pytest.raises(Unfitting):
        expect_all_served(pb.DESCRIPTOR, served_by(service)[1:])


def heard_by(service: str) -> set[str]:
    """The handlers of what a service hears, mandates and ended sign-ins too."""
    consumers = ROOT / "services" / service / "consumers.py"
    hears = dict(module_of(service, "consumers").SUBSCRIPTIONS) if consumers.exists() else {}
    if service != "partner_directory":
        hears |= subscribe_to_revocations(Revocations(clock=utc_now))
    return {hear.handler.__name__ for hear in hears.values()}


def destroying(source: str) -> set[str]:
    """The functions that destroy keys: they call `destroy` of a ring."""
    return {
        function.name
        for function in functions_of(ast.parse(source))
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "destroy"
    }


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_heard_is_written_as_hearing_and_nobody_else_is_the_consumer(service: str) -> None:
    policy = module_of(service, "policy").POLICY
    hearing = {key.__name__ for key, rule in policy.items() if rule.database_role is DatabaseRole.HEARING}
    assert heard_by(service) <= hearing
    consumers = {key.__name__ for key, rule in policy.items() if rule.systems == {f"{service}.consumer"}}
    assert consumers
    assert consumers <= hearing
    assert not {key.__name__ for key, rule in policy.items() if rule.roles or rule.host or rule.signed_in} & hearing


@pytest.mark.parametrize("service", SERVICES)
def test_keys_are_destroyed_as_erasing(service: str) -> None:
    policy = module_of(service, "policy").POLICY
    erasing = {key.__name__ for key, rule in policy.items() if rule.database_role is DatabaseRole.ERASING}
    found = set()
    for name, module in handler_files(service).items():
        found |= {name} if destroying(module_path(module).read_text()) else set()
    assert found <= erasing
    assert service != "portal" or {"drop_draft", "expire_draft"} <= found


def test_the_rotation_works_as_keys_and_nothing_else_does() -> None:
    for service in SERVICES:
        for handler, rule in module_of(service, "policy").POLICY.items():
            rotating = rule.systems == {f"{service}.rotation"}
            assert (rule.database_role is DatabaseRole.KEYS) is rotating, handler.__name__
            assert not rotating or not (rule.roles or rule.host or rule.signed_in), handler.__name__
