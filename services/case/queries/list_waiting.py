"""What waits for the caller in this cell, a page at a time. Frames only; the rows hold the rights.

One statement, of the rule in services/case/waiting.py; beside what waits it counts the caller's cases.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import text

from services.case.asker import name_own
from services.case.frame import places, towns_of
from services.case.model import OVER
from services.case.waiting import WAITING, WAITING_AT_THE_DESK, who_waits
from services.kit.execute import Work
from services.kit.fields import MAX_PAGE
from services.kit.paging import Position, page_of
from services.kit.policy import SEATS
from services.kit.statements import Statement

# Newest first from each place and from each town coordinated, and no further than can be said (`MOST_CASES`).
_MINE = """
SELECT held.case_id
  FROM unnest(CAST(:seats AS text[])) AS place CROSS JOIN LATERAL (
       SELECT DISTINCT entry.object_id AS case_id FROM circle_entry AS entry
         JOIN case_frame AS one ON one.tenant_id = entry.tenant_id AND one.case_id = entry.object_id
        WHERE entry.tenant_id = :tenant AND entry.holder = place AND entry.of_case IS NOT NULL
          AND entry.starts_at <= :now AND entry.ends_at > :now AND coalesce(one.paused_from, one.state) <> ALL (:over)
        ORDER BY entry.object_id DESC LIMIT :most) AS held
 UNION
SELECT held.case_id
  FROM unnest(CAST(:coordinated AS text[])) AS town CROSS JOIN LATERAL (
       SELECT one.case_id FROM case_frame AS one
        WHERE one.tenant_id = :tenant AND one.nis_code = town AND coalesce(one.paused_from, one.state) <> ALL (:over)
          AND EXISTS (SELECT 1 FROM my_circle WHERE my_circle.object_id = one.case_id)
        ORDER BY one.case_id DESC LIMIT :most) AS held"""
# The whole is counted also where a page holds none of it: a page after the last of what waits.
_PAGE = """), placed AS (
SELECT waiting.*, CASE WHEN urgent THEN 0 ELSE 1 END AS rank,
       coalesce(session_at, CAST(due_on AS timestamp) AT TIME ZONE 'Europe/Brussels', since) AS at FROM waiting)
SELECT (SELECT count(*) FROM placed) AS total,
       (SELECT count(*) FROM (SELECT case_id FROM mine LIMIT :most) AS counted) AS cases_of_mine, page.*
  FROM (SELECT 1) AS always LEFT JOIN LATERAL (SELECT * FROM placed
        WHERE (rank, at, entry) > (CAST(:rank AS integer), CAST(:at AS timestamptz), CAST(:entry AS uuid))
        ORDER BY rank, at, entry LIMIT :rows) AS page ON true ORDER BY rank, at, entry"""


def _paged(kinds: str) -> Statement:
    return Statement(text(f"WITH mine AS ({_MINE}), waiting AS (" + kinds + _PAGE))


_WAITING, _WAITING_AT_THE_DESK = _paged(WAITING), _paged(WAITING_AT_THE_DESK)
_FIRST = Position(datetime(1, 1, 2, tzinfo=UTC), UUID(int=0))
MOST_CASES = 100
"""So many of the caller's cases are counted at most: then there are more than 99."""


@dataclass(frozen=True, slots=True)
class ListWaiting:
    """Of the caller: a page after `cursor`."""

    page_size: int = MAX_PAGE
    cursor: Position | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: of which kind, about what, since when, and when its time comes."""

    kind: str
    case_id: UUID | None
    case_code: str
    signal_id: UUID | None
    contribution_id: UUID | None
    nis_code: str
    minor: bool
    urgent: bool
    since: datetime
    session_at: datetime | None
    due_on: date | None
    life_domain: str
    reporter_id: UUID | None = None
    question_id: UUID | None = None


_FIELDS = tuple(field.name for field in fields(Waiting))


@dataclass(frozen=True, slots=True)
class WaitingView:
    """The most pressing first, and how many there are on all pages; how many running cases the caller is in, up to 100.

    `next_cursor` is None on the last page.
    """

    waiting: tuple[Waiting, ...]
    cases_of_mine: int
    next_cursor: Position | None
    total: int


async def list_waiting(work: Work, query: ListWaiting) -> WaitingView:
    """The caller's own signals and cases to look at, contributions to write or share, actions and reviews."""
    after = query.cursor or _FIRST
    values = who_waits(work) | {
        "over": sorted(OVER), "most": MOST_CASES, "rows": query.page_size + 1,
        "seats": [*places(work), *(f"mayor:{town}" for town in towns_of(work, SEATS["mayor"]))],
        "rank": after.rank, "at": after.at, "entry": after.entry, "marks": await name_own(work),
    }  # fmt: skip
    rows = await work.fetch(_WAITING_AT_THE_DESK if values["insider_towns"] else _WAITING, values)
    shown, more = page_of([row for row in rows if row.kind], query.page_size)
    waiting = tuple(Waiting(*(getattr(row, name) for name in _FIELDS)) for row in shown)
    for item in waiting:
        for object_id in filter(None, (item.case_id, item.signal_id, item.question_id)):
            work.concern(object_id)
    work.trail.count = len(waiting)
    cursor = Position(shown[-1].at, shown[-1].entry, shown[-1].rank) if more else None
    return WaitingView(waiting, rows[0].cases_of_mine, cursor, rows[0].total)
