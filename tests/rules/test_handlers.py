"""Handlers, policy lines, RPCs and audit verbs are the same set (architecture.md, rules 6 and 7)."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re

import pytest

from services.kit.policy import Rule, Verb
from tests.rules.sources import DOMAIN, SERVICES, handlers_of, module_of

UNRECORDED = {
    "claim_refresh",
    "find_session",
    "get_fact_keys",
    "keep_session",
    "merge_records",
    "read_applied_facts",
    "read_fact_version",
    "read_known_cells",
    "read_revocations",
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


@pytest.mark.parametrize("service", DOMAIN)
def test_every_rpc_has_its_handler_and_its_peers(service: str) -> None:
    pb = importlib.import_module(f"rondetafel.{service}.v1.{service}_pb2")
    (descriptor,) = pb.DESCRIPTOR.services_by_name.values()
    methods = {method.name for method in descriptor.methods}
    assert {words(method) for method in methods} <= set(handlers_of(service))
    assert set(module_of(service, "rpc").PEERS) == methods
