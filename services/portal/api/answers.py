"""Answers with the headers that belong to them."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request, Response

from rondetafel.kit.v1 import kit_pb2
from services.portal.api.etags import etag
from services.portal.api.etags import version_of as version_of
from services.portal.api.schema import Receipt, View

ROOT = "/api/v1"
JSON = "application/json"


def created(receipt: kit_pb2.Receipt, location: str) -> Response:
    """201 with where it is from now on."""
    return _receipt(receipt, 201, {"location": location})


def changed(receipt: kit_pb2.Receipt) -> Response:
    """200 with the new version."""
    return _receipt(receipt, 200, {})


def one(view: View, version: int | None = None) -> Response:
    """A single thing, with its ETag if it has a version."""
    return Response(view.json_bytes(), 200, _versioned(version) if version else {}, JSON)


def page(view: View, next_cursor: str, request: Request) -> Response:
    """A page of a list; the Link header names the next one."""
    headers = {}
    if next_cursor:
        query = urlencode({**request.query_params, "cursor": next_cursor})
        headers["link"] = f'<{request.url.path}?{query}>; rel="next"'
    return Response(view.json_bytes(), 200, headers, JSON)


def _receipt(receipt: kit_pb2.Receipt, status: int, headers: dict[str, str]) -> Response:
    view = Receipt.model_validate(receipt)
    return Response(view.json_bytes(), status, {**_versioned(receipt.version), **headers}, JSON)


def _versioned(version: int) -> dict[str, str]:
    """The ETag, and the word to proxies not to pack the answer (RFC 9111, 5.2.2.6): that would weaken or change it."""
    return {"etag": etag(version), "cache-control": "no-store, no-transform"}
