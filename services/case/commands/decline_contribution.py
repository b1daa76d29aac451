"""A participant has nothing to share on a case until its next session."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.case.find import act_in_circle, find_case_with_content
from services.case.model import ContributionDeclined
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class DeclineContribution:
    """On which case; no reason is asked (invariant 5)."""

    case_id: UUID


async def decline_contribution(work: Work, command: DeclineContribution) -> Receipt:
    """Note it for the caller alone; after the next decision on the case it counts no more.

    The receipt is the case's, which stays as it is; a hold does not show in it.
    """
    case = await find_case_with_content(work, command.case_id)
    await act_in_circle(work, case)
    case.require_tabled()
    key = {"tenant_id": work.cell_id, "case_id": case.case_id, "person_id": work.actor_id}
    now = {"declined_at": work.now}
    await work.session.execute(
        insert(ContributionDeclined).values(**key, **now).on_conflict_do_update(index_elements=list(key), set_=now)
    )
    return Receipt(case.case_id, case.standing, case.version)
