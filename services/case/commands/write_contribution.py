"""A participant prepares a contribution in private."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.allowed import allow_contribute, is_police
from services.case.find import act_in_circle, find_case_with_content, rely_on_answer
from services.case.model import Contribution, ContributionState
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.vault import AssociatedData


@dataclass(frozen=True, slots=True)
class WriteContribution:
    """A text about one life domain."""

    case_id: UUID
    text: str
    life_domain: str
    language: str


async def write_contribution(work: Work, command: WriteContribution) -> Receipt:
    """Keep a draft that its author alone reads."""
    case = await find_case_with_content(work, command.case_id)
    allow_contribute(work, case.stands)
    mandate = await act_in_circle(work, case)
    await rely_on_answer(work, case)
    contribution_id = new_id()
    associated_data = AssociatedData(case.case_id, "contribution", "text", contribution_id)
    contribution = Contribution(
        tenant_id=work.cell_id,
        contribution_id=contribution_id,
        case_id=case.case_id,
        author_id=work.actor_id,
        organisation_id=mandate.organisation_id,
        state=ContributionState.PRIVATE,
        life_domain=command.life_domain,
        language=command.language,
        police_origin=is_police(work),
        text=await work.seal(command.text, associated_data),
        written_at=work.now,
        version=1,
    )
    work.session.add(contribution)
    return Receipt(contribution_id, contribution.state, contribution.version)
