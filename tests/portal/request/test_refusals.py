"""What services refuse, and who has no sign-in: mapped once, nothing inner leaves."""

from __future__ import annotations

import grpc
import httpx
import pytest

from services.kit.errors import (
    CellNotFound,
    Conflict,
    Denied,
    IdempotencyKeyReused,
    Invalid,
    NotFound,
    RoleMissing,
    RondetafelError,
    SecondFactorMissing,
    Unauthenticated,
    Unavailable,
    UndertakingMissing,
    VersionChanged,
)
from services.kit.fields import DateOutOfRange
from services.kit.problems import STATUS
from services.kit.rpc import STATUS as GRPC_STATUS
from services.kit.rpc import PeerRefused
from services.portal.backends.calls import Services
from tests.kit.issuer import claims, signed, unsigned
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.keycloak import body_of
from tests.portal.operations import OPERATIONS, SOME_ID


class CaseStrange(NotFound):
    """A sentence that only a service knows."""


REFUSED: list[tuple[RondetafelError, int, dict[str, object]]] = [
    (RoleMissing(), 403, {"code": "RoleMissing"}),
    (SecondFactorMissing(), 403, {"code": "SecondFactorMissing"}),
    (UndertakingMissing(), 403, {"code": "UndertakingMissing"}),
    (IdempotencyKeyReused(field="Idempotency-Key", expected="a new key"), 409, {"field": "Idempotency-Key"}),
    (VersionChanged(field="expected_version", expected="the version last read"), 412, {"field": "If-Match"}),
    (DateOutOfRange(field="person.birth_date", expected="later"), 400, {"field": "person.birth_date"}),
    (Unavailable(retry_after=9), 503, {"code": "Unavailable", "retry_after": 9}),
]


@pytest.mark.parametrize(("error", "status", "members"), REFUSED, ids=lambda one: getattr(one, "code", ""))
async def test_a_services_refusal_is_told(
    front: Front, backends: Backends, error: RondetafelError, status: int, members: dict[str, object]
) -> None:
    backends.answers["ReadCase"] = error
    answer = await front.get(f"/cases/{SOME_ID}")
    problem = body_of(answer)
    assert (answer.status_code, problem["status"], problem["title"]) == (status, status, type(error).__doc__)
    assert members.items() <= problem.items()
    assert answer.headers.get("retry-after") == ("9" if status == 503 else None)


def test_every_kind_has_a_status_at_both_doors() -> None:
    kinds = {Invalid, Unauthenticated, Denied, NotFound, Conflict, Unavailable}
    assert set(STATUS) == set(GRPC_STATUS) == kinds == set(RondetafelError.__subclasses__())
    assert len(set(STATUS.values())) == len(kinds)


async def test_absent_and_forbidden_are_the_same_bytes(front: Front, backends: Backends) -> None:
    answers = [await front.get("/no/such/path"), await front.get("/cases/no-id")]
    for error in (CellNotFound(), CaseStrange("about a person"), NotFound(field="f", expected="e")):
        backends.answers["ReadCase"] = error
        answers.append(await front.get(f"/cases/{SOME_ID}"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({frozenset(answer.headers.items()) for answer in answers}) == 1


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (grpc.StatusCode.UNAVAILABLE, 503),
        (grpc.StatusCode.DEADLINE_EXCEEDED, 504),
        (grpc.StatusCode.INTERNAL, 500),
        (grpc.StatusCode.UNKNOWN, 500),
        (grpc.StatusCode.INVALID_ARGUMENT, 500),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, 500),
    ],
)
async def test_an_untyped_failure_says_nothing_inner(
    front: Front, backends: Backends, status: grpc.StatusCode, told: int
) -> None:
    backends.answers["ReadCase"] = status
    answer = await front.get(f"/cases/{SOME_ID}")
    assert answer.status_code == told
    assert ("retry-after" in answer.headers) == (told in (503, 504))
    assert "text that must not leave" not in answer.text


async def test_a_wrong_certificate_is_our_own_fault(front: Front, backends: Backends) -> None:
    backends.answers["ReadCase"] = PeerRefused()
    assert body_of(await front.get(f"/cases/{SOME_ID}"))["code"] == "Internal"


async def test_a_service_that_is_away_is_unavailable(front: Front, services: Services, backends: Backends) -> None:
    away = Services(dict.fromkeys(backends.targets, "127.0.0.1:1"), backends.instance.tls("portal"))
    case, services._case = services._case, away._case
    try:
        answer = await front.get(f"/cases/{SOME_ID}")
    finally:
        services._case = case
        await away.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert body_of(answer)["code"] == "Unavailable"


async def test_a_fault_of_our_own_hides_its_text(
    front: Front, backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Zwaluwnest")

    monkeypatch.setattr("services.portal.backends.calls.Caller.ask", broken)
    answer = await front.get(f"/cases/{SOME_ID}")
    assert (answer.status_code, body_of(answer)["code"]) == (500, "Internal")
    assert "Zwaluwnest" not in answer.text


def refused_tokens(front: Front) -> list[dict[str, str]]:
    """Everything that is no sign-in."""
    now = int(front.issuer.now.timestamp())
    bad = [
        front.keycloak.api_token(aud=["case"]),
        front.keycloak.api_token(iss="http://elsewhere"),
        front.keycloak.api_token(exp=now),
        front.keycloak.api_token(typ="ID"),
        unsigned({"alg": "none", "typ": "JWT"}),
        signed(claims(aud="portal"), algorithm="ES256", key=None, kid="stranger"),
        "",
        "x",
        "é",
    ]
    headers = [{"Authorization": f"Bearer {token}".encode("latin-1")} for token in bad]
    return [
        {},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer"},
        {"Cookie": "__Host-rondetafel=x"},
        {"Cookie": f"__Host-rondetafel={'A' * 43}"},
        {"Cookie": '__Host-rondetafel="; bad'},
        *headers,  # type: ignore[list-item]
    ]


async def test_without_a_sign_in_every_path_answers_the_same(front: Front, backends: Backends) -> None:
    answers: list[httpx.Response] = []
    for operation in OPERATIONS.values():
        answers.append(await front.client.request(operation.method, operation.address(front.cell)))
    for path in ("/api", "/api/", "/api/v2/x", "/api/v1/nothing", "/api/v1/cells/x/cases", "/api/v1/openapi.json/x"):
        answers.append(await front.client.post(path, content=b"x" * 2_000_000))
    for headers in refused_tokens(front):
        answers.append(await front.client.get(f"/api/v1/cells/{front.cell}/cases", headers=headers))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({frozenset(answer.headers.items()) for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"] == 'Bearer realm="rondetafel"'
    assert backends.calls == []


async def test_a_revoked_sign_in_is_refused_although_its_token_was_known(front: Front) -> None:
    assert (await front.get("/cases")).status_code == 200
    await front.web.sign_ins.end("a-session")
    assert (await front.get("/cases")).status_code == 401
