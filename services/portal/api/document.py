"""The OpenAPI document: what FastAPI knows, made complete."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

SUMMARY = "The confidential round table of Belgian municipalities"
DESCRIPTION = """
Every address of a cell answers only who holds a mandate in it. What is forbidden and what does not exist are answered
alike. Every command needs an Idempotency-Key; a change of something that has a version needs If-Match with the ETag
last read. Lists come in pages: follow the Link header, or pass `next_cursor` as `cursor`. Errors are
problem documents (RFC 9457) with a stable `code`; the header X-Trace-Id of every answer names the event. Every read and
every command is recorded in the log of the cell.
"""
SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of the sign-in service whose audience contains `portal`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-rondetafel",
        "description": (
            "The session of a browser, made by GET /signin. Commands also need the header X-CSRF-Token with the token"
            " that GET /api/v1/me answers in the header of that name."
        ),
    },
}


def document_of(app: FastAPI) -> dict[str, Any]:
    """The document of the app's API routes."""
    document = get_openapi(
        title="Rondetafel", version="1", summary=SUMMARY, description=DESCRIPTION.strip(), routes=app.routes,
        openapi_version="3.1.0", servers=[{"url": "/", "description": "This installation."}],
    )  # fmt: skip
    document["components"]["securitySchemes"] = SECURITY
    document["security"] = [{"bearer": []}, {"session": []}]
    schemas = document["components"]["schemas"]
    for operation in operations_of(document):
        operation["responses"].pop("422", None)
        for content in _contents(operation):
            _show_example(content, schemas)
    document["components"]["responses"] = _share_refusals(document)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def operations_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All operations of a document."""
    for item in document["paths"].values():
        yield from item.values()


def _contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is sent and answered as JSON. Errors are problem documents only."""
    if "requestBody" in operation:
        yield from operation["requestBody"]["content"].values()
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            response["content"].pop("application/json", None)
        else:
            yield from response["content"].values()


def _show_example(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    """The model's own example, where tools look for it."""
    references = [part.get("$ref", "") for part in (content["schema"], *content["schema"].get("anyOf", ()))]
    name = next(reference for reference in references if reference).rpartition("/")[2]
    content["examples"] = {"example": {"value": schemas[name]["examples"][0]}}


def _share_refusals(document: dict[str, Any]) -> dict[str, Any]:
    """Errors that several operations have are written once."""
    shared: dict[str, Any] = {}
    for operation in operations_of(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                name = refusal_name(status, response)
                shared[name] = response
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return shared


def refusal_name(status: str, response: dict[str, Any]) -> str:
    """By the digest of what it says: the same refusal has the same name, however many others there are."""
    said = json.dumps(response, sort_keys=True, ensure_ascii=False).encode()
    return f"Refused{status}_{hashlib.sha256(said).hexdigest()[:12]}"
