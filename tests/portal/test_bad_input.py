"""Bad input is refused here, before any service is asked: stable code, field, what would be right; never the value."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.kit.http import BodyLimit, BodyTooSlow
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.keycloak import body_of
from tests.portal.operations import CHANGES, COMMANDS, OPERATIONS, QUERIES, SOME_ID

MARK = "Zwaluwnest"
SIGNAL: dict[str, Any] = OPERATIONS["enter_signal"].body or {}


def changed(path: str, value: object) -> dict[str, Any]:
    """The example signal with one field changed; `...` drops it."""
    body: dict[str, Any] = copy.deepcopy(SIGNAL)
    *parents, last = path.split(".")
    place: dict[str, Any] = body
    for name in parents:
        place = place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return body


PARTIAL = "a year, month or day such as 2009, 2009-03 or 2009-03-12"
BAD = [
    ("nis_code", 24001, "FieldMalformed", "a text"),
    ("nis_code", MARK, "FieldMalformed", "a NIS code of five digits"),
    ("nis_code", None, "FieldMalformed", "a text"),
    ("urgent", "yes", "FieldMalformed", "true or false"),
    ("urgent", 1, "FieldMalformed", "true or false"),
    ("minor", "yes", "FieldMalformed", "true or false"),
    ("person", MARK, "FieldMalformed", "an object"),
    ("person", [], "FieldMalformed", "an object"),
    ("person.given_name", MARK * 21, "TextTooLong", "at most 200 characters"),
    ("person.given_name", [MARK], "FieldMalformed", "a text"),
    ("person.birth_date", "02/04/2010", "FieldMalformed", PARTIAL),
    ("person.birth_date", "03/2009", "FieldMalformed", PARTIAL),
    ("person.estimated_age", 16, "FieldMalformed", "an object"),
    ("person.birth_date", 1270166400, "FieldMalformed", "a text"),
    ("person.religion", MARK, "FieldUnknown", "no such field"),
    ("colour", MARK, "FieldUnknown", "no such field"),
    ("observed", "", "FieldMissing", "at least 1 characters"),
    ("observed", MARK * 801, "TextTooLong", "at most 8000 characters"),
    ("observed", "\ud800", "FieldMalformed", "a text in Unicode"),
    ("language", MARK, "UnknownCode", "one of nl, fr, de or en"),
]


@pytest.mark.parametrize(("path", "value", "code", "expected"), BAD)
async def test_a_bad_field_is_named(
    front: Front, backends: Backends, path: str, value: object, code: str, expected: str
) -> None:
    assert (await front.post("/signals", SIGNAL)).status_code == 201
    backends.forget()
    body = json.dumps(changed(path, value)).encode()
    headers = {**front.bearer(), "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await front.client.post(f"/api/v1/cells/{front.cell}/signals", content=body, headers=headers)
    problem = body_of(answer)
    assert (answer.status_code, problem["code"], problem["field"]) == (400, code, path)
    assert problem["expected"] == expected
    assert problem["type"] == f"/problems/{code}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert MARK not in answer.text
    assert backends.calls == []


async def test_sizes_count_what_is_left_of_a_text(front: Front, backends: Backends) -> None:
    pasted = f"\ufeff{'a' * 3_999}\r\n{'b' * 4_000}\r\n \u200b"
    assert (await front.post("/signals", changed("observed", pasted))).status_code == 201
    assert backends.last.request.observed == f"{'a' * 3_999}\n{'b' * 4_000}"
    longer = await front.post("/signals", changed("observed", f"{pasted}c"))
    assert body_of(longer)["code"] == "TextTooLong"


async def test_a_field_name_of_the_callers_own_making_is_not_repeated(front: Front) -> None:
    answer = await front.post("/signals", SIGNAL | {f"{MARK} <b>": 1})
    assert body_of(answer)["code"] == "FieldUnknown"
    assert MARK not in answer.text


@pytest.mark.parametrize(
    ("moment", "good"),
    [
        ("2026-12-01T13:00:00Z", True),
        ("2026-12-01T14:00:00.5+01:00", True),
        ("2026-12-01T13:00:00", False),
        ("2026-13-45T13:00:00Z", False),
        ("0001-01-01T00:00:00+10:00", False),
        (1764594000, False),
        ("tomorrow", False),
    ],
)
async def test_moments_need_their_time_zone(front: Front, moment: object, good: bool) -> None:
    body = (OPERATIONS["plan_session"].body or {}) | {"starts_at": moment}
    answer = await front.post("/sessions", body)
    if good:
        assert answer.status_code == 201
    else:
        assert (body_of(answer)["code"], body_of(answer)["field"]) == ("FieldMalformed", "starts_at")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b'"text"', b"\xff\xfe", b"[" * 100_000, b"null"])
async def test_what_is_no_json_object_is_refused(front: Front, backends: Backends, body: bytes) -> None:
    headers = {**front.bearer(), "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await front.client.post(f"/api/v1/cells/{front.cell}/signals", content=body, headers=headers)
    assert (answer.status_code, body_of(answer)["code"]) == (400, "BodyMalformed")
    assert backends.calls == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", None])
async def test_another_content_type_is_refused(front: Front, kind: str | None) -> None:
    headers = {**front.bearer(), "Idempotency-Key": "k"}
    if kind is not None:
        headers["Content-Type"] = kind
    body = json.dumps(SIGNAL).encode()
    answer = await front.client.post(f"/api/v1/cells/{front.cell}/signals", content=body, headers=headers)
    assert (answer.status_code, body_of(answer)["code"]) == (415, "ContentTypeUnsupported")


async def test_a_charset_is_welcome(front: Front) -> None:
    headers = {**front.bearer(), "Idempotency-Key": "k", "Content-Type": "Application/JSON; charset=utf-8"}
    body = json.dumps(SIGNAL).encode()
    answer = await front.client.post(f"/api/v1/cells/{front.cell}/signals", content=body, headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("announced", [True, False])
async def test_a_large_body_is_refused_before_it_is_read(front: Front, backends: Backends, announced: bool) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b" " * 65_536

    headers = {**front.bearer(), "Idempotency-Key": "k", "Content-Type": "application/json"}
    if announced:
        headers["Content-Length"] = str(64 * 65_536)
    answer = await front.client.post(f"/api/v1/cells/{front.cell}/signals", content=chunks(), headers=headers)
    assert (answer.status_code, body_of(answer)["code"]) == (413, "BodyTooLarge")
    assert sent <= 17
    assert backends.calls == []


@pytest.mark.parametrize("verb", COMMANDS)
async def test_a_command_without_its_key_is_refused(front: Front, backends: Backends, verb: str) -> None:
    operation = OPERATIONS[verb]
    for key in (None, "", "with space", "k" * 129):
        headers = {**front.bearer(), "If-Match": '"3"'} | ({} if key is None else {"Idempotency-Key": key})
        answer = await front.client.post(operation.address(front.cell), json=operation.body, headers=headers)
        code = "IdempotencyKeyMissing" if key is None else "FieldMalformed"
        assert (answer.status_code, body_of(answer)["code"]) == (400, code)
        assert body_of(answer)["field"] == "Idempotency-Key"
    assert backends.calls == []


@pytest.mark.parametrize("verb", CHANGES)
async def test_a_change_without_its_version_is_refused(front: Front, backends: Backends, verb: str) -> None:
    operation = OPERATIONS[verb]
    for version, status in ((None, 428), ("*", 428), ("3", 400), ("", 400), ('w/"3"', 400), ('"3" "4"', 400)):
        headers = {**front.bearer(), "Idempotency-Key": "k"} | ({} if version is None else {"If-Match": version})
        answer = await front.client.post(operation.address(front.cell), json=operation.body, headers=headers)
        assert answer.status_code == status
        assert body_of(answer)["field"] == "If-Match"
    assert backends.calls == []


@pytest.mark.parametrize("verb", [query for query in QUERIES if "cursor" in OPERATIONS[query].parameters])
async def test_pages_have_bounds(front: Front, backends: Backends, verb: str) -> None:
    address = OPERATIONS[verb].address(front.cell)
    for query, field in (
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "51"}, "page_size"),
        ({"page_size": MARK}, "page_size"),
        ({"cursor": MARK * 50}, "cursor"),
        ({"colour": MARK}, "colour"),
    ):
        answer = await front.client.get(address, params=query, headers=front.bearer())
        assert (answer.status_code, body_of(answer)["field"]) == (400, field)
        assert MARK not in answer.text
    assert backends.calls == []


@pytest.mark.parametrize(("path", "field", "code"), [("/cases", "state", "LISTED"), ("/audit", "verb", "consult")])
async def test_a_filter_knows_its_codes(front: Front, backends: Backends, path: str, field: str, code: str) -> None:
    """The empty one stands for all and is none of those that are named."""
    for good in (code, ""):
        assert (await front.get(path, params={field: good})).status_code == 200
    backends.forget()
    problem = body_of(await front.get(path, params={field: MARK}))
    assert (problem["code"], problem["field"]) == ("UnknownCode", field)
    assert code in problem["expected"]
    assert not problem["expected"].endswith("or ")
    assert backends.calls == []


@pytest.mark.parametrize(
    ("verb", "field", "empty"),
    [("create_cell", "name", ""), ("create_cell", "contact", None), ("create_cell", "brand_colour", None)]
    + [("propose_case", "best_interest", empty) for empty in ("", None)],
)
async def test_what_is_not_required_may_be_absent_null_or_empty(
    front: Front, backends: Backends, verb: str, field: str, empty: str | None
) -> None:
    operation = OPERATIONS[verb]
    headers = {**front.bearer(), "Idempotency-Key": "k", "If-Match": '"3"'}
    without = {name: value for name, value in (operation.body or {}).items() if name != field}
    for body in (without, without | {field: empty}):
        answer = await front.client.post(operation.address(front.cell), json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        assert getattr(backends.last.request, field) == ""


@pytest.mark.parametrize(
    "path", ["/signals/x", f"/signals/{SOME_ID}x", "/cases/..%2f", "/nothing", f"/signals/{SOME_ID}/"]
)
async def test_an_address_that_names_nothing_is_absent(front: Front, backends: Backends, path: str) -> None:
    answer = await front.get(path)
    assert answer.status_code == 404
    assert body_of(answer) == {
        "type": "/problems/NotFound",
        "title": "There is nothing of that name for the caller.",
        "status": 404,
        "code": "NotFound",
    }
    assert backends.calls == []


async def test_a_cell_that_is_no_id_is_absent(front: Front, backends: Backends) -> None:
    answer = await front.client.get("/api/v1/cells/24001/cases", headers=front.bearer())
    assert (answer.status_code, body_of(answer)["code"]) == (404, "NotFound")
    assert backends.calls == []


async def test_another_method_is_refused(front: Front) -> None:
    answer = await front.client.delete(f"/api/v1/cells/{front.cell}/cases", headers=front.bearer())
    assert (answer.status_code, body_of(answer)["code"]) == (405, "MethodNotAllowed")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


async def test_every_other_method_is_told_all_that_there_are(front: Front) -> None:
    """RFC 9110, section 15.5.6: over the API and the pages, also where each method is a route of its own."""
    cell = f"/cells/{front.cell}"
    for path, allowed in (
        (f"/api/v1{cell}/signals", "GET, HEAD, POST, OPTIONS"),
        (f"{cell}/signals/new", "GET, HEAD, POST, OPTIONS"),
        ("/signout", "POST, OPTIONS"),
        ("/help", "GET, HEAD, OPTIONS"),
    ):
        answer = await front.client.put(path, headers=front.bearer())
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed), path
        asked = await front.client.options(path, headers=front.bearer())
        assert (asked.status_code, asked.headers["allow"], asked.content) == (204, allowed, b""), path


async def test_what_can_be_done_at_an_address_is_told_of_addresses_alone(front: Front) -> None:
    """Where nothing is, and before the sign-in, OPTIONS is answered as everything else is."""
    api, bearer = f"/api/v1/cells/{front.cell}", front.bearer()
    assert (await front.client.options(f"{api}/cases", headers=bearer)).status_code == 204
    assert (await front.client.options("/elsewhere")).status_code == 404
    assert (await front.client.options(f"{api}/nothing", headers=bearer)).status_code == 404
    assert (await front.client.options(f"{api}/cases")).status_code == 401


async def test_a_body_that_does_not_arrive_is_not_waited_for() -> None:
    never = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await never.wait()
        return {}

    async def send(message: object) -> None:
        """Nothing is answered here."""

    async def app(*_: object) -> None:
        raise AssertionError("the body did not arrive")

    guard = BodyLimit(app, seconds=0.01)
    with pytest.raises(BodyTooSlow):
        await guard({"type": "http", "method": "POST", "headers": []}, receive, send)
