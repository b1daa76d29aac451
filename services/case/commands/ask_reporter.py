"""The coordinator asks who told a signal something about it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.case.exchange import say, standing_exchange, tell_reporter
from services.case.find import find_signal, require_identity
from services.case.model import ExchangeKind
from services.case.signal_allowed import allow_ask_reporter
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class AskReporter:
    """Which signal, and what."""

    signal_id: UUID
    expected_version: int
    text: str
    language: str


async def ask_reporter(work: Work, command: AskReporter) -> Receipt:
    """The question stands open until it is answered. To ask is to work on the signal; whether the police answered, and
    what, is not looked at.
    """
    signal = await find_signal(work, command.signal_id)
    exchange = await standing_exchange(work, command.signal_id)
    work.act_under(allow_ask_reporter(work, signal.stands, exchange, command.expected_version))
    await require_identity(work, signal)
    signal.work_on(work.now)
    await say(work, signal, ExchangeKind.QUESTION, command.text, command.language)
    tell_reporter(work, signal)
    return Receipt(signal.signal_id, signal.state, signal.version)
