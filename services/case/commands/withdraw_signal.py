"""The reporter takes a signal back while nobody worked on it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.case.check import waits_no_more
from services.case.exchange import exchange_over
from services.case.find import find_signal
from services.case.model import SignalState
from services.case.outcome import keep_for_a_while
from services.case.signal_allowed import allow_withdraw_signal
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt
from services.kit.statements import Statement

_UNSEAT = Statement(
    text("""
UPDATE circle_entry SET ends_at = :now
 WHERE tenant_id = :tenant AND object_id = :signal_id AND seat = 'coordinator'""")
)


@dataclass(frozen=True, slots=True)
class WithdrawSignal:
    """Which signal."""

    signal_id: UUID
    expected_version: int


async def withdraw_signal(work: Work, command: WithdrawSignal) -> Receipt:
    """Withdrawn: nobody but the reporter reads what was told any more."""
    signal = await find_signal(work, command.signal_id)
    work.act_under(allow_withdraw_signal(work, signal.stands, signal.reporter_id, command.expected_version))
    signal.conclude(SignalState.WITHDRAWN, work.now)
    keep_for_a_while(work, signal)
    await work.session.flush()
    await work.execute(_UNSEAT, {"tenant": work.cell_id, "signal_id": signal.signal_id, "now": work.now})
    waits_no_more(work, signal.signal_id, NoticeKind.URGENT_SIGNAL)
    exchange_over(work, signal.signal_id)
    return Receipt(signal.signal_id, signal.state, signal.version)
