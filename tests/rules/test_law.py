"""No text that people read names an article or a law by itself: the register of legal bases does, by date."""

from __future__ import annotations

import re

import pytest

from tests.rules.sources import ROOT, tracked

WEB = ROOT / "services" / "portal" / "web"
READ = (WEB / "templates", WEB / "locale", ROOT / "deploy" / "keycloak" / "themes", ROOT / "services" / "gate")
DATA = ROOT / "services" / "partner_directory" / "data" / "undertakings.json"
MONTHS = "januari|juli|juni|mei|maart|janvier|juillet|juin|mai|mars|Juli|Juni|Mai|July|June|May|March"
NAMING = re.compile(
    rf"458|\bart(?:\.|ikel|icle)\s*\d|\b(?:wet|decreet|loi|décret|Gesetz|Dekret|law|decree)\s(?:van|du|vom|of)\s\d+\.?\s(?:{MONTHS})",
    re.IGNORECASE,
)


def texts() -> dict[str, str]:
    """Every file with texts for people, by name."""
    found = [path for path in tracked(".html", ".po", ".properties", ".json", ".ftl") if path.is_relative_to(ROOT)]
    read = [path for path in found if path == DATA or any(path.is_relative_to(folder) for folder in READ)]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in read}


def test_texts_leave_the_law_to_the_register() -> None:
    assert len(texts()) > 100
    assert {name: NAMING.findall(text) for name, text in texts().items() if NAMING.search(text)} == {}


@pytest.mark.parametrize(
    "text",
    [
        "blijft in de kring (artikel 458ter Strafwetboek)", "volgens Art. 12 van de wet", "article 6 of the GDPR",
        "de wet van 30 juli 2018", "la loi du 30 juillet 2018", "Flämisches Dekret vom 21. Mai 2021",
    ],
)  # fmt: skip
def test_a_law_named_by_a_text_is_found(text: str) -> None:
    assert NAMING.search(text)
    assert not NAMING.search("De wet laat mensen spreken; het artikel in de krant; law of the table")
