"""The mayor of the case's town, or a dated delegate, places it on the list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.allowed import allow_place_on_list, require_complete
from services.case.circle import seat_entry, seats_of, tell_circle
from services.case.criterion import Criterion, criteria_from_json
from services.case.events import case_listed, notice_asked
from services.case.find import find_case, find_proposal
from services.case.information import begin_information
from services.case.model import CIRCLE_END, EVERY_PART, Case, CaseProposal
from services.kit.execute import Work
from services.kit.notices import NoticeAsked, NoticeKind
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
    work.act_under(allow_place_on_list(work, case.stands, command.expected_version))
    case.place_on_list(work.actor_id, work.now)
    proposal = await find_proposal(work, case)
    require_complete(await read_criteria(work, proposal))
    associated_data = AssociatedData(case.case_id, "case_proposal", "list_reasons", case.case_id)
    proposal.list_reasons = await work.seal(command.reasons, associated_data)
    await seat_everyone(work, case)
    work.publish(case_listed(case))
    work.publish(notice_asked(NoticeAsked(NoticeKind.CASE_PROPOSED, case.case_id, over=True)))
    begin_information(work, case)
    await tell_circle(work, case)
    return Receipt(case.case_id, case.state, case.version)


async def read_criteria(work: Work, proposal: CaseProposal) -> tuple[Criterion, ...]:
    """What the case is proposed on."""
    sealed = AssociatedData(proposal.case_id, "case_proposal", "criteria", proposal.case_id)
    return criteria_from_json(await work.open(proposal.criteria, sealed))


async def seat_everyone(work: Work, case: Case) -> None:
    """The mandatory seats read every part from now on; whoever holds them (docs/domain.md, Who reads which part)."""
    present = await seats_of(work, case.case_id)
    for seat in SEATS:
        if seat in present:
            entry = present[seat]
            entry.parts = list(EVERY_PART)
            if entry.ends_at <= work.now:
                entry.starts_at, entry.ends_at = work.now, CIRCLE_END
        else:
            work.session.add(seat_entry(work, case, seat, EVERY_PART))
