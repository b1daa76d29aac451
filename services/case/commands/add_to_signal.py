"""Whoever told a signal answers a question about it, or adds something."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.check import waits_no_more
from services.case.exchange import say, standing_exchange, tell_coordinator
from services.case.find import find_signal
from services.case.signal_allowed import allow_add_to_signal
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class AddToSignal:
    """Which signal, what, and which question it answers, if one."""

    signal_id: UUID
    expected_version: int
    text: str
    language: str
    answers: UUID | None = None


async def add_to_signal(work: Work, command: AddToSignal) -> Receipt:
    """It is read as part of the signal, by whom its texts are read."""
    signal = await find_signal(work, command.signal_id)
    exchange = await standing_exchange(work, command.signal_id)
    work.act_under(allow_add_to_signal(work, signal.stands, exchange, command.expected_version))
    kind = exchange.kind_of(command.answers)
    signal.changed()
    await say(work, signal, kind, command.text, command.language, command.answers)
    if exchange.open and not exchange.open - {command.answers}:
        waits_no_more(work, signal.signal_id, NoticeKind.SIGNAL_ASKED)
    tell_coordinator(work, signal)
    return Receipt(signal.signal_id, signal.state, signal.version)
