"""A file is taken for a PDF of pages by its own bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kit.pdf import Flaw, flaw_in
from tests.pdfs import ACTIVE, ENCRYPTED, LINK, NO_PDF, OWNED, padded, pdf

GOOD = pdf()


def test_pages_alone_are_good() -> None:
    assert flaw_in(GOOD) is None
    assert flaw_in(LINK) is None, "a link to the web is a link"
    assert flaw_in(padded(2_000_000)) is None


@pytest.mark.parametrize("what", ACTIVE)
def test_what_does_something_or_holds_other_files_is_found(what: str) -> None:
    assert flaw_in(ACTIVE[what]) is Flaw.ACTIVE


@pytest.mark.parametrize("file", [ENCRYPTED, OWNED], ids=["with a password", "without one to open"])
def test_an_encrypted_one_is_found(file: bytes) -> None:
    assert flaw_in(file) is Flaw.ENCRYPTED


@pytest.mark.parametrize("what", NO_PDF)
def test_what_is_none_is_found(what: str) -> None:
    assert flaw_in(NO_PDF[what]) is Flaw.NOT_PDF


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=30))
def test_whatever_is_bent_is_judged_and_raises_nothing(at: int, bent: bytes) -> None:
    assert flaw_in(GOOD[:at] + bent + GOOD[at + len(bent) :]) in {None, *Flaw}
