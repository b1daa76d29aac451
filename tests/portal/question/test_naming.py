"""What sets the hint off that somebody may be named, and what does not: four languages, as people write."""

from __future__ import annotations

import csv
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from services.portal.web.question.naming import Kind, findings

TODAY = date(2026, 12, 1)
HERE = ("Vilvoorde", "vzw De Molen", "Jeugdhuis Kade 12", "École communale des Étangs")
NAMED = [
    ("Wat doe ik als Youssef weer over de sharia begint?", ["Youssef"]),
    ("Jan Peeters zegt vreemde dingen in de les.", ["Jan Peeters"]),
    ("Youssef zegt vreemde dingen in de les.", ["Youssef"]),
    ("Ik maak mij zorgen over Karim El Amrani.", ["Karim El Amrani"]),
    ("Mag ik bellen naar de ouders van Lotte van den Berghe?", ["Lotte van den Berghe"]),
    ("De leerling heet IJsbrand en zit in het vijfde.", ["IJsbrand"]),
    ("Le frère de Mehdi Benali ne vient plus.", ["Mehdi Benali"]),
    ("Comment parler avec d'Artagnan ?", ["Artagnan"]),
    ("M. Dubois m'inquiète.", ["Dubois"]),
    ("J'ai vu madame Özdemir hier.", ["Özdemir"]),
    ("Ist es richtig, wenn ich mit Mehmet darüber spreche?", ["Mehmet"]),
    ("Frau Schmitz macht sich Sorgen um den Jungen.", ["Schmitz"]),
    ("Jan-Willem wil niet meer praten.", ["Jan-Willem"]),
    ("What do I say to Marie-Claire about it?", ["Marie-Claire"]),
    (unicodedata.normalize("NFD", "Comment aider Anaïs Lefèvre ?"), ["Anaïs Lefèvre"]),
]
SILENT = [
    "Een leerling zegt vreemde dingen. Hoe begin ik dat gesprek? Wie kan mij helpen?",
    "In Vilvoorde en in Sint-Niklaas doet het OCMW dat anders dan in Brussel.",
    "De jongeren van vzw De Molen gaan naar het Koninklijk Atheneum in Mechelen.".replace("het Koninklijk", "het"),
    "Op TikTok en Telegram zien ze filmpjes over Syrië. Sinds de Ramadan is het erger.",
    "Hij zei: \"Ik doe niet meer mee.\" En toen: 'Laat maar.'",
    "Un élève tient des propos étranges. Est-ce que j'en parle ? Le CPAS de Liège le sait.",
    "Au Collège Saint-Michel, rue Jean Jaurès, les élèves parlent de la Palestine.",
    "L'école communale des Étangs ne répond pas. Nous avons écrit lundi.",
    "Ein Schüler sagt seltsame Dinge in der Schule, und die Eltern wissen nicht, wie sie mit der Lage umgehen.",
    "Die Lehrerin fragt, ob das Jugendamt in Eupen helfen kann. Der Verein hat keine Zeit.",
    "I do not know whether the police should be told. Can we talk on Monday?",
    "- Wat zeg ik tegen de ouders?\n- Mag de school dit weten?\n1. Eerst bellen",
    "DIT IS DRINGEND. Bel 112 of 101, of het nummer van de dienst.",
    "Wij zijn met 25 jongeren tussen 14 en 18 jaar, sinds 1 september 2025.",
    "Ons nummer is 0207.437.468 en het besluit is van 30 juli 2018, artikel 12 tot 45.".replace("2018", "2024"),
    "Het gaat over een jongen van 16. Zijn Nederlands is goed, zijn Frans minder.",
]
NUMBERS = [
    ("Bel hem op 0472 12 34 56.", Kind.NUMBER, "0472 12 34 56"),
    ("Zijn moeder: +32 2 123 45 67", Kind.NUMBER, "+32 2 123 45 67"),
    ("son numéro 02/123.45.67 ou 0032472123456", Kind.NUMBER, "02/123.45.67"),
    ("rijksnummer 93.05.18-223.61", Kind.NUMBER, "93.05.18-223.61"),
    ("rijksnummer 05.05.18-223.85", Kind.NUMBER, "05.05.18-223.85"),
    ("geboren op 24/11/2009", Kind.BIRTH, "24/11/2009"),
    ("née le 3 mars 2010 à Namur", Kind.BIRTH, "3 mars 2010"),
    ("geboren am 12. März 2008", Kind.BIRTH, "12. März 2008"),
    ("2009-11-24", Kind.BIRTH, "2009-11-24"),
    ("hij is geboren in 2009", Kind.BIRTH, "geboren in 2009"),
    ("°24.11.09", Kind.BIRTH, "°24.11.09"),
    ("schrijf naar jan.claes@example.org", Kind.ADDRESS, "jan.claes@example.org"),
]


def names_in(said: str) -> list[str]:
    return [finding.said for finding in findings(said, HERE, TODAY) if finding.kind is Kind.NAME]


@pytest.mark.parametrize(("said", "names"), NAMED)
def test_a_name_sets_it_off(said: str, names: list[str]) -> None:
    assert names_in(said) == names


@pytest.mark.parametrize("said", SILENT)
def test_what_names_nobody_does_not(said: str) -> None:
    assert findings(said, HERE, TODAY) == []


@pytest.mark.parametrize(("said", "kind", "found"), NUMBERS)
def test_births_numbers_and_addresses_set_it_off(said: str, kind: Kind, found: str) -> None:
    assert (kind, found) in [(finding.kind, finding.said) for finding in findings(said, HERE, TODAY)]


def test_a_page_in_german_counts_where_the_text_does_not_tell() -> None:
    assert findings("Vertrauliche Beratung Jugendliche?", (), TODAY, german=True) == []


@given(text(max_size=300))
def test_any_text_is_looked_at(said: str) -> None:
    for finding in findings(said, HERE, TODAY):
        assert finding.said


def test_the_towns_are_those_of_the_register() -> None:
    data = Path(__file__).parents[3] / "services/partner_directory/data"
    named = set()
    with (data / "municipalities.csv").open() as file:
        for row in csv.DictReader(file):
            named |= {row[column] for column in ("name_nl", "name_fr", "arrondissement_nl", "province_nl")}
    with (data / "town_names.csv").open() as file:
        named |= {row["name"] for row in csv.DictReader(file)}
    words = {word for name in named for word in re.findall(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*", name)}
    kept = (data.parents[1] / "portal/web/question/places.txt").read_text().split()
    assert kept == sorted({word.lower() for word in words if word[0].isupper()})
