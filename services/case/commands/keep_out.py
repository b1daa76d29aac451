"""The mayor decides that somebody has a conflict of interest in a case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.allowed import allow_keep_out, require_in_circle
from services.case.circle import conflicts_of, is_in_circle
from services.case.conflict import require_at_table, shut_out
from services.case.errors import KeptOutAlready
from services.case.find import find_case
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class KeepOut:
    """Whom to keep out of which case."""

    case_id: UUID
    expected_version: int
    person_id: UUID


async def keep_out(work: Work, command: KeepOut) -> Receipt:
    """The person is kept out from now on, in the circle or not, whatever the state of the case (invariant 21)."""
    case = await find_case(work, command.case_id)
    require_in_circle(await is_in_circle(work, case.case_id))
    work.act_under(allow_keep_out(work, case.stands, command.expected_version))
    await require_at_table(work, case, command.person_id)
    if any(conflict.person_id == command.person_id for conflict in await conflicts_of(work, case.case_id)):
        raise KeptOutAlready(field="person_id", expected="somebody who is not kept out yet")
    await shut_out(work, case, command.person_id)
    return Receipt(case.case_id, case.state, case.version)
