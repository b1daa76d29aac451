"""The police answer a preliminary check: no objection, or hold until a day. There is no field for more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.case.check import WAITS_FOR_POLICE, await_next_step, find_check, tell_seat, waits_no_more
from services.case.check_terms import check_terms
from services.case.errors import SignalNotFound
from services.case.find import find_signal
from services.case.model import CheckAnswer
from services.case.model.standing import require_hold
from services.case.signal_allowed import allow_answer_check
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """Which signal, and one of two answers."""

    signal_id: UUID
    expected_version: int
    answer: str
    hold_until: date | None


async def answer_check(work: Work, command: AnswerCheck) -> Receipt:
    """Keep the answer. The signal is as it was for all who may not know of a hold: its version and state stay."""
    signal = await find_signal(work, command.signal_id)
    found, today = await find_check(work, command.signal_id), local_date(work.now)
    if found is None:
        raise SignalNotFound
    work.act_under(allow_answer_check(work, signal.stands, found.stands(today), command.expected_version))
    require_hold(command.answer, command.hold_until, today, check_terms(today).hold_most(today))
    work.session.add(
        CheckAnswer(
            tenant_id=work.cell_id,
            signal_id=signal.signal_id,
            number=found.version,
            nis_code=signal.nis_code,
            answer=command.answer,
            hold_until=command.hold_until,
            answered_at=work.now,
            answered_by=work.actor_id,
        )
    )
    await work.session.flush()
    kept = await find_check(work, command.signal_id)
    assert kept is not None
    await_next_step(work, kept)
    waits_no_more(work, signal.signal_id, *WAITS_FOR_POLICE, NoticeKind.CHECK_LATE)
    tell_seat(work, signal, NoticeKind.CHECK_ANSWERED, "coordinator")
    return Receipt(signal.signal_id, signal.state, kept.version)
