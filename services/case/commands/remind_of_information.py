"""The day comes by which the person concerned is to be informed, or is past."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.case.information import await_information, due_seats, find_information, tell_due
from services.case.model import TABLED, Case
from services.case.model.states import PAUSES
from services.kit.clock import day_ends_at, local_date
from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class RemindOfInformation:
    """Of which case."""

    case_id: UUID


async def remind_of_information(work: Work, command: RemindOfInformation) -> bool:
    """Have the coordinator written to, and the mayor once it is late. Whether there was anything to tell.

    Of a case that is paused, over or not on the list any more there is not; at a paused one the clock looks each day.
    """
    case = await work.session.scalar(
        select(Case).where(Case.tenant_id == work.cell_id, Case.case_id == command.case_id)
    )
    if case is None:
        return False
    found = await find_information(work, case)
    await_information(work, case, found)
    seats = due_seats(work, found)
    if seats and case.state in PAUSES:
        work.at(day_ends_at(local_date(work.now)), "information", case.case_id)
    if not seats or case.state not in TABLED:
        return False
    work.concern(case.case_id)
    work.trail.count = 1
    tell_due(work, case, seats)
    return True
