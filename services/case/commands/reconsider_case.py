"""The mayor of the case's town, or a dated delegate, takes back the answer given on it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.allowed import allow_reconsider_case
from services.case.circle import BEFORE_THE_LIST, entries_of, tell_circle
from services.case.events import case_state_changed
from services.case.find import find_case, find_proposal
from services.case.information import end_information
from services.case.model import Case
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import SEATS


@dataclass(frozen=True, slots=True)
class ReconsiderCase:
    """Which case."""

    case_id: UUID
    expected_version: int


async def reconsider_case(work: Work, command: ReconsiderCase) -> Receipt:
    """The case waits for an answer again: its seats leave the circle, and the reasons given are erased."""
    case = await find_case(work, command.case_id)
    work.act_under(allow_reconsider_case(work, case.stands, command.expected_version))
    proposal = await find_proposal(work, case)
    case.reconsider(work.now)
    proposal.list_reasons = None
    work.publish(case_state_changed(case))
    await unseat(work, case)
    end_information(work, case)
    await tell_circle(work, case)
    return Receipt(case.case_id, case.state, case.version)


async def unseat(work: Work, case: Case) -> None:
    """Those that the list brought in read nothing from now on; the mayor reads again what was proposed."""
    for entry in await entries_of(work, case.case_id):
        if entry.seat == "mayor":
            entry.parts = list(BEFORE_THE_LIST)
        elif entry.seat in SEATS:
            entry.ends_at = work.now
