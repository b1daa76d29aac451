"""How operations are described: success, errors, headers. The document is complete by construction; a test reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header
from pydantic import BaseModel

from services.kit import errors, fields, http
from services.kit.problems import INTERNAL, NOT_FOUND, STATUS, UNAUTHENTICATED, Problem, problem_of
from services.portal.api.etags import STRONG
from services.portal.api.generated.errors import OPERATIONS
from services.portal.api.schema import ETAGS_PATTERN, KEY_PATTERN, ProblemDocument, Receipt
from services.portal.errors import (
    BodyMalformed,
    CsrfTokenMissing,
    EtagWeak,
    FieldUnknown,
    IdempotencyKeyMissing,
    IfMatchMissing,
)

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", pattern=KEY_PATTERN, openapi_examples={"uuid": {"value": "b1c0e0a2-6f3e-4f57-9b42"}},
        description="The caller's own name for this request, kept 24 hours: a repeat answers the same receipt.",
    ),
]  # fmt: skip
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match", pattern=ETAGS_PATTERN, max_length=400, openapi_examples={"version": {"value": '"3"'}},
        description="The ETag the caller last read, compared exactly: a weak one (`W/`) never matches. Of several the"
        " newest counts; `*` names no version.",
    ),
]  # fmt: skip

_MALFORMED = (
    fields.FieldMalformed(field="page_size", expected="a whole number, at most 50"),
    FieldUnknown(field="colour", expected="no such field"),
)
_EVERY = (errors.RoleMissing(), errors.SecondFactorMissing(), errors.UndertakingMissing(), errors.Unavailable())
_COMMAND = (
    fields.FieldMissing(field="reason", expected="a value"),
    fields.UnknownCode(field="language", expected="one of de, en, fr, nl"),
    fields.TextTooLong(field="reason", expected="at most 8000 characters"),
    fields.DateOutOfRange(field="from", expected="a date from 1900-01-01 on"),
    BodyMalformed(field="body", expected="a JSON object"),
    IdempotencyKeyMissing(field="Idempotency-Key", expected="the caller's own name for this request"),
    CsrfTokenMissing(field="X-CSRF-Token", expected="the token of this session"),
    http.BodyTooSlow(field="body", expected="within 30 seconds"),
    errors.IdempotencyKeyReused(field="Idempotency-Key", expected="a new key for a new request"),
    http.BodyTooLarge(field="body", expected="at most 1048576 bytes"),
    http.ContentTypeUnsupported(field="Content-Type", expected="application/json"),
)
_CHANGE = (
    errors.VersionChanged(field="If-Match", expected="the version last read"),
    EtagWeak(field="If-Match", expected=STRONG),
    IfMatchMissing(field="If-Match", expected="the ETag last read"),
)
_FIXED = (
    UNAUTHENTICATED,
    NOT_FOUND,
    INTERNAL,
    Problem(504, "Unavailable", "A part did not answer in time.", retry_after=2),
)

HEADERS: Mapping[str, str] = {
    "X-Trace-Id": "Names this request in the host's traces and in the log.",
    "ETag": "The version, to be sent as If-Match with the next change.",
    "Location": "Where it is from now on.",
    "Link": "The next page, with rel=next; absent on the last.",
    "Retry-After": "Seconds after which a repeat may succeed.",
    "WWW-Authenticate": "How to sign in.",
}


def reading(verb: str, summary: str, model: type[BaseModel], *, etag: bool = True) -> dict[str, Any]:
    """A query of one thing."""
    return _operation(verb, summary, 200, model, ("ETag",) if etag else (), _EVERY)


def asking(verb: str, summary: str, model: type[BaseModel]) -> dict[str, Any]:
    """A query with a body, because it asks more than an address holds."""
    keyless = [error for error in _COMMAND if error.field != "Idempotency-Key"]
    return _operation(verb, summary, 200, model, (), (*_EVERY, *_MALFORMED, *keyless))


def listing(verb: str, summary: str, model: type[BaseModel]) -> dict[str, Any]:
    """A query of a page."""
    return _operation(verb, summary, 200, model, ("Link",), (*_EVERY, *_MALFORMED))


def creation(verb: str, summary: str, *, changes: bool = False) -> dict[str, Any]:
    """A command that makes something; `changes` when it also changes something that has a version."""
    known = (*_EVERY, *_MALFORMED, *_COMMAND, *(_CHANGE if changes else ()))
    return _operation(verb, summary, 201, Receipt, ("ETag", "Location"), known)


def change(verb: str, summary: str, *, versioned: bool = True) -> dict[str, Any]:
    """A command that changes something; `versioned` when it needs the version that was read."""
    known = (*_EVERY, *_MALFORMED, *_COMMAND, *(_CHANGE if versioned else ()))
    return _operation(verb, summary, 200, Receipt, ("ETag",), known)


def _operation(
    verb: str, summary: str, status: int, model: type[BaseModel], headers: tuple[str, ...],
    known: tuple[errors.RondetafelError, ...],
) -> dict[str, Any]:  # fmt: skip
    problems = [*_FIXED, *map(problem_of, known), *_of_service(verb)]
    responses: dict[int | str, dict[str, Any]] = {
        status: {
            "model": model,
            "description": "Done." if model is Receipt else "Found.",
            "headers": _headers(*headers),
        }
    }
    for code in sorted({problem.status for problem in problems}):
        responses[code] = _refusal(code, [problem for problem in problems if problem.status == code])
    return {
        "operation_id": verb, "summary": summary, "status_code": status, "responses": responses, "response_model": None,
    }  # fmt: skip


def _of_service(verb: str) -> list[Problem]:
    """The refusals that only this operation has."""
    sentences, codes = OPERATIONS.get(verb, ({}, ()))
    return [Problem(STATUS[sentences[code][0]], code, sentences[code][1]) for code in codes]


def _refusal(status: int, problems: list[Problem]) -> dict[str, Any]:
    more = {401: ("WWW-Authenticate",), 503: ("Retry-After",), 504: ("Retry-After",)}.get(status, ())
    return {
        "model": ProblemDocument,
        "description": "Codes: " + ", ".join(sorted({problem.code for problem in problems})) + ".",
        "headers": _headers(*more),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/ProblemDocument"},
                "examples": {problem.code: {"summary": problem.title, "value": problem.body()} for problem in problems},
            }
        },
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"description": HEADERS[name], "schema": {"type": "string"}} for name in ("X-Trace-Id", *names)}
