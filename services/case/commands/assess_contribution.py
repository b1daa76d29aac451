"""The author weighs the sharing of a contribution."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.criterion import Assessment
from services.case.errors import LegalBasisNotInForce
from services.case.find import find_own_contribution
from services.case.model import Contribution
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
    contribution.expect(command.expected_version)
    case.require_tabled()
    check_legal_basis(work, contribution, command.legal_basis)
    associated_data = AssociatedData(case.case_id, "contribution", "assessment", contribution.contribution_id)
    contribution.assess(await work.seal(command.assessment.to_json(), associated_data), command.legal_basis)
    return Receipt(contribution.contribution_id, contribution.state, contribution.version)


def check_legal_basis(work: Work, contribution: Contribution, legal_basis: str | None) -> None:
    """In force now for the author's organisation: one that the directory gave a mandate valid now (invariant 6)."""
    own = [one for one in work.facts.mandates if one.organisation_id == contribution.organisation_id]
    in_force = sorted({one.legal_basis for one in own})
    if legal_basis not in in_force:
        raise LegalBasisNotInForce(field="legal_basis", expected="one of " + ", ".join(in_force))
