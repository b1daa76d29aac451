"""The author writes a draft anew."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.contribution_allowed import allow_revise_contribution
from services.case.find import find_own_contribution
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.vault import AssociatedData


@dataclass(frozen=True, slots=True)
class ReviseContribution:
    """Which contribution, and what it says from now on."""

    contribution_id: UUID
    expected_version: int
    text: str
    life_domain: str
    language: str


async def revise_contribution(work: Work, command: ReviseContribution) -> Receipt:
    """Replace what is not shared yet; another text must be weighed again (invariant 6)."""
    contribution, case = await find_own_contribution(work, command.contribution_id)
    allow_revise_contribution(case.stands, contribution.stands, command.expected_version)
    associated_data = AssociatedData(case.case_id, "contribution", "text", contribution.contribution_id)
    contribution.revise(await work.seal(command.text, associated_data), command.life_domain, command.language)
    return Receipt(contribution.contribution_id, contribution.state, contribution.version)
