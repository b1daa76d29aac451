"""The mayor of the case's town, or a dated delegate, places it on the list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.circle import entries_of, seat_entry, tell_circle
from services.case.criterion import criteria_from_json
from services.case.errors import ProposalIncomplete
from services.case.events import case_listed
from services.case.find import act_as, find_case, find_proposal
from services.case.model import EVERY_PART, Case, CaseProposal
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import SEATS
from services.kit.vault import AssociatedData


@dataclass(frozen=True, slots=True)
class PlaceOnList:
    """Which case, and why."""

    case_id: UUID
    expected_version: int
    reasons: str


async def place_on_list(work: Work, command: PlaceOnList) -> Receipt:
    """List a case on the criteria proposed (invariant 2); the mandatory seats enter its circle."""
    case = await find_case(work, command.case_id)
    act_as(work, case.nis_code, SEATS["mayor"])
    case.expect(command.expected_version)
    case.place_on_list(work.actor_id, work.now)
    proposal = await find_proposal(work, case)
    await require_complete(work, proposal)
    associated_data = AssociatedData(case.case_id, "case_proposal", "list_reasons", case.case_id)
    proposal.list_reasons = await work.seal(command.reasons, associated_data)
    await seat_everyone(work, case)
    work.publish(case_listed(case))
    await tell_circle(work, case)
    return Receipt(case.case_id, case.state, case.version)


async def require_complete(work: Work, proposal: CaseProposal) -> None:
    """Raises ProposalIncomplete unless each of its criteria has evidence, date and argument."""
    sealed = AssociatedData(proposal.case_id, "case_proposal", "criteria", proposal.case_id)
    criteria = criteria_from_json(await work.open(proposal.criteria, sealed))
    if not criteria or not all(criterion.complete for criterion in criteria):
        raise ProposalIncomplete(field="criteria", expected="a criterion with evidence kind, date and argument")


async def seat_everyone(work: Work, case: Case) -> None:
    """The mandatory seats read every part from now on; whoever holds them (docs/domain.md, Who reads which part)."""
    present = {entry.seat: entry for entry in await entries_of(work, case.case_id) if entry.seat}
    for seat in SEATS:
        if seat in present:
            present[seat].parts = list(EVERY_PART)
        else:
            work.session.add(seat_entry(work, case, seat, EVERY_PART))
