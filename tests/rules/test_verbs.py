"""What the proto files say holds: codes, limits and errors are there, and a hand is where it is said."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator

import pytest
from fastapi.routing import APIRoute
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

from rondetafel.kit.v1.options_pb2 import FieldRule, Kind, Verb, field, verb
from services.kit import codes, errors, sheets
from services.portal.api import by_hand
from services.portal.api.answers import ROOT
from services.portal.api.generated.routes import ROUTERS
from tests.rules.sources import DOMAIN, module_of


def methods() -> dict[str, MethodDescriptor]:
    """All RPCs by name."""
    files = [importlib.import_module(f"rondetafel.{service}.v1.{service}_pb2").DESCRIPTOR for service in DOMAIN]
    services = [service for file in files for service in file.services_by_name.values()]
    return {method.name: method for service in services for method in service.methods}


METHODS = methods()


def verb_of(method: MethodDescriptor) -> Verb:
    return method.GetOptions().Extensions[verb]


def rule_of(found: FieldDescriptor) -> FieldRule:
    return found.GetOptions().Extensions[field]


def fields_of(message: Descriptor) -> Iterator[FieldDescriptor]:
    """The fields of a message and of those inside it."""
    for found in message.fields:
        yield found
        if found.message_type is not None and found.message_type.file.package.startswith("rondetafel."):
            yield from fields_of(found.message_type)


def unknown_errors(service: str, named: list[str]) -> list[str]:
    """Codes that neither the service nor kit has, and those that are told as NotFound, like everything unknown."""
    homes = (module_of(service, "errors"), errors, sheets)
    found = {code: next((getattr(home, code) for home in homes if hasattr(home, code)), None) for code in named}
    return [code for code, error in found.items() if error is None or issubclass(error, errors.NotFound)]


def unlimited(rules: list[tuple[str, FieldRule]]) -> list[str]:
    """Texts that are asked for without a limit, or by a list of codes that is not there."""
    no_limit = [name for name, rule in rules if rule.kind in (Kind.TEXT, Kind.NAME) and not rule.longest]
    return no_limit + [name for name, rule in rules if rule.kind == Kind.CODE and rule.codes not in codes.LISTS]


@pytest.mark.parametrize("name", METHODS)
def test_errors_of_a_verb_are_its_services(name: str) -> None:
    service = METHODS[name].containing_service.file.package.split(".")[1]
    assert unknown_errors(service, list(verb_of(METHODS[name]).errors)) == []


@pytest.mark.parametrize("name", METHODS)
def test_every_text_that_is_asked_for_has_its_limit(name: str) -> None:
    asked = fields_of(METHODS[name].input_type)
    texts = [found for found in asked if found.type == FieldDescriptor.TYPE_STRING]
    assert unlimited([(found.full_name, rule_of(found)) for found in texts]) == []


def miscalled(rules: list[tuple[str, FieldRule]]) -> list[str]:
    """Names and addresses that would be read as any text: without a letter, or as another person's."""
    wanted = {"name": Kind.NAME, "email": Kind.EMAIL, "contact": Kind.EMAIL}
    last_words = {path: re.split(r"[._]", path)[-1] for path, _ in rules}
    # A telephone number or a desk, in the cell's own words.
    asked = [(path, rule) for path, rule in rules if not path.endswith("danger_contact")]
    return [path for path, rule in asked if rule.kind != wanted.get(last_words[path], rule.kind)]


@pytest.mark.parametrize("name", METHODS)
def test_what_is_asked_for_as_a_name_or_an_address_is_read_as_one(name: str) -> None:
    asked = fields_of(METHODS[name].input_type)
    assert miscalled([(found.full_name, rule_of(found)) for found in asked]) == []


@pytest.mark.parametrize("name", METHODS)
def test_lists_of_codes_in_answers_are_there(name: str) -> None:
    rules = [(found.full_name, rule_of(found)) for found in fields_of(METHODS[name].output_type)]
    assert unlimited([(named, rule) for named, rule in rules if rule.kind == Kind.CODE]) == []


def test_a_hand_is_where_it_is_said() -> None:
    """Every verb with a path has one route: made, or by hand where its options say so."""
    said = {name for name, method in METHODS.items() if verb_of(method).by_hand}
    paths = {name for name, method in METHODS.items() if verb_of(method).WhichOneof("http")}
    assert sorted(routes_of(by_hand.router.routes)) == sorted(said)
    assert sorted(routes_of(route for router in ROUTERS for route in router.routes)) == sorted(paths - said)


def test_what_is_by_hand_is_met_where_the_proto_says() -> None:
    routes = routes_of(by_hand.router.routes)
    for name, route in routes.items():
        said = verb_of(METHODS[name])
        assert route.path == ROOT + (said.get or said.post), name
        assert route.methods == {"GET" if said.get else "POST"}, name
        assert route.summary == said.summary, name
    assert routes


def routes_of(routes: Iterable[object]) -> dict[str, APIRoute]:
    """Routes by the name of their method; two of one name are one too many."""
    found = [route for route in routes if isinstance(route, APIRoute)]
    named = {route.name.title().replace("_", ""): route for route in found}
    assert len(named) == len(found)
    return named


def test_the_searches_report() -> None:
    assert unknown_errors("case", ["CaseStateForbids", "VersionChanged", "CaseNotFound", "Moonless"]) == [
        "CaseNotFound",
        "Moonless",
    ]
    names = [("a.given_name", FieldRule(longest=5)), ("a.name", FieldRule(kind=Kind.NAME)), ("b.contact", FieldRule())]
    assert miscalled([*names, ("b.renamed", FieldRule()), ("b.email", FieldRule(kind=Kind.EMAIL))]) == [
        "a.given_name",
        "b.contact",
    ]
    known = [("a", FieldRule(longest=5)), ("b", FieldRule(kind=Kind.CODE, codes="Places"))]
    known.append(("c", FieldRule(kind=Kind.DAY)))
    wrong = [("d", FieldRule(required=True)), ("e", FieldRule(kind=Kind.CODE, codes="Moons"))]
    assert unlimited(known + wrong) == ["d", "e"]
