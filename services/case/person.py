"""The person concerned, as one sealed value."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

ADULT_AT = 18


@dataclass(frozen=True, slots=True)
class PersonConcerned:
    """Name, birth date, address: all the identity part holds. No origin, religion or opinion (docs/domain.md)."""

    given_name: str
    family_name: str
    birth_date: date | None
    address: str

    def is_minor(self, today: date) -> bool:
        """Whether the birth date, if known, tells that this is a minor (invariant 10)."""
        if self.birth_date is None:
            return False
        birthday = (today.month, today.day) >= (self.birth_date.month, self.birth_date.day)
        return today.year - self.birth_date.year - (not birthday) < ADULT_AT

    def to_json(self) -> str:
        """The text that is sealed."""
        return json.dumps(asdict(self) | {"birth_date": self.birth_date.isoformat() if self.birth_date else None})

    @classmethod
    def from_json(cls, text: str) -> PersonConcerned:
        """The reverse of `to_json`."""
        values = json.loads(text)
        birth_date = date.fromisoformat(values.pop("birth_date")) if values["birth_date"] else None
        return cls(**{key: value for key, value in values.items() if key != "birth_date"}, birth_date=birth_date)
