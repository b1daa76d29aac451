"""What is written down for a decision, by who prepares it and by who takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StatedDissent:
    """Who thinks otherwise, and how."""

    person_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """Who does what, in which life domain, by when."""

    life_domain: str
    owner_id: UUID
    due_on: date
    what: str
