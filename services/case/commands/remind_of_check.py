"""A preliminary check waits for somebody by its day."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.check import await_next_step, find_check, tell_seat
from services.kit.clock import local_date
from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class RemindOfCheck:
    """Which signal's."""

    signal_id: UUID


async def remind_of_check(work: Work, command: RemindOfCheck) -> bool:
    """Tell the seat whose turn it is by now: the police, then the mayor; of a hold the police, then the coordinator.

    Whether there was anything to tell. Of a check that ended or was answered meanwhile there is not.
    """
    check = await find_check(work, command.signal_id)
    if check is None or check.ended_at is not None:
        return False
    work.concern(check.signal_id)
    due = [step for step in check.steps(local_date(work.now)) if step[0] <= work.now]
    await_next_step(work, check)
    if not due:
        return False
    _, kind, seat = due[-1]
    work.trail.count = 1
    tell_seat(work, check, kind, seat)
    return True
