"""Cookies are read in one pass, by no parser of the framework: the session's cookie and the worst that is let in."""

from __future__ import annotations

import http.cookies
import sys
from types import FrameType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.kit.cookies import parse_cookies
from services.portal.api.guards import COOKIE
from services.portal.web.app import build_app
from tests.kit.raw import serving
from tests.portal.conftest import Front, cookies_of

NAMES = st.text(st.characters(codec="ascii", categories=("L", "N"), include_characters="-_!#$%&'*+.^`|~"), min_size=1)
VALUES = st.text(st.characters(codec="ascii", min_codepoint=33, exclude_characters='",;\\'))
WORST = 'a="' + "\\073" * 1_000 + '"'


@given(sent=st.dictionaries(NAMES, VALUES, max_size=8), quoted=st.booleans())
def test_what_a_browser_sends_is_read_back(sent: dict[str, str], quoted: bool) -> None:
    pairs = [f'{name}="{value}"' if quoted else f"{name}={value}" for name, value in sent.items()]
    assert parse_cookies(["; ".join(pairs).encode()]) == sent
    assert parse_cookies([pair.encode() for pair in pairs]) == sent


@given(header=st.binary(max_size=200))
def test_anything_is_read_and_nothing_invented(header: bytes) -> None:
    for name, value in parse_cookies([header]).items():
        assert name.encode("latin-1") in header
        assert value.encode("latin-1") in header


def test_of_one_name_the_first_counts_and_nothing_is_unquoted() -> None:
    assert parse_cookies([b'a=1; a=2; b="\\073"; c; =d', b"a=3"]) == {"a": "1", "b": "\\073", "": "d"}


async def test_no_request_reaches_the_parser_that_is_quadratic(front: Front) -> None:
    """CVE-2024-7592. FastAPI reads request.cookies for every route; it finds none there."""
    await front.sign_in()
    mine = f"{COOKIE}={cookies_of(front)[COOKIE]}"
    front.client.cookies.clear()
    called: set[str] = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if frame.f_code.co_filename == http.cookies.__file__:
            called.add(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        for path in ("/me", "/help", "/api/v1/me", "/signin/callback"):
            answer = await front.client.get(path, headers={"cookie": f"{WORST}; {mine}; {WORST}"})
            assert answer.status_code == (303 if path == "/signin/callback" else 200)
    finally:
        sys.setprofile(None)
    # The client itself keeps cookies by this module; what unquotes is not among it.
    assert not called & {"_unquote", "_unquote_replace", "load", "__parse_string"}


async def test_a_cookie_that_blocked_the_portal_is_refused_and_the_next_request_answered(front: Front) -> None:
    """24 kB took 2.4 s, 120 kB more than a minute, and nobody else was answered meanwhile."""
    async with serving(app=build_app(front.web, front.bearers)) as served:
        for size in (6_000, 30_000):
            head = b"GET /help HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            attack = await served.ask(head, b'Cookie: a="' + b"\\073" * size + b'"\r\n\r\n')
            assert attack.startswith(b"HTTP/1.1 431 ")
            assert (await served.ask(head, b"Cookie: a=1\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
