"""What comes of a signal that becomes no case: what is said of it, to whom, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from services.case.check import await_next_step, end_check, find_check, tell_seat, waits_no_more
from services.case.events import notice_asked
from services.case.exchange import exchange_over, standing_exchange, tell_reporter
from services.case.model import CIRCLE_END, Signal, SignalState
from services.case.signal_terms import gone_at
from services.kit.execute import Work
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.statements import Statement
from services.kit.vault import AssociatedData

_TELL = Statement(
    text("""
INSERT INTO signal_outcome (tenant_id, signal_id, nis_code, decided_at, decided_by, help, told)
VALUES (:tenant, :signal_id, :nis_code, :now, :actor, :help, :told)
ON CONFLICT (tenant_id, signal_id) DO UPDATE
SET decided_at = excluded.decided_at, decided_by = excluded.decided_by, help = excluded.help, told = excluded.told""")
)
_NOTE = Statement(
    text("""
INSERT INTO signal_reason (tenant_id, signal_id, nis_code, decided_by, reason, noted)
VALUES (:tenant, :signal_id, :nis_code, :actor, :reason, :noted)
ON CONFLICT (tenant_id, signal_id) DO UPDATE
SET decided_by = excluded.decided_by, reason = excluded.reason, noted = excluded.noted""")
)
_ERASE = Statement(
    text("""
WITH told AS (
    UPDATE signal_outcome SET decided_by = :actor, help = NULL, told = NULL
     WHERE tenant_id = :tenant AND signal_id = :signal_id)
UPDATE signal_reason SET decided_by = :actor, reason = NULL, noted = NULL
 WHERE tenant_id = :tenant AND signal_id = :signal_id""")
)
_RESUME_CHECK = Statement(
    text("""
WITH resumed AS (
    UPDATE preliminary_check SET ended_at = NULL WHERE tenant_id = :tenant AND signal_id = :signal_id)
UPDATE circle_entry SET ends_at = :circle_end WHERE tenant_id = :tenant AND object_id = :signal_id AND checks""")
)
# The walls show it to reporter and coordinator, and the reason to the coordinator alone.
_FOUND = Statement(
    text("""
SELECT one.decided_at, one.decided_by, one.told, one.help, kept.reason, kept.noted
  FROM signal_outcome AS one
  LEFT JOIN signal_reason AS kept ON kept.tenant_id = one.tenant_id AND kept.signal_id = one.signal_id
 WHERE one.tenant_id = :tenant AND one.signal_id = :signal_id AND one.told IS NOT NULL""")
)


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What was said of a signal; `reason` and `noted` to the coordinator."""

    decided_at: datetime
    decided_by: UUID
    told: str
    help: str | None
    reason: str | None
    noted: str | None


async def end_signal(work: Work, signal: Signal, to: SignalState, told: str, help_kind: str | None = None) -> None:
    """The reporter reads what was said and is written to; the police read nothing of it any more.

    All of it is the same whether there was a check or a hold.
    """
    signal.conclude(to, work.now)
    keep_for_a_while(work, signal)
    await end_check(work, signal)
    await work.execute(_TELL, _named(work, signal) | {"help": help_kind, "told": await _seal(work, signal, told)})
    waits_no_more(work, signal.signal_id, NoticeKind.URGENT_SIGNAL)
    exchange_over(work, signal.signal_id)
    answered = NoticeAsked(
        NoticeKind.SIGNAL_ANSWERED, signal.signal_id, person_ids=(signal.reporter_id,), by=work.actor_id
    )
    work.publish(notice_asked(answered))


def keep_for_a_while(work: Work, signal: Signal) -> None:
    """It is over, and is gone after its term (invariant 12)."""
    work.at(gone_at(work.now, minor=signal.minor), "signal", signal.signal_id)


async def note_reason(work: Work, signal: Signal, reason: str, noted: str) -> None:
    """Why it was not retained, for coordinators alone."""
    sealed = await work.seal(noted, AssociatedData(signal.signal_id, "signal_reason", "noted", signal.signal_id))
    await work.execute(_NOTE, _named(work, signal) | {"reason": reason, "noted": sealed})


async def resume_signal(work: Work, signal: Signal) -> None:
    """It stands where it stood, its check and a hold included; what was written of it is erased."""
    check = await find_check(work, signal.signal_id)
    signal.resume(SignalState.UNDER_CHECK if check else SignalState.RECEIVED, work.now)
    await work.session.flush()
    await work.execute(_ERASE, _named(work, signal))
    work.at(None, "signal", signal.signal_id)
    waits_no_more(work, signal.signal_id, NoticeKind.SIGNAL_ANSWERED)
    if (await standing_exchange(work, signal.signal_id)).open:
        tell_reporter(work, signal)
    if check is None:
        return
    await work.execute(_RESUME_CHECK, _named(work, signal) | {"circle_end": CIRCLE_END})
    await_next_step(work, check)
    if not check.answer:
        tell_seat(work, check, NoticeKind.CHECK_WANTED, "police")


async def read_outcome(work: Work, signal_id: UUID) -> OutcomeView | None:
    """What was said of it, as far as the caller reads it."""
    row = await work.fetch_one(_FOUND, {"tenant": work.cell_id, "signal_id": signal_id})
    if row is None:
        return None
    told = await work.open(row.told, AssociatedData(signal_id, "signal_outcome", "told", signal_id))
    noted = row.noted and await work.open(row.noted, AssociatedData(signal_id, "signal_reason", "noted", signal_id))
    return OutcomeView(row.decided_at, row.decided_by, told, row.help, row.reason, noted)


def _named(work: Work, signal: Signal) -> dict[str, object]:
    return {
        "tenant": work.cell_id, "signal_id": signal.signal_id, "nis_code": signal.nis_code, "actor": work.actor_id,
        "now": work.now,
    }  # fmt: skip


async def _seal(work: Work, signal: Signal, told: str) -> bytes:
    return await work.seal(told, AssociatedData(signal.signal_id, "signal_outcome", "told", signal.signal_id))
