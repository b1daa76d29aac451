"""The coordinator asks the police whether anything stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.case.check import await_next_step, find_check, tell_seat
from services.case.check_terms import check_terms
from services.case.circle import seat_entry
from services.case.find import cell_open, find_signal, require_identity
from services.case.model import Part, PreliminaryCheck, SignalState
from services.case.signal_allowed import allow_start_check
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt

READ_PARTS = (Part.FRAME, Part.IDENTITY)


@dataclass(frozen=True, slots=True)
class StartCheck:
    """Which signal."""

    signal_id: UUID
    expected_version: int


async def start_check(work: Work, command: StartCheck) -> Receipt:
    """The police seat of the town reads whom it is about from now on, and is asked to answer within its term."""
    signal = await find_signal(work, command.signal_id)
    takes = bool(await work.session.scalar(select(cell_open(work))))
    work.act_under(allow_start_check(work, signal.stands, command.expected_version, cell_open=takes))
    await require_identity(work, signal)
    signal.move(SignalState.UNDER_CHECK)
    entry = seat_entry(work, signal, "police", READ_PARTS)
    entry.checks = True
    asked = PreliminaryCheck(
        tenant_id=work.cell_id,
        signal_id=signal.signal_id,
        nis_code=signal.nis_code,
        minor=signal.minor,
        urgent=signal.urgent,
        started_at=work.now,
        started_by=work.actor_id,
        due_on=check_terms(local_date(work.now)).due_on(local_date(work.now)),
    )
    work.session.add_all([asked, entry])
    await work.session.flush()
    found = await find_check(work, signal.signal_id)
    assert found is not None
    await_next_step(work, found)
    tell_seat(work, signal, NoticeKind.CHECK_WANTED, "police", urgent=signal.urgent)
    return Receipt(signal.signal_id, signal.state, signal.version)
