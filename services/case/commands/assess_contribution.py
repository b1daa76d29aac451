"""The author weighs the sharing of a contribution."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.contribution_allowed import allow_assess_contribution
from services.case.criterion import Assessment
from services.case.find import find_own_contribution
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.vault import AssociatedData


@dataclass(frozen=True, slots=True)
class AssessContribution:
    """Which contribution, the answers, and the legal basis of sharing it."""

    contribution_id: UUID
    expected_version: int
    assessment: Assessment
    legal_basis: str


async def assess_contribution(work: Work, command: AssessContribution) -> Receipt:
    """Weigh, and name the legal basis; may be done again until it is shared."""
    contribution, case = await find_own_contribution(work, command.contribution_id)
    allow_assess_contribution(work, case.stands, contribution.stands, command.expected_version, command.legal_basis)
    associated_data = AssociatedData(case.case_id, "contribution", "assessment", contribution.contribution_id)
    contribution.assess(await work.seal(command.assessment.to_json(), associated_data), command.legal_basis)
    return Receipt(contribution.contribution_id, contribution.state, contribution.version)
