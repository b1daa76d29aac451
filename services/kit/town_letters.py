"""The letters by which a town is called in the code of a case, so that it can be said at a table: VV-26-014.

`town_letters.csv` has every municipality of the statistical office, present and merged away. They were chosen once,
two or three that are heard in the name, and stay: a town that is new gets a line, none is changed. No two towns of the
country have the same, so no two of a cell have.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "town_letters.csv"


@cache
def town_letters() -> Mapping[str, str]:
    """By NIS code; two or three of A to Z."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["nis_code"]: row["letters"] for row in csv.DictReader(file)}


def case_code(nis_code: str, year: int, number: int) -> str:
    """Such as VV-26-014. A town that this list does not know yet is called by its NIS code: as clear, and longer."""
    return f"{town_letters().get(nis_code, nis_code)}-{year % 100:02}-{number:03}"
