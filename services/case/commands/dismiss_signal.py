"""The coordinator says that a signal is nothing for the table."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.find import find_signal, require_identity
from services.case.model import SignalState
from services.case.outcome import end_signal, note_reason
from services.case.signal_allowed import allow_dismiss_signal
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class DismissSignal:
    """Which signal, and why: `noted` for coordinators alone, `told` for the reporter."""

    signal_id: UUID
    expected_version: int
    reason: str
    noted: str
    told: str


async def dismiss_signal(work: Work, command: DismissSignal) -> Receipt:
    """Not retained: no word of the police is needed for that."""
    signal = await find_signal(work, command.signal_id)
    work.act_under(allow_dismiss_signal(work, signal.stands, command.expected_version))
    await require_identity(work, signal)
    await end_signal(work, signal, SignalState.NOT_RETAINED, command.told)
    await note_reason(work, signal, command.reason, command.noted)
    return Receipt(signal.signal_id, signal.state, signal.version)
