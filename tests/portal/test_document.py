"""The OpenAPI document is complete, true to the app and to the services."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from starlette.routing import Route

from services.kit import errors as kit_errors
from services.portal.api.app import api_app
from services.portal.api.document import refusal_name
from services.portal.web.app import page_app
from tests.portal.backends import FILES
from tests.portal.conftest import Front
from tests.portal.operations import CHANGES, COMMANDS, DOCUMENT, OPERATIONS, QUERIES, schema_of
from tests.rules.sources import handler_files

SERVICES = Path(__file__).parents[2] / "services"
ALWAYS = {"401", "403", "404", "500", "503", "504"}
OF_COMMANDS = {"400", "408", "409", "413", "415"}
NO_DOOR_HERE = {
    "AppointHost", "GetMandates", "ListMunicipalities", "EndSignIn", "GetFactKeys", "GetRevocations", "JudgeSignIn",
    "NoteSignIn", "SortSeats",
}  # fmt: skip
"""Asked by services and by the host's command line."""
LEFT_OUT = {
    "list_signals": {
        f"signals.{name}"
        for name in ("person", "observed", "tried", "reason", "may", "age", "check", "unchecked", "outcome",
                     "exchange", "nobody_answers")
    },
    "list_questions": {
        f"questions.{name}"
        for name in (
            "text", "language", "answer", "answer_language", "prepared", "answers", "signal_id", "may",
        )
    },
    "read_signal": {f"check.{name}" for name in ("person", "age", "may")},
}  # fmt: skip
"""Never filled in a list, or within another answer."""


def response_of(verb: str, status: str) -> dict[str, Any]:
    """A response, its reference followed."""
    response: dict[str, Any] = OPERATIONS[verb].document["responses"][status]
    if "$ref" in response:
        response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return response


def parse_codes(verb: str) -> set[str]:
    """All error codes an operation names."""
    refusals = [status for status in OPERATIONS[verb].document["responses"] if status >= "400"]
    return {
        code
        for status in refusals
        for code in response_of(verb, status)["content"]["application/problem+json"]["examples"]
    }


def test_the_document_is_valid_openapi() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    validate(DOCUMENT)


def test_the_committed_document_is_the_apps() -> None:
    """After a change: make proto"""
    assert api_app().openapi() == DOCUMENT


def test_verbs_are_the_services_own() -> None:
    methods = {
        method.name
        for file in FILES.values()
        for service in file.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }
    assert {verb.title().replace("_", "") for verb in OPERATIONS} == methods - NO_DOOR_HERE


def test_security_covers_every_operation() -> None:
    assert DOCUMENT["security"] == [{"bearer": []}, {"session": []}]
    assert set(DOCUMENT["components"]["securitySchemes"]) == {"bearer", "session"}
    assert all("security" not in operation.document for operation in OPERATIONS.values())


@pytest.mark.parametrize("verb", OPERATIONS)
def test_an_operation_says_what_it_does_and_all_that_can_happen(verb: str) -> None:
    document = OPERATIONS[verb].document
    assert document["summary"]
    assert document["description"]
    assert set(document["responses"]) >= ALWAYS | (OF_COMMANDS if verb in COMMANDS else set())
    status, success = OPERATIONS[verb].success
    assert "X-Trace-Id" in success["headers"]
    assert ("Location" in success["headers"]) == (status == 201)
    assert ("Link" in success["headers"]) == ("cursor" in OPERATIONS[verb].parameters)


@pytest.mark.parametrize("verb", OPERATIONS)
def test_errors_are_problems_with_their_codes(verb: str) -> None:
    for status in OPERATIONS[verb].document["responses"]:
        if status < "400":
            continue
        response = response_of(verb, status)
        ((kind, content),) = response["content"].items()
        assert kind == "application/problem+json"
        for code, example in content["examples"].items():
            assert code in response["description"]
            assert example["value"]["code"] == code
            assert example["value"]["status"] == int(status)
            OAS31Validator(schema_of(content)).validate(example["value"])


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_command_needs_its_key_and_a_change_its_version(verb: str) -> None:
    operation = OPERATIONS[verb]
    assert operation.parameters["Idempotency-Key"]["required"]
    versioned = "expected_version" in operation.rpc.input_type.fields_by_name
    assert (verb in CHANGES) == versioned
    if versioned:
        assert operation.parameters["If-Match"]["required"]
        assert {"412", "428"} <= set(operation.document["responses"])


@pytest.mark.parametrize("verb", QUERIES)
def test_a_query_needs_neither(verb: str) -> None:
    assert not {"Idempotency-Key", "If-Match"} & set(OPERATIONS[verb].parameters)


@pytest.mark.parametrize("verb", OPERATIONS)
def test_examples_are_there_and_valid(verb: str) -> None:
    operation = OPERATIONS[verb]
    contents = [operation.success[1]["content"]["application/json"]]
    if operation.body is not None:
        contents.append(operation.content)
    for content in contents:
        for example in content["examples"].values():
            OAS31Validator(schema_of(content)).validate(example["value"])


@pytest.mark.parametrize("verb", OPERATIONS)
def test_every_field_of_the_services_has_its_place(verb: str) -> None:
    operation = OPERATIONS[verb]
    answered = operation.success[1]["content"]["application/json"]["schema"]
    assert missing_fields(operation.rpc.output_type, answered) == LEFT_OUT.get(verb, set())
    sent = {"schema": {}} if operation.body is None else operation.content
    elsewhere = {f"{name}_id" for name in operation.parameters} | set(operation.parameters) | {"expected_version"}
    assert missing_fields(operation.rpc.input_type, sent["schema"]) - elsewhere == set()


MESSAGES = {message.full_name for file in FILES.values() for message in file.DESCRIPTOR.message_types_by_name.values()}


def missing_fields(message: Descriptor, schema: dict[str, Any], prefix: str = "") -> set[str]:
    """Fields of a message that its schema does not show, nested ones too."""
    for value in schema.get("anyOf", [schema]):
        if "$ref" in value:
            schema = DOCUMENT["components"]["schemas"][value["$ref"].rpartition("/")[2]]
    shown, missing = schema.get("properties", {}), set()
    for field in message.fields:
        if field.name not in shown:
            missing.add(prefix + field.name)
        elif field.message_type and field.message_type.full_name in MESSAGES:
            inner = shown[field.name]
            missing |= missing_fields(field.message_type, inner.get("items", inner), f"{prefix}{field.name}.")
    return missing


def errors_in(module: ModuleType, service: str) -> set[str]:
    """The service's own errors a module speaks of, NotFound aside, which is told the same for all."""
    return {
        name
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, kit_errors.RondetafelError)
        and not issubclass(kind, kit_errors.NotFound)
        and kind.__module__ == f"services.{service}.errors"
    }


@pytest.mark.parametrize("verb", OPERATIONS)
def test_what_its_handler_refuses_is_told(verb: str) -> None:
    service, module = next((service, files[verb]) for service in FILES if verb in (files := handler_files(service)))
    handler = importlib.import_module(module)
    assert errors_in(handler, service) - parse_codes(verb) == set()


@pytest.mark.parametrize("service", FILES)
def test_every_error_of_a_service_is_told_somewhere(service: str) -> None:
    codes = {code for verb in OPERATIONS for code in parse_codes(verb)}
    every = errors_in(importlib.import_module(f"services.{service}.errors"), service)
    assert every - codes == INNER.get(service, set())


INNER = {
    "audit": {"LeafMalformed"},
    "partner_directory": {
        "ForeignDomain",
        "LetterInDoubt",
        "LetterNotTaken",
        "LetterUnderWay",
        "MailServerAway",
        "MemberForHost",
        "SeatTwice",
    },
}
"""Never told at this door: inside the log, by the clock, at a sign-in, at a command line; within an answer."""


def test_refusals_are_named_by_what_they_say() -> None:
    """However many there are: a letter each ran out after 26."""
    names = {refusal_name("409", {"description": f"Codes: Code{number}."}) for number in range(1_000)}
    assert len(names) == 1_000
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names | set(DOCUMENT["components"]["responses"]))
    assert refusal_name("409", {"a": 1, "b": 2}) == refusal_name("409", {"b": 2, "a": 1})


async def test_every_route_is_the_applications_own(front: Front) -> None:
    routes = page_app(front.web).router.routes
    assert len(routes) > 100
    assert [route for route in routes if not isinstance(route, Route)] == []
