"""What the scheduler asks and writes of the terms of all cells, as the role `clock`, which sees nothing else.

By the way it takes away what every service keeps for a while: keys of requests, messages handled, sign-ins ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.kit.execute import Work
from services.kit.identity import SIGN_INS_KEPT
from services.kit.policy import DatabaseRole, Handler, Rule, Verb
from services.kit.terms import Due

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 10
"""A command that failed so many times, over some nine hours, is set aside with its term."""
DONE_KEPT = timedelta(days=1)
KEYS_KEPT = timedelta(hours=24)
"""A key of a request counts so long (kit/outbox.py)."""
HANDLED_KEPT = timedelta(days=35)
"""Longer than a message can come again: the streams keep 30 days (deploy/nats/streams.py)."""


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


@dataclass(frozen=True, slots=True)
class TidyKept:
    """What every service keeps for a while and that has had its time."""


_TIDY_KEPT = (
    ("DELETE FROM idempotency WHERE created_at < $1", KEYS_KEPT),
    ("DELETE FROM inbox WHERE handled_at < $1", HANDLED_KEPT),
    ("DELETE FROM revoked WHERE kind = 'session' AND revoked_at < $1", SIGN_INS_KEPT),
)
_FIND = """
SELECT tenant_id, kind, object_id, due_at, tries, next_at FROM term
WHERE state = 'waiting' AND kind = ANY ($1) ORDER BY next_at, tenant_id, kind, object_id LIMIT $2"""
_COUNT = "SELECT count(*) FROM term WHERE state = 'set_aside'"
_POSTPONE = """
UPDATE term SET next_at = $6, tries = $7, state = $8
WHERE tenant_id = $1 AND kind = $2 AND object_id = $3 AND state = 'waiting' AND due_at = $4 AND tries = $5
RETURNING state"""
_TIDY = "DELETE FROM term WHERE state = 'done' AND next_at < $1"


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


async def tidy_kept(work: Work, command: TidyKept) -> None:
    """Take it away: none of it counts any more. Unrecorded, as it says nothing of anybody. May run twice."""
    for statement, kept in _TIDY_KEPT:
        await work.transaction.raw.execute(statement, work.now - kept)


def clock_name(service: str) -> str:
    """As which system principal a service's terms are run."""
    return f"{service}.clock"


def clock_policy(service: str) -> dict[Handler, Rule]:
    """The policy lines of the scheduler, for every service that has terms."""
    systems, role = frozenset({clock_name(service)}), DatabaseRole.CLOCK
    rule = Rule(Verb.ADMINISTER, systems=systems, fields=(), recorded=False, database_role=role)
    made: tuple[Any, ...] = (find_due, postpone_term, tidy_terms, tidy_kept)
    return dict.fromkeys(made, rule)
