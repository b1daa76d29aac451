"""Errors: six kinds, one status each at every door; each concrete error is of one kind and says what is the case."""

from __future__ import annotations

import inspect

import pytest

from services.kit import errors
from services.kit.errors import Conflict, Denied, Invalid, NotFound, RondetafelError, Unauthenticated, Unavailable
from services.kit.problems import STATUS as HTTP_STATUS
from services.kit.rpc import STATUS
from tests.rules.sources import SERVICES, module_of

KINDS = {Invalid, Unauthenticated, Denied, NotFound, Conflict, Unavailable}


def test_every_kind_has_its_grpc_status() -> None:
    assert set(STATUS) == KINDS
    assert len(set(STATUS.values())) == len(KINDS)


def test_every_kind_has_its_http_status() -> None:
    assert set(HTTP_STATUS) == KINDS


@pytest.mark.parametrize("service", ["kit", *SERVICES, "gate"])
def test_errors_are_of_one_kind_and_documented(service: str) -> None:
    module = errors if service == "kit" else module_of(service, "errors")
    for name, error in inspect.getmembers(module, inspect.isclass):
        if not issubclass(error, RondetafelError) or error in KINDS or error is RondetafelError:
            continue
        assert sum(issubclass(error, kind) for kind in KINDS) == 1, name
        assert error.__doc__, f"{name} does not say what is the case"
        assert not name.endswith(("Error", "Exception", "Failure")), name
