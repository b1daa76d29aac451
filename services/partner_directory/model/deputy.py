"""Deputies: who may stand in for whom, and when it is their turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.clock import last_day_of, local_date
from services.kit.policy import Role
from services.partner_directory.model.base import Base
from services.partner_directory.model.mandate import Mandate, Span

DEPUTIES: Mapping[Role, frozenset[Role]] = {
    Role.MAYOR: frozenset({Role.MAYOR_DELEGATE}),
    Role.POLICE_CHIEF: frozenset({Role.POLICE_CHIEF, Role.INFORMATION_OFFICER}),
    Role.INFORMATION_OFFICER: frozenset({Role.INFORMATION_OFFICER}),
    Role.PREVENTION_OFFICER: frozenset({Role.PREVENTION_OFFICER}),
    Role.COORDINATOR: frozenset({Role.COORDINATOR}),
}
"""Whoever holds a mandatory seat or coordinates, and the roles that stand in for it (law of 30 July 2018)."""


class Absence(Base):
    """Days on which the holder of a mandate is away; one that was taken back before it began is empty."""

    __tablename__ = "absence"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    absence_id: Mapped[UUID] = mapped_column(primary_key=True)
    mandate_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    marked_by: Mapped[UUID]
    marked_at: Mapped[datetime]
    ended_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def first_day(self) -> str:
        """In Brussels, as ISO 8601 has it."""
        return local_date(self.starts_at).isoformat()

    @property
    def last_day(self) -> str:
        """In Brussels, inclusive (invariant 25)."""
        return last_day_of(self.ends_at).isoformat()


def turn_of(
    deputy: Mandate, holder: Mandate, absences: Iterable[Absence], seated: Sequence[Mandate], now: datetime
) -> Span | None:
    """When the deputy counts now or next, while the holder is absent; None when never, as things stand.

    Absent is a holder who is marked so, who is suspended, and whose mandate is over: then until somebody else has that
    seat in each of the deputy's towns. `seated` are the mandates of the cell, those that are over too.
    """
    if holder.ends_at <= holder.starts_at:
        return None
    away = [(absence.starts_at, min(absence.ends_at, holder.ends_at)) for absence in absences]
    if holder.suspended_at is not None:
        away.append((max(holder.suspended_at, holder.starts_at), holder.ends_at))
    away.append((holder.ends_at, succeeded_at(deputy, holder, seated)))
    for first, last in _joined(away):
        if max(now, deputy.starts_at) < last and first < deputy.ends_at:
            return first, last
    return None


def succeeded_at(deputy: Mandate, holder: Mandate, seated: Sequence[Mandate]) -> datetime:
    """When others have the holder's seat in all towns of the deputy, after its end; else the deputy's own end.

    Who had the seat for a time and left it has succeeded: a deputy does not come back for another's absence.
    """

    def taken(town: str) -> datetime:
        starts = [
            max(other.starts_at, holder.ends_at)
            for other in seated
            if other.role == holder.role and other.deputy_of is None and other.mandate_id != holder.mandate_id
            and town in other.nis_codes and other.starts_at < other.ends_at and holder.ends_at < other.ends_at
        ]  # fmt: skip
        return min(starts, default=deputy.ends_at)

    return max((taken(town) for town in deputy.nis_codes), default=deputy.ends_at)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """These, in order; those that meet are one, and the empty ones none."""
    joined: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] < span[1]):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined
