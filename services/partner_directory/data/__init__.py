"""Public reference data with validity dates: municipalities, law, texts. Changes are new versions, never edits."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
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


def municipality_rows() -> list[dict[str, Any]]:
    """Every municipality, present and merged away, as a row of the table `municipality`."""
    with (FOLDER / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return [_municipality(row) for row in csv.DictReader(file)]


def legal_basis_rows() -> list[dict[str, Any]]:
    """Every version of every legal basis, as a row of the table `legal_basis`. No kinds or regions listed means all."""
    days = ("in_force_from", "in_force_to")
    return [row | {name: _day(row[name]) for name in days} for row in _versions("legal_bases")]


def current_undertaking(day: date) -> Undertaking:
    """The text to accept on this day."""
    return max(
        (undertaking for undertaking in _undertakings() if undertaking.in_force_from <= day),
        key=lambda one: one.in_force_from,
    )


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


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
