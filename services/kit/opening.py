"""Which of several mandates opened what an act touched: the record names that one (invariant 16).

A circle lets in by seat or by person. Whoever comes by a seat comes with the mandate that holds the seat; whoever was
invited in person, with a mandate for that town that holds no office, if there is one; whoever is in no circle of it
sees the frame by a role that sees frames.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.database import Transaction
from services.kit.facts import Mandate
from services.kit.policy import SEATS, Role
from services.kit.principal import Principal

CIRCLE_SEATS: Mapping[str, frozenset[Role]] = {**SEATS, "coordinator": frozenset({Role.COORDINATOR})}
"""The seats that give a place in a circle, and the roles that hold them (view my_place, kit/walls.py)."""
FRAME_ROLES = frozenset({Role.COORDINATOR, Role.MAYOR, Role.MAYOR_DELEGATE, Role.DPO})
"""Those who see frames of their towns outside the circle (docs/domain.md, Who reads which part)."""

_OFFICES = FRAME_ROLES.union(*CIRCLE_SEATS.values())
_ENTRIES = """
SELECT object_id, nis_code, coalesce(bool_or(person_id = $2), false) AS in_person,
       coalesce(array_agg(DISTINCT seat) FILTER (WHERE seat IS NOT NULL), '{}') AS seats
  FROM circle_entry
 WHERE tenant_id = $1 AND object_id = ANY ($3) AND starts_at <= $4 AND ends_at > $4 AND parts <> '{}'
 GROUP BY object_id, nis_code"""


@dataclass(frozen=True, slots=True)
class Opening:
    """What of the circle of one object may let the acting person in."""

    nis_code: str
    in_person: bool
    seats: frozenset[str]

    def opened_by(self, mandates: Sequence[Mandate], now: datetime) -> Mandate | None:
        """The mandate that opened it, of those that may; the seat's where the wall was passed by a seat."""
        here = [mandate for mandate in mandates if self.nis_code in mandate.nis_codes]
        roles = frozenset[Role]().union(*(CIRCLE_SEATS[seat] for seat in self.seats if seat in CIRCLE_SEATS))
        seated = [mandate for mandate in here if mandate.role in roles and _undertaken(mandate, now)]
        by_frame = [mandate for mandate in here if mandate.role in FRAME_ROLES]
        invited = sorted(here, key=lambda one: one.role in _OFFICES) if self.in_person else []
        return next(iter([*seated, *invited, *by_frame]), None)


async def find_openings(
    transaction: Transaction, principal: Principal, object_ids: Collection[UUID], now: datetime
) -> dict[UUID, Opening]:
    """The circles of these objects as far as they let this person in; in one statement."""
    rows = await transaction.raw.fetch(_ENTRIES, principal.cell_id, principal.actor_id, list(object_ids), now)
    return {row["object_id"]: Opening(row["nis_code"], row["in_person"], frozenset(row["seats"])) for row in rows}


def that_opened(openings: Collection[Opening], mandates: Sequence[Mandate], now: datetime) -> list[Mandate]:
    """The mandates that opened these objects, the one that opened most of them first; empty when none did."""
    found = Counter(opening.opened_by(mandates, now) for opening in openings)
    return [mandate for mandate, _ in found.most_common() if mandate is not None]


def _undertaken(mandate: Mandate, now: datetime) -> bool:
    return mandate.undertaken_until is not None and mandate.undertaken_until > now
