"""Errors as an HTTP client sees them: problem documents (RFC 9457).

The trace id stands in the header X-Trace-Id and never in a body, so that two answers that say the same are the same
bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from services.kit.errors import (
    Conflict,
    Denied,
    Invalid,
    NotFound,
    RondetafelError,
    Unauthenticated,
    Unavailable,
)

STATUS: Mapping[type[RondetafelError], int] = {
    Invalid: 400,
    Unauthenticated: 401,
    Denied: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
}
"""One status per kind, the same at every HTTP door."""

SPECIAL_STATUS: Mapping[str, int] = {
    "VersionChanged": 412,
    "EtagWeak": 412,
    "MethodNotAllowed": 405,
    "BodyTooSlow": 408,
    "BodyTooLarge": 413,
    "ContentTypeUnsupported": 415,
    "IfMatchMissing": 428,
    "RequestTooLarge": 413,
    "RequestTooSlow": 408,
    "TargetTooLong": 414,
    "HeadTooLarge": 431,
    "TooManyRequests": 429,
}
"""Codes for which HTTP has a status of its own."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a client sees it. Holds nothing a person typed."""

    status: int
    code: str
    title: str
    field: str | None = None
    expected: str | None = None
    retry_after: int | None = None
    allow: tuple[str, ...] = ()
    """With 405: the methods there are (RFC 9110, section 15.5.6)."""

    def body(self) -> dict[str, str | int]:
        """The members of the problem document."""
        members: dict[str, str | int | None] = {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "field": self.field,
            "expected": self.expected,
            "retry_after": self.retry_after,
        }
        return {name: value for name, value in members.items() if value is not None}

    def response(self) -> Response:
        """The answer that says so."""
        headers = {}
        if self.status == 401:
            headers["www-authenticate"] = 'Bearer realm="rondetafel"'
        if self.allow:
            headers["allow"] = ", ".join(self.allow)
        if self.retry_after is not None:
            headers["retry-after"] = str(self.retry_after)
        if self.status in (408, 413):
            headers["connection"] = "close"
        body = json.dumps(self.body(), separators=(",", ":"))
        return Response(body, self.status, headers, "application/problem+json")


# Who may not know is told the same, whatever the reason: one body for each.
UNAUTHENTICATED = Problem(401, "Unauthenticated", "No valid sign-in came with the request.")
NOT_FOUND = Problem(404, "NotFound", "There is nothing of that name for the caller.")
INTERNAL = Problem(500, "Internal", "Something went wrong here; the header X-Trace-Id names the event.")


def problem_of(error: RondetafelError) -> Problem:
    """The problem of a typed error. Only constants of the code reach the client."""
    kind = next(kind for kind in STATUS if isinstance(error, kind))
    return problem(kind, error.code, title_of(error), error.field, error.expected, error.retry_after)


def problem(
    kind: type[RondetafelError], code: str, title: str, field: str | None, expected: str | None, retry_after: int | None
) -> Problem:
    """The problem of a kind and code, whether the error was raised here or told by another process."""
    if kind is NotFound:
        return NOT_FOUND
    if kind is Unauthenticated:
        return UNAUTHENTICATED
    return Problem(SPECIAL_STATUS.get(code, STATUS[kind]), code, title, field, expected, retry_after)


def title_of(error: RondetafelError) -> str:
    """The sentence of the error's class."""
    return (type(error).__doc__ or error.code).strip()
