"""Each sentence of the pages that promises something names the tests that try it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.rules.sources import ROOT
from tests.rules.test_domain import table_after
from tests.rules.test_threats import TEST, missing

PAGE = ROOT / "docs" / "promises.md"
CATALOGUES = ROOT / "services" / "portal" / "web" / "locale" / "nl"
MESSAGE = re.compile(r'^msgid(?:_plural)? "(.+)"$', re.MULTILINE)
PROMISING = re.compile(
    r"\b(you (?:will )?hear|(?:calls?|mails?|tells?) you|nobody (?:else|can|learns|reads|sees)"
    r"|only (?:you|the people|these)|always see|never content|erased|by itself|closes|kept"
    r"|stays? (?:here|closed|marked|as)|is lost|opens nothing"
    r"|counts before|(?:is|are) told|from (?:then|now) on|until then|stands? (?:here|on|first)|signed out"
    r"|within a second)\b",
    re.IGNORECASE,
)
DRAWN_ALONE = "patterns.po"
"""Catalogue of invented examples; nobody is promised anything there."""


def sentences() -> set[str]:
    """All sentences of the pages, in English, as code has them."""
    return {
        message
        for path in CATALOGUES.glob("*.po")
        if path.name != DRAWN_ALONE
        for message in MESSAGE.findall(path.read_text())
    }


def unaccounted(said: Iterable[str], kept: Iterable[str], none: Iterable[str]) -> list[str]:
    """Sentences that promise something and of which nobody says who tries it."""
    known = {*kept, *none}
    return sorted(sentence for sentence in said if PROMISING.search(sentence) and sentence not in known)


def kept() -> list[list[str]]:
    """The promises, each with its tests."""
    return table_after(PAGE.read_text(), "## Kept")


def none() -> list[str]:
    """What sounds like a promise and is none."""
    return [sentence for sentence, _ in table_after(PAGE.read_text(), "## No promise")]


def test_each_promise_is_tried() -> None:
    rows = kept()
    assert len(rows) > 40
    for sentence, tests in rows:
        assert TEST.findall(tests), f"{sentence}: nobody tries it"
        assert TEST.sub("", tests).strip() == "", f"{sentence}: only names of tests stand in the second column"
    assert [f"{sentence}: {name}" for sentence, tests in rows for name in missing(TEST.findall(tests))] == []


def test_no_sentence_promises_what_nobody_tries() -> None:
    assert unaccounted(sentences(), [sentence for sentence, _ in kept()], none()) == []


def test_the_page_names_no_sentence_that_is_gone() -> None:
    assert {*[sentence for sentence, _ in kept()], *none()} - sentences() == set()


def test_the_comparison_reports() -> None:
    said = ["You hear when it is done.", "Nobody else reads it.", "Choose a day."]
    assert unaccounted(said, [], []) == ["Nobody else reads it.", "You hear when it is done."]
    assert unaccounted(said, ["Nobody else reads it."], ["You hear when it is done."]) == []
