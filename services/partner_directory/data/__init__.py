"""Public reference data with validity dates: municipalities, law, texts. Changes are new versions, never edits.

`law.json` is the register of legal bases; `legal_bases.json` is what it was at first, for the migration that sent it.

`municipalities.csv` is the list of the statistical office as it was given: NIS codes, names in Dutch and French.
`town_names.csv` holds what it does not say or says wrongly: usual names in German and English, the Dutch name of the
new Bastogne, slips of the pen, and the province behind a name that two towns bear. A town without a line there is
called in German and English as it calls itself.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
GERMAN_SPEAKING = frozenset(("63001", "63012", "63013", "63023", "63040", "63048", "63061", "63067", "63087"))
"""The nine municipalities of the German-speaking Community; the list gives their German names as the Dutch ones."""
REGIONS = {"Vlaams Gewest": "flanders", "Waals Gewest": "wallonia", "Brussels Hoofdstedelijk Gewest": "brussels"}


@dataclass(frozen=True, slots=True)
class Undertaking:
    """One version of the text of secrecy, in the four languages."""

    version: str
    in_force_from: date
    nl: str
    fr: str
    de: str
    en: str

    def naming(self, law: Mapping[str, str]) -> Undertaking:
        """The text with the law it speaks of, as that is called on a day in each of the four languages."""
        return replace(
            self, nl=self.nl.format(law=law["nl"]), fr=self.fr.format(law=law["fr"]), de=self.de.format(law=law["de"]),
            en=self.en.format(law=law["en"]),
        )  # fmt: skip


def municipality_rows() -> list[dict[str, Any]]:
    """Every municipality, present and merged away, as a row of the table `municipality`."""
    with (FOLDER / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return [_municipality(row) for row in csv.DictReader(file)]


def town_name_rows() -> list[dict[str, str]]:
    """What every municipality is called, in four languages and by itself."""
    with (FOLDER / "town_names.csv").open(encoding="utf-8", newline="") as file:
        known = {(row["nis_code"], row["language"]): row["name"] for row in csv.DictReader(file)}
    return [_names(row, known) for row in municipality_rows()]


def law_rows() -> list[dict[str, Any]]:
    """Every version of every legal basis, as a row of the table `legal_basis`. No kinds or regions listed means all."""
    return _law("law")


def legal_basis_rows() -> list[dict[str, Any]]:
    """What the first migration put there; 0012 brings it up to date."""
    return _law("legal_bases")


def _law(name: str) -> list[dict[str, Any]]:
    return [row | {day: _day(row[day]) for day in ("in_force_from", "in_force_to")} for row in _versions(name)]


@cache
def seat_words() -> dict[str, dict[str, list[str]]]:
    """How people call the columns of a list of seats, and the roles in it, in the four languages."""
    words: dict[str, dict[str, list[str]]] = json.loads((FOLDER / "seat_words.json").read_text(encoding="utf-8"))
    return words


def current_undertaking(day: date) -> Undertaking:
    """The text to accept on this day; where it speaks of the law stands `{law}`, until it is named (`naming`)."""
    return max(
        (undertaking for undertaking in _undertakings() if undertaking.in_force_from <= day),
        key=lambda one: one.in_force_from,
    )


def next_undertaking(day: date) -> Undertaking | None:
    """The text of the platform that follows the one of this day, as far as it is known; None without one."""
    coming = (undertaking for undertaking in _undertakings() if undertaking.in_force_from > day)
    return min(coming, key=lambda one: one.in_force_from, default=None)


def undertaking_of(version: str) -> Undertaking | None:
    """A text of the platform by its version, None when it is none of them."""
    return next((undertaking for undertaking in _undertakings() if undertaking.version == version), None)


@cache
def _undertakings() -> tuple[Undertaking, ...]:
    rows = _versions("undertakings")
    return tuple(Undertaking(**row | {"in_force_from": date.fromisoformat(row["in_force_from"])}) for row in rows)


def _versions(name: str) -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return versions


def _municipality(row: dict[str, str]) -> dict[str, Any]:
    return {
        "nis_code": row["nis_code"],
        "name_nl": row["name_nl"],
        "name_fr": row["name_fr"],
        # Brussels belongs to no province; the source says 0.
        "province": row["province_nl"] if row["province_nl"] != "0" else None,
        "region": REGIONS[row["region_nl"]],
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
        "successor": row["successor_nis_code"] or None,
    }


def _names(row: dict[str, Any], known: Mapping[tuple[str, str], str]) -> dict[str, str]:
    nis_code, region = row["nis_code"], row["region"]
    own_language = "de" if nis_code in GERMAN_SPEAKING else "fr" if region == "wallonia" else "nl"
    dutch, french = (known.get((nis_code, code), row[f"name_{code}"]) for code in ("nl", "fr"))
    # Brussels calls itself by two names; in German and English the French one is usual.
    foreign = french if own_language == "fr" or region == "brussels" else dutch
    german, english = (known.get((nis_code, code), foreign) for code in ("de", "en"))
    return {
        "nis_code": nis_code, "name_nl": dutch, "name_fr": french, "name_de": german, "name_en": english,
        "own_language": own_language,
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
