"""Terms that are data with dates (services/case/data), read by the day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

Terms = TypeVar("Terms")
_KEPT = Path(__file__).parent / "data"


def read_terms(name: str, kind: type[Terms]) -> list[tuple[date, Terms]]:
    """Those of a file, each with its first day, in order; the fields of `kind` are named as in the file."""
    rows: list[dict[str, Any]] = json.loads((_KEPT / f"{name}.json").read_text())
    fields = kind.__dataclass_fields__  # type: ignore[attr-defined]
    found = [
        (date.fromisoformat(row["in_force_from"]), kind(**{field: row[field] for field in fields})) for row in rows
    ]
    return sorted(found, key=lambda row: row[0])


def in_force(terms: Sequence[tuple[date, Terms]], day: date) -> Terms:
    """Those in force on that day."""
    return [found for begins, found in terms if begins <= day][-1]
