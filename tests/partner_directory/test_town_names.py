"""What towns are called: in four languages, by themselves, and no two present ones alike."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from services.partner_directory.data import municipality_rows, town_name_rows

LANGUAGES = ("nl", "fr", "de", "en")
NAMES = {row["nis_code"]: row for row in town_name_rows()}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_two_present_towns_are_called_alike(code: str) -> None:
    over = {row["nis_code"] for row in municipality_rows() if row["valid_to"] and row["valid_to"] < date(2026, 1, 1)}
    called = Counter(row[f"name_{code}"].casefold() for nis_code, row in NAMES.items() if nis_code not in over)
    assert len(NAMES) - len(over) == 565
    assert [name for name, times in called.items() if times > 1] == []


@pytest.mark.parametrize(
    ("nis_code", "names"),
    [
        ("82039", ("Bastenaken", "Bastogne", "Bastogne", "Bastogne")),
        ("62063", ("Luik", "Liège", "Lüttich", "Liège")),
        ("53053", ("Bergen", "Mons", "Mons", "Mons")),
        ("81001", ("Aarlen", "Arlon", "Arel", "Arlon")),
        ("11002", ("Antwerpen", "Anvers", "Antwerpen", "Antwerp")),
        ("34022", ("Kortrijk", "Courtrai", "Kortrijk", "Kortrijk")),
        ("21004", ("Brussel", "Bruxelles", "Brüssel", "Brussels")),
        ("21015", ("Schaarbeek", "Schaerbeek", "Schaerbeek", "Schaerbeek")),
        ("63040", ("Kelmis", "La Calamine", "Kelmis", "Kelmis")),
        ("63067", ("Sankt Vith", "Saint-Vith", "Sankt Vith", "Sankt Vith")),
        ("46021", ("Sint-Niklaas", "Saint-Nicolas (Flandre orientale)", "Sint-Niklaas", "Sint-Niklaas")),
        ("62093", ("Saint-Nicolas", "Saint-Nicolas (Liège)", "Saint-Nicolas (Liège)", "Saint-Nicolas (Liège)")),
    ],
)
def test_towns_have_their_names(nis_code: str, names: tuple[str, ...]) -> None:
    assert tuple(NAMES[nis_code][f"name_{code}"] for code in LANGUAGES) == names
