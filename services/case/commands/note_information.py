"""The coordinator says whether the person concerned is informed, or until when that is put off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from services.case.allowed import allow_note_information
from services.case.events import case_state_changed
from services.case.find import find_case
from services.case.information import INFORMED, await_information, due_no_more, find_information, require_day
from services.case.model import InformationNote
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class NoteInformation:
    """Of which case, one of two answers, the day, and why it is put off."""

    case_id: UUID
    expected_version: int
    answer: str
    day: date
    why: str | None


async def note_information(work: Work, command: NoteInformation) -> Receipt:
    """Keep it beside what was said before; the clock begins anew (invariant 22)."""
    case = await find_case(work, command.case_id)
    work.act_under(allow_note_information(work, case.stands, command.expected_version))
    require_day(command.answer, command.day, command.why, local_date(work.now))
    of_case = (InformationNote.tenant_id == work.cell_id, InformationNote.case_id == case.case_id)
    before = await work.session.scalar(select(func.count()).select_from(InformationNote).where(*of_case))
    work.session.add(
        InformationNote(
            tenant_id=work.cell_id,
            case_id=case.case_id,
            number=(before or 0) + 1,
            nis_code=case.nis_code,
            answer=command.answer,
            day=command.day,
            why=command.why,
            said_by=work.actor_id,
            said_at=work.now,
        )
    )
    case.inform_by = None if command.answer == INFORMED else command.day
    case.changed()
    await work.session.flush()
    due_no_more(work, case)
    await_information(work, case, await find_information(work, case))
    work.publish(case_state_changed(case))
    return Receipt(case.case_id, case.state, case.version)
