"""A draft in segments, and the questions beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.contribution import segments
from services.portal.web.contribution.segments import MOST, chosen, doubts, segments_of, strangers, text_of, words_of

KNOWN = words_of("Milan De Wilde", "Nele Claes", "CAW Kanaal", "Vaartbeke")
WORDS = st.sampled_from(["Milan", "komt", "dhr.", "Peeters", "om 14.30 uur", "J. Maes", "«Oui»", "Ça va ?", "ja!"])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6).map("\n".join)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("De ruzies zijn minder fel. Grootmoeder eet mee!", ["De ruzies zijn minder fel.", "Grootmoeder eet mee!"]),
        ("Dhr. Maes belde om 14.30 uur. Hij komt.", ["Dhr. Maes belde om 14.30 uur.", "Hij komt."]),
        ("J. Peeters kwam langs.", ["J. Peeters kwam langs."]),
        ("Il va mieux ? Oui. « Ça va », dit-il.", ["Il va mieux ?", "Oui.", "« Ça va », dit-il."]),
        ("een lijst\n\n- zonder punt\n- en nog een", ["een lijst", "- zonder punt", "- en nog een"]),
        ("  ", []),
    ],
)
def test_a_text_falls_apart_where_its_sentences_end(text: str, found: list[str]) -> None:
    assert [segment.text for segment in segments_of(text)] == found


@given(TEXTS, st.randoms(use_true_random=False))
def test_what_is_chosen_falls_apart_the_same_way_again(text: str, random: st.DataObject) -> None:
    kept = [segment for segment in segments_of(text) if random.random() < 0.5]  # type: ignore[attr-defined]
    again = segments_of(text_of(kept))
    assert [subject.text for subject in again] == [text.text for text in kept]
    assert text_of(again) == text_of(kept)


@given(st.text(max_size=400))
def test_nothing_is_lost_and_nothing_added(text: str) -> None:
    assert "".join(text_of(segments_of(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["Het gaat goed. " * 200, "\n".join(f"regel {number}" for number in range(300))])
def test_a_long_text_has_no_more_segments_than_the_preview_can_show(text: str) -> None:
    found = segments_of(text)
    assert 0 < len(found) <= MOST
    assert text_of(found).split() == text.split()


def test_a_tick_belongs_to_one_text_at_one_place() -> None:
    before = segments_of("Hij komt. Hij komt. Hij belt.")
    assert len({subject.value for subject in before}) == 3
    ticks = [before[0].value, before[2].value]
    assert text_of(chosen(before, ticks)) == "Hij komt. Hij belt."
    assert [segment.text for segment in chosen(segments_of("Hij komt. Hij belt niet."), ticks)] == ["Hij komt."]


QUESTIONS: list[tuple[str, str, str]] = [
    ("nl", "Moeder krijgt zelf begeleiding voor slaapproblemen.", segments.HEALTH_OF_ANOTHER),
    ("nl", "Hij slikt medicatie.", segments.HEALTH),
    ("nl", "Zijn nicht Fien vertelde dat hij weer met zijn oude klas afspreekt.", segments.NAME),
    ("nl", "Gisteren belde dhr. Peeters.", segments.NAME),
    ("nl", "Hij gaat naar de moskee.", segments.BELIEF),
    ("nl", "Hij is gevaarlijk.", segments.LABEL),
    ("nl", "Blijkbaar is hij blijven zitten.", segments.HEARSAY),
    ("nl", "Bel hem op 0470 12 34 56.", segments.NUMBER),
    ("de", "Man erreicht sie unter jemand@example.org.", segments.NUMBER),
    ("fr", "Sa mère suit une thérapie.", segments.HEALTH_OF_ANOTHER),
    ("fr", "Il a parlé avec Amélie hier.", segments.NAME),
    ("fr", "Elle s'est convertie.", segments.BELIEF),
    ("fr", "Il est radicalisé.", segments.LABEL),
    ("fr", "Il paraît qu'il a déménagé.", segments.HEARSAY),
]


@pytest.mark.parametrize(("language", "text", "question"), QUESTIONS)
def test_a_word_leads_to_a_question(language: str, text: str, question: str) -> None:
    assert doubts(text, language, KNOWN) == [question]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "De ruzies thuis zijn minder fel dan in september."),
        ("nl", "Grootmoeder eet op zondag mee. Dat geeft rust."),
        ("nl", "Sinds 24/11/2026 komt Milan elke week bij het CAW in Vaartbeke."),
        ("nl", "Hij zei: “Ik wil terug.”"),
        ("fr", "Depuis octobre, Milan vient chaque mercredi."),
        ("de", "Milan kommt jeden Mittwoch in die Werkstatt."),
    ],
)
def test_what_the_table_needs_leads_to_none(language: str, text: str) -> None:
    assert doubts(text, language, KNOWN) == []


def test_names_of_the_circle_are_no_strangers() -> None:
    text = "Toen kwamen Milan, Nele en Fien-Marie langs."
    assert strangers(text, KNOWN) == ["Fien-Marie"]
    assert strangers(text, KNOWN | {"fien-marie"}) == []


@pytest.mark.parametrize(
    "name",
    ["Lukas", "Łukasz", "Đorđević", "Šárka", "İbrahim", "أحمد", "Ольга", "О'Браєн", "McArthur", "d'Hondt", "Jean-Élie",
     "Çağlar", "李"],
)  # fmt: skip
def test_a_name_is_doubted_in_whatever_letters_it_is_written(name: str) -> None:
    assert strangers(f"Gisteren belde {name} mij op.", KNOWN) == [name]
    assert strangers(f"Gisteren belde {name} mij op.", KNOWN | {name.lower()}) == []


@pytest.mark.parametrize(
    "text", ["- Papa komt niet", "• Papa komt niet", "1) Papa komt niet", "2. Papa komt niet", "a) Papa komt niet",
             "eerst dit\n– Papa komt niet", "Het CAW en het OCMW bellen", "zij kwam om vier uur’s middags"],
)  # fmt: skip
def test_a_capital_from_where_a_word_stands_is_no_name(text: str) -> None:
    assert strangers(text, KNOWN) == []


@pytest.mark.parametrize("ask", [segments_of, lambda text: doubts(text, "nl", KNOWN)])
@given(text=st.text(max_size=300))
def test_any_text_is_welcome(ask: Callable[[str], object], text: str) -> None:
    ask(text)
