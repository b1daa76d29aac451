"""Who signs in by a partner's provider: each time the directory is asked whether it speaks for that address."""

from __future__ import annotations

import grpc
import pytest

from services.partner_directory.errors import ForeignDomain
from services.portal.api.guards import COOKIE
from tests.portal.backends import Backends
from tests.portal.conftest import Front, cookies_of

CAW = {"idp": "caw-oost", "idp_email": "nele@caw-oost.example", "email": "before@caw-oost.example"}


async def test_the_domain_of_the_address_of_now_is_put_before_the_directory(front: Front, backends: Backends) -> None:
    """And nothing else of it: the address itself stays here."""
    front.keycloak.by = CAW
    assert (await front.sign_in()).status_code == 303
    assert COOKIE in cookies_of(front)
    (asked,) = [call.request for call in backends.calls if call.method == "JudgeSignIn"]
    assert (asked.alias, asked.domain) == ("caw-oost", "caw-oost.example")


async def test_local_people_are_not_asked_about(front: Front, backends: Backends) -> None:
    assert (await front.sign_in()).status_code == 303
    assert "JudgeSignIn" not in [call.method for call in backends.calls]


@pytest.mark.parametrize(
    ("language", "says"),
    [("nl", "gaf een e-mailadres door dat niet van haar is"), ("fr", "n'est pas la sienne")],
)
async def test_a_foreign_address_signs_nobody_in_and_ends_at_the_sign_in_service(
    front: Front, backends: Backends, language: str, says: str
) -> None:
    front.keycloak.by = CAW
    backends.answers["JudgeSignIn"] = ForeignDomain(field="domain", expected="a domain the provider may speak for")
    front.client.headers["accept-language"] = language
    answer = await front.sign_in()
    assert (answer.status_code, says in answer.text) == (403, True)
    assert COOKIE not in cookies_of(front)
    assert front.keycloak.used[-1]["path"] == "logout"
    assert "caw-oost" not in answer.text
    del backends.answers["JudgeSignIn"]
    assert (await front.sign_in()).status_code == 303


async def test_without_an_address_the_directory_is_asked_all_the_same(front: Front, backends: Backends) -> None:
    front.keycloak.by = {"idp": "caw-oost", "email": "before@caw-oost.example"}
    await front.sign_in()
    (asked,) = [call.request for call in backends.calls if call.method == "JudgeSignIn"]
    assert asked.domain == ""


async def test_while_the_directory_is_away_nobody_comes_in_by_a_provider(front: Front, backends: Backends) -> None:
    front.keycloak.by = CAW
    backends.answers["JudgeSignIn"] = grpc.StatusCode.UNAVAILABLE
    assert (await front.sign_in()).status_code == 503
    assert COOKIE not in cookies_of(front)


async def test_of_one_that_speaks_saml_the_domain_stands_in_what_it_calls_the_person(
    front: Front, backends: Backends
) -> None:
    """The directory knows which of both counts; what is no address has no domain."""
    for named, domain in (("nele@school.example", "school.example"), ("9f2c", "")):
        front.keycloak.by = {"idp": "school-zuid", "idp_user": named, "email": "before@school.example"}
        await front.sign_in()
        asked = [call.request for call in backends.calls if call.method == "JudgeSignIn"][-1]
        assert (asked.domain, asked.named_domain) == ("", domain)
