"""How the preliminary check of a signal stands, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from services.case.age import Age, age_of
from services.case.check import Check, find_check
from services.case.check_terms import check_terms
from services.case.errors import SignalNotFound
from services.case.model import SignalIdentity
from services.case.person import PersonConcerned
from services.case.signal_allowed import check_may
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.vault import AssociatedData


@dataclass(frozen=True, slots=True)
class ReadCheck:
    """Which signal's."""

    signal_id: UUID


@dataclass(frozen=True, slots=True)
class CheckKnown:
    """How a check stands, without the person. `hold_most`: the last day of a hold, today."""

    signal_id: UUID
    nis_code: str
    urgent: bool
    minor: bool
    started_at: datetime
    due_on: date
    standing: str
    hold_until: date | None
    answered_at: datetime | None
    ended_at: datetime | None
    version: int
    hold_most: date


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as its reader sees it; `person` to who reads the person."""

    known: CheckKnown
    person: PersonConcerned | None
    age: Age | None
    may: tuple[str, ...]


_ALIKE = {field.name for field in fields(Check)} - {"answer"}


def known_of(check: Check, today: date) -> CheckKnown:
    """What there is to say of it."""
    alike = {name: getattr(check, name) for name in _ALIKE}
    return CheckKnown(**alike, standing=check.stands(today).standing, hold_most=check_terms(today).hold_most(today))


async def read_check(work: Work, query: ReadCheck) -> CheckView:
    """Read one. Raises SignalNotFound for an unknown and a forbidden one alike, and where there is none."""
    found, today = await find_check(work, query.signal_id), local_date(work.now)
    if found is None:
        raise SignalNotFound
    work.concern(query.signal_id)
    work.trail.count = 1
    person = None if found.ended_at else await _person(work, query.signal_id)
    work.trail.fields = ("frame", "identity") if person else ("frame",)
    may = check_may(work, found.nis_code, found.stands(today), ended=found.ended_at is not None)
    return CheckView(known_of(found, today), person, age_of(person, today) if person else None, may)


async def _person(work: Work, signal_id: UUID) -> PersonConcerned | None:
    """Whom it is about, to who is in the circle of the signal."""
    of_signal = SignalIdentity.tenant_id == work.cell_id, SignalIdentity.signal_id == signal_id
    sealed = await work.session.scalar(select(SignalIdentity.person).where(*of_signal))
    if sealed is None:
        return None
    return PersonConcerned.from_json(
        await work.open(sealed, AssociatedData(signal_id, "signal_identity", "person", signal_id))
    )
