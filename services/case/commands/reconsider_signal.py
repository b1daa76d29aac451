"""The coordinator takes back what was said of a signal."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.find import find_signal, require_identity
from services.case.outcome import resume_signal
from services.case.signal_allowed import allow_reconsider_signal
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class ReconsiderSignal:
    """Which signal."""

    signal_id: UUID
    expected_version: int


async def reconsider_signal(work: Work, command: ReconsiderSignal) -> Receipt:
    """The signal waits for an answer again."""
    signal = await find_signal(work, command.signal_id)
    work.act_under(allow_reconsider_signal(work, signal.stands, command.expected_version))
    await require_identity(work, signal)
    await resume_signal(work, signal)
    return Receipt(signal.signal_id, signal.state, signal.version)
