"""Level 2 counts while it can be of a sign-in that goes on: neither from too long ago, nor from tomorrow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.kit.identity import CLOCK_SKEW, LONGEST_SIGN_IN
from tests.kit.issuer import NOW, Issuer, claims, signed, signed_in_at

LONGEST = int(LONGEST_SIGN_IN.total_seconds())
SKEW = int(CLOCK_SKEW.total_seconds())


def at(seconds: int) -> int:
    """So many seconds from now."""
    return int(NOW.timestamp()) + seconds


async def level(issuer: Issuer, **changed: Any) -> int:
    """What the check says of a rightful token that was changed so."""
    return (await issuer.verifier.verify(signed(claims(**changed)))).acr


@pytest.mark.parametrize("reached", [0, SKEW, -60, -LONGEST + 1])
async def test_a_level_of_this_sign_in_counts(issuer: Issuer, reached: int) -> None:
    assert await level(issuer, **signed_in_at(at(reached))) == 2


@pytest.mark.parametrize("name", ["auth_time", "loa"])
@pytest.mark.parametrize("reached", [-LONGEST, -LONGEST - 1, SKEW + 1, 86_400])
async def test_a_level_of_too_long_ago_or_of_tomorrow_is_none(issuer: Issuer, reached: int, name: str) -> None:
    assert await level(issuer) == 2
    assert await level(issuer, **{name: signed_in_at(at(reached))[name]}) == 0


@pytest.mark.parametrize("name", ["auth_time", "loa"])
async def test_a_level_without_its_time_is_none(issuer: Issuer, name: str) -> None:
    assert await level(issuer, **{name: None}) == 0


@pytest.mark.parametrize("loa", ["2", 2, True, [], {}, {"0": at(0)}, {"3": at(0)}, {"-2": at(0)}, {"two": at(0)}])
async def test_a_level_that_is_none_of_ours_is_none(issuer: Issuer, loa: Any) -> None:
    assert await level(issuer, loa=loa) == 0


@pytest.mark.parametrize(("loa", "found"), [({"1": at(0)}, 1), ({"1": at(-9), "2": at(0)}, 2)])
async def test_the_highest_level_counts(issuer: Issuer, loa: dict[str, int], found: int) -> None:
    assert await level(issuer, loa=loa) == found


async def test_what_a_client_asked_for_is_no_level(issuer: Issuer) -> None:
    """Keycloak's `acr` echoes the request, and is 1 in a token that was exchanged."""
    assert await level(issuer, acr="1") == 2
    assert await level(issuer, acr="2", loa=None) == 0


async def test_a_level_ends_while_the_token_is_remembered(issuer: Issuer) -> None:
    token = signed(claims(**signed_in_at(at(-LONGEST + 60))))
    assert (await issuer.verifier.verify(token)).acr == 2
    issuer.now += timedelta(seconds=60)
    assert (await issuer.verifier.verify(token)).acr == 0
