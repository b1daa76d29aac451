"""Somebody in the circle of a case declares a conflict of interest."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.allowed import require_in_circle
from services.case.circle import is_in_circle
from services.case.conflict import shut_out
from services.case.find import act_in_circle, find_case
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class DeclareConflict:
    """In which case; no reason is asked."""

    case_id: UUID


async def declare_conflict(work: Work, command: DeclareConflict) -> Receipt:
    """The caller is kept out of the case from now on, whatever the state of the case (invariant 21).

    It asks for no version: it goes by no state, and must not wait for what others do at the same time.
    """
    case = await find_case(work, command.case_id)
    require_in_circle(await is_in_circle(work, case.case_id))
    await act_in_circle(work, case)
    await shut_out(work, case, work.actor_id)
    return Receipt(case.case_id, case.standing, case.version)
