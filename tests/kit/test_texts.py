"""One policy for all text that comes in: what can be seen stays, in one spelling; what cannot is taken out."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kit.texts import has_letter, seen, tidy_line, tidy_text

UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Mn")
"""Categories in which Unicode has what cannot be seen."""
INVISIBLE = "\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a\u202e\u2066\u2069\u061c\u180e\u3164\uffa0\x00\x1b\x7f\x92\ufffe"
VISIBLE_FORMAT = {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}
"""Scripts that have signs to be seen among Unicode's characters of format: for numbers, or the end of a verse."""
NEEDY = "e\u0301\u0958ক\u09cdක\u0dca\u0dbb\u0639می山❤\ufe0f\u200d\u200c👨\U000e0102\u180b"
"""What joins, composes or takes a selector, and what does so to it."""
SPACES = " \t\r\n\v\x85\u2028\u00a0"
HARD = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(NEEDY + SPACES + INVISIBLE)))


@settings(deadline=None)
@given(HARD)
def test_what_is_tidy_stays_so(text: str) -> None:
    for tidy in (tidy_text, tidy_line, seen):
        assert tidy(tidy(text)) == tidy(text)


@settings(deadline=None)
@given(HARD)
def test_a_tidy_text_is_in_one_spelling_trimmed_and_never_longer(text: str) -> None:
    for tidy in (tidy_text, tidy_line):
        tidied = tidy(text)
        assert unicodedata.is_normalized("NFC", tidied)
        assert tidied == tidied.strip()
        assert len(tidied) <= len(unicodedata.normalize("NFC", text))


@settings(deadline=None)
@given(HARD)
def test_nothing_that_can_be_seen_is_lost(text: str) -> None:
    def visible(text: str) -> list[str]:
        return sorted(character for character in unicodedata.normalize("NFD", seen(text)) if not character.isspace())

    for tidy in (tidy_text, tidy_line):
        assert visible(tidy(text)) == visible(text)


@settings(deadline=None)
@given(HARD)
def test_a_line_is_one_line_of_words_with_single_spaces(text: str) -> None:
    assert tidy_line(text).split() == tidy_line(text).split(" ") or not tidy_line(text)


def test_everything_unicode_calls_control_format_or_no_character_is_taken_out() -> None:
    """But for the few that are seen, and those that a place may need: none of them beside a letter of our own."""
    tried = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in UNSEEN]
    kept = {character for character in (*tried, *INVISIBLE) if tidy_line(f"a{character}b") not in ("ab", "a b")}
    seen_anyway = {character for character in kept if unicodedata.category(character) != "Mn"}
    assert {unicodedata.name(character).split()[0] for character in seen_anyway} == VISIBLE_FORMAT
    assert not any(unicodedata.name(character, "").startswith("VARIATION SELECTOR") for character in kept)


@pytest.mark.parametrize(
    "name",
    [
        "’t Jonck", "Đorđević", "أحمد", "O'Neil", "山田", "Maria (Mieke)", "Peeters/Maes", "An & Els", "Zoë", "D'Hondt",
        "علی\u200cرضا", "ශ\u0dca\u200dරී", "邉\U000e0102", "Nguyễn Thị Minh Khai", "Łukasz", "İbrahim", "Jean-François",
    ],
)  # fmt: skip
def test_people_are_called_what_they_are_called(name: str) -> None:
    assert tidy_line(name) == name
    assert tidy_line(unicodedata.normalize("NFD", name)) == name
    assert tidy_line(f"\ufeff \u200b{name}\u200d\u00a0\u00ad") == name
    assert has_letter(name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jan\u200d", "Jan"), ("Ma\u200drie", "Marie"), ("Ma\u200crie", "Marie"), ("Jan\ufe0f", "Jan"),
        ("Nele\u00a0 \v Claes", "Nele Claes"), ("Nele\r\nClaes", "Nele Claes"), ("山田\u3000太郎", "山田 太郎"),
        ("Mi\u00adlan", "Milan"), ("\u202eMilan\u202c", "Milan"), ("e\u200b\u0301", "é"), ("e\u200d\u0301", "é"),
        ("\u200b", ""), ("\u3164", ""), (" \u2060 ", ""),
    ],
)  # fmt: skip
def test_nobody_is_two_by_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert tidy_line(typed) == kept


@pytest.mark.parametrize("text", ["", "12", "...", "👍", "\u0301", "⠀"])
def test_without_a_letter_of_any_script_it_is_no_name(text: str) -> None:
    assert not has_letter(text)
    assert has_letter(text + "ж")


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("“Hij zegt: ‘ik stop’” – zo…", "“Hij zegt: ‘ik stop’” – zo…"),
        ("Eerst.\r\n\r\nDan.\vEn toen.\u2028Ten slotte.\r", "Eerst.\n\nDan.\nEn toen.\nTen slotte."),
        ("Pourquoi\u00a0? 10\u202f000\u00a0€", "Pourquoi\u00a0? 10\u202f000\u00a0€"),
        ("\ufeffKlas\t5B\u00ad \x00", "Klas\t5B"),
        ("\u2067שלום\u2069 zei hij", "שלום zei hij"),
        ("❤\ufe0f 👩\u200d❤\ufe0f\u200d👨 می\u200cشود", "❤\ufe0f 👩\u200d❤\ufe0f\u200d👨 می\u200cشود"),
        ("een \u200d woord\u200d", "een  woord"), ("een\u200d woord", "een woord"),
    ],
)  # fmt: skip
def test_what_is_pasted_survives(pasted: str, kept: str) -> None:
    assert tidy_text(pasted) == kept
