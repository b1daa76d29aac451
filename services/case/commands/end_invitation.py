"""Coordinator or mayor takes a person out of the circle of a case before the last day of the invitation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.allowed import allow_end_invitation
from services.case.circle import find_invitation, tell_circle
from services.case.events import notice_asked
from services.case.find import find_case
from services.kit.execute import Work
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class EndInvitation:
    """Which invitation to which case, and the code of the reason."""

    case_id: UUID
    expected_version: int
    entry_id: UUID
    reason: str


async def end_invitation(work: Work, command: EndInvitation) -> Receipt:
    """The person reads nothing of the case within a second (invariant 15); what was shared stays with the case."""
    case = await find_case(work, command.case_id)
    entry = await find_invitation(work, command.case_id, command.entry_id)
    work.act_under(allow_end_invitation(work, case.stands, command.expected_version))
    entry.end(command.reason, at=work.now, by=work.actor_id)
    work.at(None, "invitation", entry.entry_id)
    case.changed()
    await tell_circle(work, case)
    if entry.person_id is not None:
        who = (entry.person_id,)
        work.publish(notice_asked(NoticeAsked(NoticeKind.CIRCLE_INVITATION, case.case_id, over=True, person_ids=who)))
    return Receipt(case.case_id, case.state, case.version)
