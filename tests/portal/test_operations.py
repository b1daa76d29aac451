"""Every operation, with its own example: JSON to message and back, headers, one call per request."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message_factory import GetMessageClass
from openapi_schema_validator import OAS31Validator
from prometheus_client import REGISTRY

from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from tests.portal.backends import RECEIPT, Backends
from tests.portal.conftest import Front
from tests.portal.keycloak import body_of
from tests.portal.operations import CHANGES, COMMANDS, OPERATIONS, QUERIES, SOME_ID, schema_of


def within(small: Any, large: Any) -> bool:
    """Whether everything of the small one stands in the large one; what is null or empty may be left out."""
    if isinstance(small, dict):
        return all(within(part, large.get(name)) for name, part in small.items() if part not in (None, "", [], False))
    if isinstance(small, list):
        return len(small) == len(large) and all(map(within, small, large))
    # 64-bit integers are texts in protobuf's JSON.
    return str(small) == str(large)


@pytest.mark.parametrize("verb", COMMANDS)
async def test_a_command_arrives_whole_and_answers_its_receipt(front: Front, backends: Backends, verb: str) -> None:
    operation = OPERATIONS[verb]
    headers = {**front.bearer(), "Idempotency-Key": "my-key", "If-Match": '"3"'}
    answer = await front.client.post(operation.address(front.cell), json=operation.body, headers=headers)
    status, success = operation.success
    assert answer.status_code == status, answer.text
    assert body_of(answer) == {"id": RECEIPT.id, "state": RECEIPT.state, "version": RECEIPT.version}
    assert answer.headers["etag"] == '"7"'
    assert ("location" in answer.headers) == (status == 201)
    OAS31Validator(schema_of(success["content"]["application/json"])).validate(body_of(answer))
    assert [call.method for call in backends.calls] == [operation.rpc.name]
    arrived = MessageToDict(backends.last.request, preserving_proto_field_name=True)
    assert within(operation.body or {}, arrived)
    assert all(str(SOME_ID) in arrived.values() for name in operation.parameters if name not in ("cell", *HEADERS))
    assert (arrived.get("expected_version") == "3") == (verb in CHANGES)


HEADERS = ("Idempotency-Key", "If-Match")


@pytest.mark.parametrize("verb", QUERIES)
async def test_a_query_answers_what_the_service_said(front: Front, backends: Backends, verb: str) -> None:
    operation = OPERATIONS[verb]
    content = operation.success[1]["content"]["application/json"]
    example = content["examples"]["example"]["value"]
    backends.answers[operation.rpc.name] = ParseDict(example, GetMessageClass(operation.rpc.output_type)())
    backends.verbatim = True
    headers, body = front.bearer(), operation.body
    answer = await front.client.request(operation.method, operation.address(front.cell), json=body, headers=headers)
    assert answer.status_code == 200
    assert within(example, body_of(answer))
    OAS31Validator(schema_of(content)).validate(body_of(answer))
    assert [call.method for call in backends.calls] == [operation.rpc.name]


@pytest.mark.parametrize("verb", OPERATIONS)
async def test_token_cell_and_key_of_the_caller_travel_along(front: Front, backends: Backends, verb: str) -> None:
    operation = OPERATIONS[verb]
    headers = {**front.bearer(), "Idempotency-Key": "my-key", "If-Match": '"3"'}
    await front.client.request(operation.method, operation.address(front.cell), json=operation.body, headers=headers)
    metadata = backends.last.metadata
    assert metadata["authorization"] == f"Bearer {front.keycloak.given}"
    assert metadata["authorization"] != headers["Authorization"]
    assert metadata["rondetafel-cell"] == str(front.cell if "{cell}" in operation.path else PLATFORM)
    assert metadata.get("idempotency-key") == ("my-key" if verb in COMMANDS else None)


async def test_a_new_thing_says_where_it_is(front: Front, backends: Backends) -> None:
    answer = await front.post("/signals", OPERATIONS["enter_signal"].body)
    assert answer.headers["location"] == f"/api/v1/cells/{front.cell}/signals/{RECEIPT.id}"


async def test_a_single_thing_has_its_etag(front: Front, backends: Backends) -> None:
    content = OPERATIONS["read_case"].success[1]["content"]["application/json"]
    rpc = OPERATIONS["read_case"].rpc
    backends.answers[rpc.name] = ParseDict(content["examples"]["example"]["value"], GetMessageClass(rpc.output_type)())
    answer = await front.get(f"/cases/{SOME_ID}")
    assert answer.headers["etag"] == '"2"'


async def test_a_list_names_its_next_page(front: Front, backends: Backends) -> None:
    rpc = OPERATIONS["list_cases"].rpc
    backends.answers[rpc.name] = GetMessageClass(rpc.output_type)(next_cursor="c2")
    answer = await front.get("/cases", params={"page_size": "5", "state": "LISTED", "cursor": "c1"})
    path = f"/api/v1/cells/{front.cell}/cases"
    assert answer.headers["link"] == f'<{path}?page_size=5&state=LISTED&cursor=c2>; rel="next"'
    assert body_of(answer)["next_cursor"] == "c2"
    asked = backends.last.request
    assert (asked.page_size, asked.state, asked.cursor) == (5, "LISTED", "c1")


async def test_the_last_page_names_none(front: Front, backends: Backends) -> None:
    answer = await front.get("/cases")
    assert "link" not in answer.headers
    assert body_of(answer) == {"cases": [], "next_cursor": "", "everyones": False}


async def test_the_log_is_filtered_by_moments(front: Front, backends: Backends) -> None:
    await front.get("/audit", params={"from": "2026-11-24T10:00:00+01:00", "verb": "consult", "actor_id": str(SOME_ID)})
    asked = MessageToDict(backends.last.request, preserving_proto_field_name=True)
    assert asked == {"from": "2026-11-24T09:00:00Z", "verb": "consult", "actor_id": str(SOME_ID), "page_size": 20}


async def test_the_document_is_served_to_everybody(front: Front) -> None:
    answer = await front.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert body_of(answer)["info"]["title"] == "Rondetafel"


@pytest.mark.parametrize("verb", OPERATIONS)
async def test_requests_are_counted_by_route(front: Front, backends: Backends, verb: str) -> None:
    operation = OPERATIONS[verb]
    labels = {"method": operation.method.upper(), "route": operation.path, "status": "404"}
    backends.answers[operation.rpc.name] = NotFound()
    before = REGISTRY.get_sample_value("rondetafel_http_requests_total", labels) or 0
    headers = {**front.bearer(), "Idempotency-Key": "k", "If-Match": '"3"'}
    await front.client.request(operation.method, operation.address(front.cell), json=operation.body, headers=headers)
    assert REGISTRY.get_sample_value("rondetafel_http_requests_total", labels) == before + 1
