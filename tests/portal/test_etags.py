"""If-Match as RFC 9110 has it: exact, of several any, and never a dead end for who is behind a proxy that packs."""

from __future__ import annotations

import re

import pytest

from services.kit.errors import CellNotFound, VersionChanged
from services.portal.api.etags import MATCHES_NONE, etag, only_weak, version_of
from services.portal.api.schema import ETAGS_PATTERN
from services.portal.errors import IfMatchMissing
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.keycloak import body_of
from tests.portal.operations import OPERATIONS, SOME_ID

SAID = [
    (etag(3), 3),
    # The same as proxies name it that packed the answer.
    ('"3-gzip"', 3),
    ('"3--gzip"', 3),
    ('"3;gzip"', 3),
    ('"3-br"', 3),
    ('"3", "3-gzip"', 3),
    # Of several the newest.
    ('"3","12" , "4"', 12),
    ('W/"9", "3"', 3),
    # Weak, or none of ours.
    ('W/"3"', MATCHES_NONE),
    ('W/"3-gzip", W/"4"', MATCHES_NONE),
    ('"0"', MATCHES_NONE),
    ('""', MATCHES_NONE),
    ('"03"', MATCHES_NONE),
    ('"x"', MATCHES_NONE),
    ('"3-zip"', MATCHES_NONE),
    ('"1234567890123456789"', MATCHES_NONE),
    ('"a,", "b"', MATCHES_NONE),
]


@pytest.mark.parametrize(("if_match", "version"), SAID)
def test_the_version_it_names(if_match: str, version: int) -> None:
    assert re.fullmatch(ETAGS_PATTERN, if_match)
    assert version_of(if_match) == version
    assert only_weak(if_match) is if_match.startswith('W/"3')


def test_a_star_names_no_version() -> None:
    assert re.fullmatch(ETAGS_PATTERN, "*")
    with pytest.raises(IfMatchMissing):
        version_of("*")


@pytest.mark.parametrize(
    "if_match", ["3", "", '"3', '3"', '"3" "4"', '"3",', 'w/"3"', "W/3", '"a b"', '*, "3"', '"3"\n']
)
def test_what_is_none_is_malformed(if_match: str) -> None:
    assert not re.fullmatch(ETAGS_PATTERN, if_match)


async def test_what_matches_no_version_is_refused_by_the_service_in_its_turn(front: Front, backends: Backends) -> None:
    """Who may not know gets what everybody gets; a weak tag is told apart only where the version was the fault."""
    operation = OPERATIONS["place_on_list"]

    async def sent(if_match: str) -> tuple[int, str, int]:
        answer = await front.post(f"/cases/{SOME_ID}/list", operation.body, headers={"If-Match": if_match})
        return answer.status_code, body_of(answer).get("code", ""), backends.last.request.expected_version

    assert await sent('"3-gzip"') == (200, "", 3)
    backends.answers["PlaceOnList"] = VersionChanged(field="expected_version", expected="the version last read")
    assert await sent('W/"3"') == (412, "EtagWeak", MATCHES_NONE)
    for strong in ('"x"', 'W/"4", "3"'):
        assert (await sent(strong))[:2] == (412, "VersionChanged")
    backends.answers["PlaceOnList"] = CellNotFound()
    assert (await sent('W/"3"'))[:2] == (404, "NotFound")


async def test_answers_with_an_etag_ask_proxies_not_to_pack_them(front: Front) -> None:
    answer = await front.post("/signals", OPERATIONS["enter_signal"].body)
    assert (answer.headers["etag"], answer.headers["cache-control"]) == ('"7"', "no-store, no-transform")
