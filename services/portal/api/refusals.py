"""What FastAPI and the services refuse, as problems: one code per cause, and never the value that was sent."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from services.kit.errors import Invalid, NotFound, RondetafelError
from services.kit.fields import FieldMalformed, FieldMissing, TextTooLong, UnknownCode
from services.kit.problems import INTERNAL, Problem, problem_of
from services.portal.api.etags import STRONG, only_weak
from services.portal.api.schema import MEANING
from services.portal.backends.calls import Refused
from services.portal.errors import (
    BodyMalformed,
    EtagWeak,
    FieldUnknown,
    IdempotencyKeyMissing,
    IfMatchMissing,
    MethodNotAllowed,
)

HEADERS: Mapping[str, RondetafelError] = {
    "idempotency-key": IdempotencyKeyMissing(
        field="Idempotency-Key", expected="the caller's own name for this request"
    ),
    "if-match": IfMatchMissing(field="If-Match", expected="the ETag last read"),
}
EXPECTED: Mapping[str, str] = {
    "string_type": "a text",
    "string_unicode": "a text in Unicode",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "list_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dict_type": "an object",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "value_error": "a moment with its time zone such as 2026-11-24T13:00:00Z",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_PLAIN_NAME = re.compile("[a-z][a-z0-9_]{0,39}")


Render = Callable[[Request, Problem], Awaitable[Response]]


def answer_refusals(app: FastAPI, render: Render) -> None:
    """Make the app answer with problems, rendered for who asks."""

    async def refuse(request: Request, error: Exception) -> Response:
        problem = problem_behind(error)
        if problem.code == "VersionChanged" and only_weak(request.headers.get("if-match", '""')):
            problem = problem_of(EtagWeak(field="If-Match", expected=STRONG))
        if problem.status == 405:
            problem = replace(problem, allow=methods_of(request))
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"allow": ", ".join(problem.allow)})
        return await render(request, problem)

    for kind in (RondetafelError, Refused, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, refuse)


def methods_of(request: Request) -> tuple[str, ...]:
    """The methods this address knows; the framework names those of one route only.

    HEAD is known where GET is (kit/head.py), OPTIONS everywhere: its answer is this list (RFC 9110, 9.3.7).
    """
    routes = request.app.router.routes

    def known(method: str) -> bool:
        asked = "GET" if method == "HEAD" else method
        scope = {**request.scope, "method": asked}
        return method == "OPTIONS" or any(route.matches(scope)[0] is Match.FULL for route in routes)

    return tuple(method for method in METHODS if known(method))


def problem_behind(error: Exception) -> Problem:
    """The problem an exception stands for."""
    match error:
        case Refused():
            return error.problem
        case RondetafelError():
            return problem_of(error)
        case RequestValidationError():
            return problem_of(error_of(error.errors()))
        case HTTPException():
            return _problem_of_http(error.status_code)
    return INTERNAL


def error_of(found: Sequence[Any]) -> RondetafelError:
    """The one error to tell: a malformed address first (nothing has that name), then headers, then the rest."""
    order = ("path", "header", "query", "body")
    first = min(found, key=lambda one: order.index(one["loc"][0]))
    place, *names = first["loc"]
    if place == "path":
        return NotFound()
    if place == "header" and first["type"] == "missing":
        return HEADERS[str(names[0]).lower()]
    if place == "body" and (first["type"] == "json_invalid" or not names):
        return BodyMalformed(field="body", expected="a JSON object")
    return _error_of_field(first["type"], _field_of(names), first.get("ctx", {}))


def _error_of_field(kind: str, field: str, context: Mapping[str, Any]) -> Invalid:
    match kind:
        case "missing":
            return FieldMissing(field=field, expected="a value")
        case "extra_forbidden":
            return FieldUnknown(field=field, expected="no such field")
        case "string_too_short":
            return FieldMissing(field=field, expected=f"at least {context['min_length']} characters")
        # A text that may be left out is measured after it was tidied, as a value of no kind.
        case "string_too_long" | "too_long" if context.get("field_type", "Value") == "Value":
            return TextTooLong(field=field, expected=f"at most {context['max_length']} characters")
        case "literal_error":
            return UnknownCode(field=field, expected="one of " + _listed(context["expected"]))
        case "string_pattern_mismatch":
            return FieldMalformed(
                field=field, expected=MEANING.get(context["pattern"].removesuffix("|^$"), "another form")
            )
    return FieldMalformed(field=field, expected=EXPECTED.get(kind, "another form").format_map(context))


def _listed(expected: object) -> str:
    """Without the empty text, which stands for all where a query asks for one of them."""
    return str(expected).replace("'", "").removesuffix(" or ")


def _field_of(names: Sequence[str | int]) -> str:
    """The path, as in items[0].case_id; a name of the caller's own making is repeated only if it looks like one."""
    path = ""
    for name in names:
        if isinstance(name, int):
            path += f"[{name}]"
        else:
            path += ("." if path else "") + (name if name in _OURS or _PLAIN_NAME.fullmatch(name) else "?")
    return path


_OURS = frozenset({"Idempotency-Key", "If-Match"})


def _problem_of_http(status: int) -> Problem:
    match status:
        case 400:
            return problem_of(BodyMalformed(field="body", expected="a JSON object"))
        case 404:
            return problem_of(NotFound())
        case 405:
            return problem_of(MethodNotAllowed())
    return INTERNAL
