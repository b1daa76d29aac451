"""The person concerned, as one sealed value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from services.kit.fields import FieldMalformed, FieldMissing
from services.kit.partial_dates import PartialDay


@dataclass(frozen=True, slots=True)
class EstimatedAge:
    """About how old somebody was on a day."""

    years: int
    as_of: date


@dataclass(frozen=True, slots=True)
class PersonConcerned:
    """Names, birth, address: all the identity part holds. No origin, religion or opinion (docs/domain.md).

    People are known in part: one name, a year of birth, an age somebody estimated. Raises FieldMissing without any
    name, FieldMalformed for a birth told twice.
    """

    given_name: str
    family_name: str
    birth_date: PartialDay | None
    address: str
    estimated_age: EstimatedAge | None = None
    also_known_as: str = ""

    def __post_init__(self) -> None:
        if not (self.given_name or self.family_name):
            raise FieldMissing(field="given_name", expected="a given name, a family name, or both")
        if self.birth_date and self.estimated_age:
            raise FieldMalformed(field="estimated_age", expected="a birth date or an estimated age, not both")

    def to_json(self) -> str:
        """The text that is sealed."""
        return json.dumps(asdict(self) | {"birth_date": str(self.birth_date or "")}, default=date.isoformat)

    @classmethod
    def from_json(cls, text: str) -> PersonConcerned:
        """The reverse of `to_json`; what was sealed before people were known in part has a whole day or null."""
        values: Mapping[str, Any] = json.loads(text)
        birth_date, estimated = values["birth_date"], values.get("estimated_age")
        return cls(
            values["given_name"], values["family_name"], PartialDay.from_text(birth_date) if birth_date else None,
            values["address"],
            EstimatedAge(estimated["years"], date.fromisoformat(estimated["as_of"])) if estimated else None,
            values.get("also_known_as", ""),
        )  # fmt: skip
