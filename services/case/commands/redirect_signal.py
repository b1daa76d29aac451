"""The coordinator refers the reporter of a signal to other help."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.find import find_signal, require_identity
from services.case.model import SignalState
from services.case.outcome import end_signal
from services.case.signal_allowed import allow_redirect_signal
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class RedirectSignal:
    """Which signal, to which kind of help, and advice for the reporter. Nobody there is told of it by us."""

    signal_id: UUID
    expected_version: int
    help: str
    told: str


async def redirect_signal(work: Work, command: RedirectSignal) -> Receipt:
    """Redirected: the reporter goes there, and the table does nothing with it."""
    signal = await find_signal(work, command.signal_id)
    work.act_under(allow_redirect_signal(work, signal.stands, command.expected_version))
    await require_identity(work, signal)
    await end_signal(work, signal, SignalState.REDIRECTED, command.told, command.help)
    return Receipt(signal.signal_id, signal.state, signal.version)
