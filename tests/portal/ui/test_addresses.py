"""Addresses to come back to: every one of ours, and never another site."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.ui.addresses import LONGEST, way_back, with_query

SITE = "https://portal.test/signin/callback"
PATHS = st.lists(st.text("abc019_.-", min_size=1, max_size=9), max_size=5).map(lambda parts: "/" + "/".join(parts))
TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=9)
QUERIES = st.dictionaries(st.text("abcto_-", min_size=1, max_size=6), TYPED, max_size=4)
HOSTILE = st.lists(
    st.sampled_from(
        ["/", "//", "\\", "%2f", "%5c", "%0d%0a", "%00", "\r\n", "\t", ":", "@", "?", "#", "&", "=", "https:",
         "evil.test", "..", ".", "javascript:", "a", "é", "%", "%7f", "Set-Cookie"]
    ),
    max_size=9,
).map("".join)  # fmt: skip


@given(PATHS, QUERIES)
def test_every_page_of_ours_with_what_its_form_sent_is_a_way_back(path: str, typed: dict[str, str]) -> None:
    asked = f"{path}?{urlencode(typed)}" if typed else path
    assert way_back(asked) == (asked if len(asked) <= LONGEST else "/")


@given(st.one_of(HOSTILE, HOSTILE.map(lambda text: "/" + text), HOSTILE.map(lambda text: "/a?to=" + text), st.text()))
def test_no_other_site_and_no_line_of_a_header(sent: str) -> None:
    led = way_back(sent)
    assert led in (sent, "/")
    at = urlsplit(urljoin(SITE, led))
    assert (at.scheme, at.netloc) == ("https", "portal.test")
    assert not at.path.startswith("//")
    assert not set(led) & set("\\\r\n\t #@:")
    assert led.isascii()
    assert all(
        character.isprintable()
        for _, value in parse_qsl(led.partition("?")[2])
        for character in value
        if character < "\x80"
    )


@pytest.mark.parametrize(
    "sent",
    ["", "me", "//elsewhere.test/", "/\\elsewhere.test", "https://elsewhere.test", "/me//elsewhere.test", 
     "/%2felsewhere.test", "/me%0d%0aSet-Cookie:a=b", "/me?a=%0d%0aSet-Cookie",
     "/me?a=%00", "/me?a=%7F", "/me?a=%", "/me?a=%4", "/me?a=%zz",
     "/me?a=b#c", "/me\n", "/me?a=b c", "/a+b", "/~me", "/" + LONGEST * "a"],
)  # fmt: skip
def test_what_is_none_of_ours_leads_to_the_start(sent: str) -> None:
    assert way_back(sent) == "/"


@pytest.mark.parametrize(
    "sent",
    ["/", "/me", "/cells/0/log?case=VV-26-014&from=24%2F11%2F2026", "/host?town=Saint+Nicolas", "/host?town=Li%C3%A8ge",
     "/?to=%2Fcells%2F0%2Flog%3Ffrom%3D24%252F11%252F2026&kept=1", "/a?b=~c", "/a?draft=new"],
)  # fmt: skip
def test_what_is_ours_stays_as_it_is(sent: str) -> None:
    assert way_back(sent) == sent


@given(PATHS, QUERIES, TYPED)
def test_a_page_asked_for_by_its_query_is_come_back_to_by_it(path: str, typed: dict[str, str], to: str) -> None:
    led = with_query(path, urlencode(typed), to=to)
    assert way_back(led) == led
    asked = {name: value for name, value in typed.items() if name != "to"} | {"to": to}
    if len(path + "?" + urlencode(asked)) <= LONGEST:
        assert urlsplit(led).path == path
        assert dict(parse_qsl(urlsplit(led).query, keep_blank_values=True)) == asked


def test_of_a_query_that_is_too_long_the_page_is_left() -> None:
    assert with_query("/cells/0/log", "case=" + LONGEST * "a") == "/cells/0/log"
    assert with_query("/cells/0/log", "case=%0d%0a") == "/cells/0/log"
    assert with_query("/a//b", "") == "/"
