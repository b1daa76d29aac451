"""The term of a signal that became no case is over: it is gone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.case.events import signal_erased
from services.case.signal_terms import gone_at
from services.kit.execute import Work
from services.kit.statements import Statement

_FOUND = Statement(text("SELECT ended_at, minor FROM signal WHERE tenant_id = :tenant AND signal_id = :signal_id"))
_OF_SIGNAL = (
    "signal_content", "signal_identity", "signal_mark", "signal_outcome", "signal_reason", "signal_entry",
    "signal_seen", "check_answer", "preliminary_check", "signal",
)  # fmt: skip
"""Whose rows are of one signal, first what names others."""
_ERASE = {
    "circle_entry": "DELETE FROM circle_entry WHERE tenant_id = :tenant AND object_id = :signal_id",
    **{name: f"DELETE FROM {name} WHERE tenant_id = :tenant AND signal_id = :signal_id" for name in _OF_SIGNAL},  # noqa: S608
}


@dataclass(frozen=True, slots=True)
class EraseSignal:
    """Which signal."""

    signal_id: UUID


async def erase_signal(work: Work, command: EraseSignal) -> bool:
    """Destroy its key and take its rows away, and have the others do the same; whether it was time.

    The record says how many rows, and names nothing: who reads the log later reads no more of it than that.
    """
    named = {"tenant": work.cell_id, "signal_id": command.signal_id}
    row = await work.fetch_one(_FOUND, named)
    if row is None or row.ended_at is None:
        return False
    over_at = gone_at(row.ended_at, minor=row.minor)
    if over_at > work.now:
        work.at(over_at, "signal", command.signal_id)
        return False
    await work.keyring.destroy([command.signal_id])
    taken = [await work.session.execute(text(statement), named) for statement in _ERASE.values()]
    work.trail.count = sum(result.rowcount for result in taken)  # type: ignore[attr-defined]
    work.publish(signal_erased(command.signal_id))
    return True
