"""What a client accepts, as RFC 9110 and RFC 4647 say it; and anything else, which is never an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.negotiation import MOST_CHARACTERS, MOST_ENTRIES, in_order, takes_gzip, weights_of

OFFERED = ("nl", "fr", "de", "en")

ORDERS = [
    ("", "nl fr de en"),
    ("fr", "fr nl de en"),
    ("FR-be", "fr nl de en"),
    ("de-CH-1996, fr;q=0.9", "de fr nl en"),
    ("fr; q=0.8, de ;q=0.9", "de fr nl en"),
    ("fr;Q=0.8,de;\tq=0.9", "de fr nl en"),
    ("en;q=0.8,fr;q=0.8", "en fr nl de"),
    ("en-GB,en;q=0.9,nl;q=0.8", "en nl fr de"),
    ("nl;q=0.1, de-BE", "de nl fr en"),
    # Nothing of ours, or anything: what we offer first.
    ("it, es", "nl fr de en"),
    ("*", "nl fr de en"),
    ("*, de;q=0.1", "de nl fr en"),
    # Another language that only begins alike.
    ("frr, ende, nld, i-klingon, x-fr", "nl fr de en"),
    # Refused ones come last, and all the same when nothing else is left.
    ("nl;q=0", "fr de en nl"),
    ("*, nl;q=0.0", "fr de en nl"),
    ("nl-be, nl;q=0", "fr de en nl"),
    ("nl-be;q=0", "nl fr de en"),
    ("*;q=0", "nl fr de en"),
    ("nl;q=0, fr;q=0, de;q=0.000, en;q=0", "nl fr de en"),
    # What cannot be read counts as not said.
    ("fr;q=, de", "de nl fr en"),
    ("fr;q=2, fr;q=-1, fr;q=nan, fr;q=1e9, fr;q=0.1234, de;q=0.1", "de nl fr en"),
    (";;q=,,=, ;q=1", "nl fr de en"),
    ("fr_BE", "nl fr de en"),
    ("fr;level=1;q=0.5, de;q=0.4", "fr de nl en"),
    ("\u00fc\u0000, fr", "fr nl de en"),
]


@pytest.mark.parametrize(("header", "order"), ORDERS)
def test_languages_in_the_order_they_are_wanted(header: str, order: str) -> None:
    assert in_order(header, OFFERED) == order.split()


@pytest.mark.parametrize(
    ("header", "packed"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip, deflate, br, zstd", True),
        ("gzip;q=0", False),
        ("gzip; q=0", False),
        ("gzip;q=0.000, *", False),
        ("gzip;q=0.001", True),
        ("*", True),
        ("*;q=0.1", True),
        ("*;q=0", False),
        ("identity", False),
        ("identity, gzip;q=0.5", False),
        ("identity;q=0.5, gzip", True),
        ("identity, gzip", True),
        ("identity;q=0, gzip", True),
        ("identity;q=0", False),
        ("gzipped, notgzip, br", False),
        ("gzip;q=x", False),
        (";q=1, =gzip", False),
    ],
)
def test_packed_for_who_takes_it(header: str, packed: bool) -> None:
    assert takes_gzip(header) is packed


@given(st.text(alphabet=st.sampled_from("nlfr*gzip-;q=0.1, \t\x00ü"), max_size=200))
def test_anything_can_be_said(header: str) -> None:
    assert sorted(in_order(header, OFFERED)) == sorted(OFFERED)
    assert takes_gzip(header) in (True, False)


def test_a_long_header_is_read_so_far() -> None:
    assert len(weights_of(",".join(f"a{number}" for number in range(10_000)))) <= MOST_ENTRIES
    assert in_order(" " * MOST_CHARACTERS + "fr", OFFERED)[0] == "nl"
