"""Who takes which seat at the table, and which seats must be taken (invariant 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from uuid import UUID

from services.kit.facts import Mandate
from services.kit.opening import CIRCLE_SEATS
from services.kit.policy import SEATS, Role
from services.meeting.errors import ClearanceExpired, SeatMissing

CHAIR = SEATS["mayor"]
"""Who may chair: the mayor or a dated delegate."""

People = Mapping[UUID, Sequence[Mandate]]
"""Persons with their mandates valid now."""


def towns_of(mandates: Iterable[Mandate], roles: frozenset[Role]) -> frozenset[str]:
    """The towns for which these mandates hold one of the roles."""
    return frozenset(code for mandate in mandates if mandate.role in roles for code in mandate.nis_codes)


def seats_of(mandates: Sequence[Mandate], towns: Iterable[str]) -> list[str]:
    """The seats somebody takes in a session of these towns; `participant` for a guest at the table."""
    taken = [seat for seat, roles in CIRCLE_SEATS.items() if towns_of(mandates, roles) & set(towns)]
    return taken or ["participant"]


def require_seats(present: People, towns: Iterable[str], now: datetime) -> None:
    """Raises unless for each town the three mandatory seats are taken, each by a person of its own (invariant 3).

    SeatMissing names the seat and the town; ClearanceExpired when only a valid clearance of the police is missing.
    """
    for town in sorted(towns):
        if seat := _untaken({seat: _holders(present, roles, town) for seat, roles in SEATS.items()}):
            raise SeatMissing(field=f"seats.{seat}", expected=f"{seat} of {town}, present")
        cleared = {
            person: [mandate for mandate in mandates if _cleared(mandate, now)] for person, mandates in present.items()
        }
        if _untaken({seat: _holders(cleared, roles, town) for seat, roles in SEATS.items()}):
            raise ClearanceExpired(field="seats.police", expected=f"police of {town} with a clearance in force")


def _holders(present: People, roles: frozenset[Role], town: str) -> set[UUID]:
    return {person for person, mandates in present.items() if town in towns_of(mandates, roles)}


def _cleared(mandate: Mandate, now: datetime) -> bool:
    """A chief of police sits by office, unless a clearance on record has ended; a delegate needs one in force."""
    if mandate.role not in SEATS["police"]:
        return True
    if mandate.clearance_ends_at is None:
        return mandate.role is Role.POLICE_CHIEF
    return mandate.clearance_ends_at > now


def _untaken(holders: Mapping[str, set[UUID]]) -> str | None:
    """A seat for which nobody is left when each seat is taken by another person (Hall's condition), or None."""
    for size in range(1, len(holders) + 1):
        for seats in combinations(holders, size):
            if len(set[UUID]().union(*(holders[seat] for seat in seats))) < size:
                return seats[-1]
    return None
