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
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.kit.policy import DatabaseRole, Handler, Rule, Verb

if TYPE_CHECKING:
    from services.kit.database import Transaction
    from services.kit.work import Work

Terms = Mapping[tuple[str, UUID], datetime | None]
"""By kind and object: when it is due, None for no longer."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 10
"""A command that failed so many times, over some nine hours, is set aside with its term."""
DONE_KEPT = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class FindDue:
    """The next terms of these kinds, of all cells."""

    kinds: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is due, the longest due first; when the next is, None for nothing known; how many were set aside."""

    due: tuple[Due, ...]
    next_at: datetime | None
    set_aside: int


@dataclass(frozen=True, slots=True)
class PostponeTerm:
    """A term whose command failed, as it was found; `counted` unless it failed for want of something that is away."""

    due: Due
    counted: bool = True


@dataclass(frozen=True, slots=True)
class TidyTerms:
    """Those that were done a day ago."""


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
_FIND = """
SELECT tenant_id, kind, object_id, due_at, tries, next_at FROM term
WHERE state = 'waiting' AND kind = ANY ($1) ORDER BY next_at, tenant_id, kind, object_id LIMIT $2"""
_COUNT = "SELECT count(*) FROM term WHERE state = 'set_aside'"
_POSTPONE = """
UPDATE term SET next_at = $6, tries = $7, state = $8
WHERE tenant_id = $1 AND kind = $2 AND object_id = $3 AND state = 'waiting' AND due_at = $4 AND tries = $5
RETURNING state"""
_TIDY = "DELETE FROM term WHERE state = 'done' AND next_at < $1"


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


async def find_due(work: Work, query: FindDue) -> Agenda:
    """Unrecorded: it opens nothing, and what is done about a term is an act of its own."""
    rows = await work.transaction.raw.fetch(_FIND, list(query.kinds), query.limit)
    due = [row for row in rows if row["next_at"] <= work.now]
    found = tuple(
        Due(row["tenant_id"], row["kind"], row["object_id"], row["due_at"], row["tries"]) for row in due
    )  # fmt: skip
    return Agenda(found, rows[0]["next_at"] if rows else None, await work.transaction.raw.fetchval(_COUNT))


async def postpone_term(work: Work, command: PostponeTerm) -> bool:
    """Whether it was set aside. Unrecorded: that the command failed is recorded already."""
    due = command.due
    tries = due.tries + command.counted
    state = "set_aside" if tries >= MOST_TRIES else "waiting"
    pause = min(FIRST_PAUSE * 2 ** max(0, tries - 1), LONGEST_PAUSE)
    named = (due.cell_id, due.kind, due.object_id, due.due_at, due.tries)
    written = await work.transaction.raw.fetchval(_POSTPONE, *named, work.now + pause, tries, state)
    return bool(written == "set_aside")


async def tidy_terms(work: Work, command: TidyTerms) -> None:
    """Forget them: what came of each stands in the log. Unrecorded, as it says nothing of anybody."""
    await work.transaction.raw.execute(_TIDY, work.now - DONE_KEPT)


def clock_name(service: str) -> str:
    """As which system principal a service's terms are run."""
    return f"{service}.clock"


def clock_policy(service: str) -> dict[Handler, Rule]:
    """The policy lines of the scheduler, for every service that has terms."""
    systems, role = frozenset({clock_name(service)}), DatabaseRole.CLOCK
    rule = Rule(Verb.ADMINISTER, systems=systems, fields=(), recorded=False, database_role=role)
    made: tuple[Any, ...] = (find_due, postpone_term, tidy_terms)
    return dict.fromkeys(made, rule)
