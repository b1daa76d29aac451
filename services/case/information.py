"""The duty to inform the person concerned (invariant 22): how it stands, what comes next by the clock.

It begins when a case comes on the list. No words are kept of it, only codes and days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.case.dated_terms import in_force, read_terms
from services.case.errors import InformationOutOfRange
from services.case.events import notice_asked
from services.case.gathered import gathered
from services.case.model import Case, InformationNote
from services.kit.clock import day_ends_at, day_starts_at, local_date
from services.kit.execute import Work
from services.kit.notices import NoticeAsked, NoticeKind

INFORMED, POSTPONED = "informed", "postponed"
INFORMATION = gathered(
    (
        InformationNote.answer, InformationNote.day, InformationNote.why, InformationNote.said_by,
        InformationNote.said_at,
    ),
    (InformationNote.number,),
    InformationNote.tenant_id == Case.tenant_id,
    InformationNote.case_id == Case.case_id,
)  # fmt: skip
"""All that was said of it, as a column of a case."""


@dataclass(frozen=True, slots=True)
class InformationTerms:
    """Those of one period, in days."""

    inform_days: int
    reminder_days: int
    postponed_most_days: int


_TERMS = read_terms("information_terms", InformationTerms)


def information_terms(today: date) -> InformationTerms:
    """Those in force on that day."""
    return in_force(_TERMS, today)


@dataclass(frozen=True, slots=True)
class Information:
    """How it stands on a day; `day`: when it was done, else the last day there is time."""

    standing: str
    day: date
    why: str = ""
    said_by: UUID | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InformationSaid:
    """The last word on it."""

    answer: str
    day: date
    why: str | None
    said_by: UUID
    said_at: datetime


def stands(inform_by: date | None, said: InformationSaid | None, today: date) -> Information | None:
    """How it stands; None for a case that was never on the list."""
    if said is None:
        late = inform_by is not None and inform_by < today
        return Information("late" if late else "waiting", inform_by) if inform_by else None
    standing = said.answer if said.answer == INFORMED or today <= said.day else "late"
    return Information(standing, said.day, said.why or "", said.said_by, said.said_at)


def begin_information(work: Work, case: Case) -> None:
    """The case is on the list: from now on there is time."""
    today = local_date(work.now)
    case.inform_by = today + timedelta(days=information_terms(today).inform_days)
    await_information(work, case, stands(case.inform_by, None, today))


def end_information(work: Work, case: Case) -> None:
    """The case is off the list again: nothing is to be told."""
    case.inform_by = None
    due_no_more(work, case)
    work.at(None, "information", case.case_id)


def require_day(answer: str, day: date, why: str | None, today: date) -> None:
    """Raises InformationOutOfRange unless it was done by today, or is put off for a reason and not too long."""
    most = today + timedelta(days=information_terms(today).postponed_most_days)
    if answer == INFORMED and day > today:
        raise InformationOutOfRange(field="day", expected="today or before")
    if answer == POSTPONED and not today < day <= most:
        raise InformationOutOfRange(field="day", expected=f"a day from {today + timedelta(days=1)} to {most}")
    if bool(why) != (answer == POSTPONED):
        expected = "why it is put off" if answer == POSTPONED else "no reason for what is done"
        raise InformationOutOfRange(field="why", expected=expected)


def information_in(notes: Sequence[Sequence[Any]], inform_by: date | None, today: date) -> Information | None:
    """How it stands by the last of what was said, as `INFORMATION` has it."""
    said = None
    for answer, day, why, said_by, said_at in notes[-1:]:
        at = datetime.fromisoformat(said_at)
        said = InformationSaid(answer, date.fromisoformat(day), why, UUID(said_by), at)
    return stands(inform_by, said, today)


async def find_information(work: Work, case: Case) -> Information | None:
    """How it stands today, as far as the caller sees the case."""
    of_case = (InformationNote.tenant_id == work.cell_id, InformationNote.case_id == case.case_id)
    newest = select(InformationNote).where(*of_case).order_by(InformationNote.number.desc()).limit(1)
    note = await work.session.scalar(newest)
    said = InformationSaid(note.answer, note.day, note.why, note.said_by, note.said_at) if note else None
    return stands(case.inform_by, said, local_date(work.now))


def await_information(work: Work, case: Case, found: Information | None) -> None:
    """The clock looks again some days before the last one, and after it; never once it is done."""
    coming = [at for at, _ in _steps(work, found) if at > work.now]
    work.at(min(coming, default=None), "information", case.case_id)


def due_seats(work: Work, found: Information | None) -> tuple[str, ...]:
    """Who is to be told now: the coordinator, and once it is late the mayor too."""
    due = [seats for at, seats in _steps(work, found) if at <= work.now]
    return due[-1] if due else ()


def _steps(work: Work, found: Information | None) -> list[tuple[datetime, tuple[str, ...]]]:
    if found is None or found.standing == INFORMED:
        return []
    soon = found.day - timedelta(days=information_terms(local_date(work.now)).reminder_days)
    return [(day_starts_at(soon), ("coordinator",)), (day_ends_at(found.day), ("coordinator", "mayor"))]


def tell_due(work: Work, case: Case, seats: tuple[str, ...]) -> None:
    """Whoever holds these seats is written to."""
    due = NoticeAsked(
        NoticeKind.INFORMATION_DUE, case.case_id, case.code, seats=seats, nis_codes=(case.nis_code,), by=work.actor_id
    )  # fmt: skip
    work.publish(notice_asked(due))


def due_no_more(work: Work, case: Case) -> None:
    """What was not written of it yet is not written any more."""
    work.publish(notice_asked(NoticeAsked(NoticeKind.INFORMATION_DUE, case.case_id, over=True)))
