"""The author shares an assessed contribution with the circle."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.contribution_allowed import allow_share_contribution
from services.case.events import contribution_shared
from services.case.find import find_own_contribution
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class ShareContribution:
    """Which contribution."""

    contribution_id: UUID
    expected_version: int


async def share_contribution(work: Work, command: ShareContribution) -> Receipt:
    """Share, if it was weighed, its legal basis is still in force, and the review is not overdue (invariants 6, 11)."""
    contribution, case = await find_own_contribution(work, command.contribution_id)
    allow_share_contribution(work, case.stands, contribution.stands, command.expected_version)
    contribution.share(work.now)
    work.publish(contribution_shared(contribution))
    return Receipt(contribution.contribution_id, contribution.state, contribution.version)
