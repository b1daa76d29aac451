"""The mayor of the case's town, or a dated delegate, refuses it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.allowed import allow_refuse_case
from services.case.events import case_state_changed, notice_asked
from services.case.find import find_case, find_proposal
from services.kit.execute import Work
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.outbox import Receipt
from services.kit.vault import AssociatedData


@dataclass(frozen=True, slots=True)
class RefuseCase:
    """Which case, and why not."""

    case_id: UUID
    expected_version: int
    reasons: str


async def refuse_case(work: Work, command: RefuseCase) -> Receipt:
    """Keep a case off the list, with reasons that its circle reads; complete or not, a proposal can be refused."""
    case = await find_case(work, command.case_id)
    work.act_under(allow_refuse_case(work, case.stands, command.expected_version))
    case.refuse(work.actor_id, work.now)
    proposal = await find_proposal(work, case)
    associated_data = AssociatedData(case.case_id, "case_proposal", "list_reasons", case.case_id)
    proposal.list_reasons = await work.seal(command.reasons, associated_data)
    work.publish(case_state_changed(case))
    work.publish(notice_asked(NoticeAsked(NoticeKind.CASE_PROPOSED, case.case_id, over=True)))
    return Receipt(case.case_id, case.state, case.version)
