"""Terms: from a moment on, something of one kind is due for one object of one cell (decision 60).

A handler sets, moves or cancels a term with `Work.at`; the frame writes it with the act. When it is due, the scheduler
(kit/scheduler.py) runs the command of its kind as an act of that cell, and the term is done in the same transaction.

Terms are written after all that the handler wrote, in the order of their names, by every act: so an act that moves a
term and the one that runs it never wait for each other. Whoever runs one holds no row of it meanwhile, but an advisory
lock for which nobody waits. That spares double work; once at most is it done because it is marked as it was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.database import Transaction

Terms = Mapping[tuple[str, UUID], datetime | None]
"""By kind and object: when it is due, None for no longer."""


@dataclass(frozen=True, slots=True)
class Due:
    """A term as it was found: if it is not so any more, nothing is run."""

    cell_id: UUID
    kind: str
    object_id: UUID
    due_at: datetime
    tries: int = 0


class NotDue(Exception):
    """The term was moved, cancelled or done meanwhile, or another process is at it. Nothing happened."""


_SET = """
INSERT INTO term (tenant_id, kind, object_id, due_at, next_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (tenant_id, kind, object_id) DO UPDATE
SET due_at = excluded.due_at, next_at = excluded.next_at, tries = 0, state = 'waiting'"""
_CANCEL = """
UPDATE term SET state = 'done', next_at = $4 WHERE tenant_id = $1 AND kind = $2 AND object_id = $3"""
_TAKE = """
SELECT pg_try_advisory_xact_lock(hashtext(tenant_id::text || kind), hashtext(object_id::text)) FROM term
WHERE tenant_id = $1 AND kind = $2 AND object_id = $3 AND state = 'waiting' AND due_at = $4 AND tries = $5"""
_DONE = """
UPDATE term SET state = 'done', next_at = $5
WHERE tenant_id = $1 AND kind = $2 AND object_id = $3 AND state = 'waiting' AND due_at = $4 RETURNING true"""


async def take_term(transaction: Transaction, due: Due) -> None:
    """Keep other processes off it until this transaction ends, and wait for none. Raises NotDue."""
    named = (due.cell_id, due.kind, due.object_id, due.due_at, due.tries)
    if not await transaction.raw.fetchval(_TAKE, *named):
        raise NotDue


async def write_terms(
    transaction: Transaction, cell_id: UUID, now: datetime, terms: Terms, done: Due | None
) -> None:  # fmt: skip
    """Write what the act sets, and that the term it answers is done. Raises NotDue; the caller MUST roll back then."""
    for kind, object_id in sorted({*terms, *([(done.kind, done.object_id)] if done else [])}):
        if done and (kind, object_id) == (done.kind, done.object_id):
            if not await transaction.raw.fetchval(_DONE, cell_id, kind, object_id, done.due_at, now):
                raise NotDue
            if (kind, object_id) not in terms:
                continue
        due_at = terms[kind, object_id]
        statement, moment = (_CANCEL, now) if due_at is None else (_SET, due_at)
        await transaction.raw.execute(statement, cell_id, kind, object_id, moment)
