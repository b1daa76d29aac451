"""Inclusion criteria with their arguments, and the weighing of a contribution: what is sealed as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Criterion:
    """An inclusion criterion, what shows it, of when, and the argument against the one purpose (invariants 1, 2)."""

    code: str
    evidence_kind: str
    evidence_date: date | None
    argument: str

    @property
    def complete(self) -> bool:
        """Whether it says all that a list decision needs (invariant 2)."""
        return bool(self.code and self.evidence_kind and self.evidence_date and self.argument)


def criteria_to_json(criteria: Iterable[Criterion]) -> str:
    """The text that is sealed."""
    return json.dumps([asdict(criterion) for criterion in criteria], default=date.isoformat)


def criteria_from_json(text: str) -> tuple[Criterion, ...]:
    """The reverse of `criteria_to_json`."""
    return tuple(
        Criterion(**(raw | {"evidence_date": raw["evidence_date"] and date.fromisoformat(raw["evidence_date"])}))
        for raw in json.loads(text)
    )


@dataclass(frozen=True, slots=True)
class Assessment:
    """The four questions of invariant 6, answered."""

    need: str
    less_is_enough: str
    proportionality: str
    person_informed: str

    def to_json(self) -> str:
        """The text that is sealed."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Assessment:
        """The reverse of `to_json`."""
        return cls(**json.loads(text))
