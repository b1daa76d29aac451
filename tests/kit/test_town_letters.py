"""Every town has letters of its own, that can be said."""

from __future__ import annotations

import re
from collections import Counter
from unicodedata import normalize

from services.kit.town_letters import case_code, town_letters
from services.partner_directory.data import municipality_rows


def test_every_town_has_letters_of_its_own() -> None:
    letters = town_letters()
    assert set(letters) == {row["nis_code"] for row in municipality_rows()}
    assert [said for said, count in Counter(letters.values()).items() if count > 1] == []
    assert [said for said in letters.values() if not re.fullmatch("[A-Z]{2,3}", said)] == []


def test_they_are_heard_in_the_name() -> None:
    """They stand there in this order; the last of three may be another where a name has too few."""
    named = {row["nis_code"]: [_plain(row["name_nl"]), _plain(row["name_fr"])] for row in municipality_rows()}
    strange = [
        code
        for code, said in town_letters().items()
        if not any(re.search(".*".join(said[:2]), name) for name in named[code])
    ]
    assert strange == []


def _plain(name: str) -> str:
    return "".join(sign for sign in normalize("NFD", name.upper()) if sign.isascii())


def test_a_code_is_short_and_goes_on_past_999() -> None:
    assert case_code("23088", 2026, 14) == "VV-26-014"
    assert case_code("44021", 2031, 1234) == "GE-31-1234"
    assert case_code("99999", 2026, 1) == "99999-26-001"
