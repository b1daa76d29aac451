"""The preliminary check of a signal: finding it, what comes next by the clock, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from services.case.check_terms import check_terms
from services.case.events import notice_asked
from services.case.model import CheckStanding, Signal
from services.kit.clock import day_ends_at, local_date
from services.kit.execute import Work
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.statements import Statement

# The walls say who finds it. The answer with the highest number is the one that counts.
_FOUND = Statement(
    text("""
SELECT asked.signal_id, asked.nis_code, asked.urgent, asked.minor, asked.started_at, asked.due_on, asked.ended_at,
       coalesce(last.answer, '') AS answer, last.hold_until, last.answered_at, coalesce(last.number, 0) + 1 AS version
  FROM preliminary_check AS asked
  LEFT JOIN check_answer AS last ON last.tenant_id = asked.tenant_id AND last.signal_id = asked.signal_id
   AND last.number = (SELECT max(given.number) FROM check_answer AS given
         WHERE given.tenant_id = asked.tenant_id AND given.signal_id = asked.signal_id)
 WHERE asked.tenant_id = :tenant AND asked.signal_id = :signal_id""")
)
_END = Statement(
    text("""
WITH ended AS (
    UPDATE preliminary_check SET ended_at = :now
     WHERE tenant_id = :tenant AND signal_id = :signal_id AND ended_at IS NULL)
UPDATE circle_entry SET ends_at = :now WHERE tenant_id = :tenant AND object_id = :signal_id AND checks""")
)
WAITS_FOR_POLICE = (NoticeKind.CHECK_WANTED, NoticeKind.HOLD_ENDS)
"""What letters tell the police of a check."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check as it is found."""

    signal_id: UUID
    nis_code: str
    urgent: bool
    minor: bool
    started_at: datetime
    due_on: date
    ended_at: datetime | None
    answer: str
    hold_until: date | None
    answered_at: datetime | None
    version: int

    def stands(self, today: date) -> CheckStanding:
        """How it stands on that day."""
        return CheckStanding(self.started_at, self.due_on, self.answer, self.hold_until, self.version, today)

    def steps(self, today: date) -> list[tuple[datetime, NoticeKind, str]]:
        """What the clock has to tell while nothing changes: from when on, what, and to which seat; in order."""
        terms = check_terms(today)
        if self.hold_until:
            return [
                (terms.hold_reminder_at(self.hold_until), NoticeKind.HOLD_ENDS, "police"),
                (day_ends_at(self.hold_until), NoticeKind.CHECK_ANSWERED, "coordinator"),
            ]
        if self.answer:
            return []
        return [
            (day_ends_at(self.due_on), NoticeKind.CHECK_WANTED, "police"),
            (terms.mayor_at(self.due_on), NoticeKind.CHECK_LATE, "mayor"),
        ]


async def find_check(work: Work, signal_id: UUID) -> Check | None:
    """The check of a signal as far as the caller may know of it."""
    row = await work.fetch_one(_FOUND, {"tenant": work.cell_id, "signal_id": signal_id})
    return Check(*row) if row else None


async def standing_of(work: Work, signal_id: UUID) -> CheckStanding | None:
    """How it stands today; None without one."""
    found = await find_check(work, signal_id)
    return found.stands(local_date(work.now)) if found else None


def await_next_step(work: Work, check: Check) -> None:
    """The clock looks again at the next step that is to come; a step of this moment was told by the act itself."""
    coming = [at for at, _, _ in check.steps(local_date(work.now)) if at > work.now]
    work.at(min(coming, default=None), "check", check.signal_id)


def tell_seat(work: Work, check: Check | Signal, kind: NoticeKind, seat: str, *, urgent: bool = False) -> None:
    """Whoever holds the seat in that town is written to that something waits, but who does it now."""
    work.publish(
        notice_asked(
            NoticeAsked(
                kind, check.signal_id, urgent=urgent, seats=(seat,), nis_codes=(check.nis_code,), by=work.actor_id
            )
        )
    )


def waits_no_more(work: Work, signal_id: UUID, *kinds: NoticeKind) -> None:
    """What was not written of it yet is not written any more."""
    for kind in kinds:
        work.publish(notice_asked(NoticeAsked(kind, signal_id, over=True)))


async def end_check(work: Work, signal: Signal) -> None:
    """It was decided what comes of the signal: the police read nothing of it from now on, and nothing waits."""
    await work.session.flush()
    await work.execute(_END, {"tenant": work.cell_id, "signal_id": signal.signal_id, "now": work.now})
    work.at(None, "check", signal.signal_id)
    waits_no_more(work, signal.signal_id, *WAITS_FOR_POLICE, NoticeKind.CHECK_ANSWERED, NoticeKind.CHECK_LATE)
