"""What is known of cases and their circles, as the case service last told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, column, table
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.facts import Mandate
from services.kit.opening import CIRCLE_SEATS
from services.meeting.model.base import Base
from services.meeting.model.seats import towns_of

my_circle = table("my_circle", column("object_id", Uuid), column("parts", ARRAY(Text)))
"""The view of what the acting person may see, by person and by seat (kit/walls.py); to be asked for one object."""


class KnownCase(Base):
    """The frame of a case as the case service last told."""

    __tablename__ = "known_case"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    nis_code: Mapped[str]
    state: Mapped[str]
    minor: Mapped[bool]
    version: Mapped[int]


class CircleEntry(Base):
    """Who may see which parts of a case (`object_id`), as the case service last told; a person or a seat.

    One without parts keeps its person out, whatever seat that person holds (invariant 21).
    """

    __tablename__ = "circle_entry"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    seat: Mapped[str | None]
    nis_code: Mapped[str]
    parts: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


def kept_out(entries: Iterable[CircleEntry]) -> set[UUID]:
    """The persons with a conflict of interest among these entries of one circle."""
    return {entry.person_id for entry in entries if entry.person_id and not entry.parts}


def in_circle(entries: Iterable[CircleEntry], person_id: UUID, mandates: Sequence[Mandate]) -> bool:
    """Whether a person with these mandates, valid now, is in a circle of these entries, by name or by seat."""
    entries = list(entries)
    if person_id in kept_out(entries):
        return False
    return any(
        entry.person_id == person_id
        or (entry.seat and entry.nis_code in towns_of(mandates, CIRCLE_SEATS.get(entry.seat, frozenset())))
        for entry in entries
        if mandates
    )
