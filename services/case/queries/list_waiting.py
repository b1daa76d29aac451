"""What waits for the caller in this cell, a page at a time. Frames only; the rows hold the rights.

One statement that begins at what is open: drafts, actions, signals and cases in the states that wait, sessions to
come. No kind tells of a hold: those for coordinator and mayor, who know of it, leave a held
case out; for all others it stands where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import text

from services.case.asked import REVIEW_COMES
from services.case.frame import insider_towns, places, towns_of
from services.case.model import OVER, TABLED
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.fields import MAX_PAGE
from services.kit.paging import Position, page_of
from services.kit.policy import SEATS, Role
from services.kit.statements import Statement

# `entry` is each one's own, also where two wait for the same case: no two share a place.
# Coordinator and mayor prepare the session; asked for a contribution are those invited, and the two other seats.
_WANTED = """
SELECT 'contribution_wanted' AS kind, one.case_id, one.code AS case_code, CAST(NULL AS uuid) AS signal_id,
       CAST(NULL AS uuid) AS contribution_id, one.nis_code, one.minor, false AS urgent,
       greatest(mine.since, one.decided_at) AS since, next.starts_at AS session_at, CAST(NULL AS date) AS due_on,
       '' AS life_domain,
       CAST(md5('contribution_wanted' || one.case_id) AS uuid) AS entry
  FROM case_frame AS one
  JOIN (SELECT case_id FROM case_frame WHERE tenant_id = :tenant AND state = 'SCHEDULED' UNION
        SELECT case_id FROM planned_case WHERE tenant_id = :tenant AND starts_at > :now) AS open
    ON open.case_id = one.case_id
  JOIN LATERAL (SELECT min(entry.starts_at) AS since FROM circle_entry AS entry
         WHERE entry.tenant_id = :tenant AND entry.object_id = one.case_id AND entry.holder = ANY (:places)
           AND entry.starts_at <= :now AND entry.ends_at > :now AND 'content' = ANY (entry.parts)) AS mine
    ON mine.since IS NOT NULL
 CROSS JOIN LATERAL (SELECT min(starts_at) AS starts_at FROM planned_case AS planned
         WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now) AS next
 WHERE one.tenant_id = :tenant
   AND (one.state = 'SCHEDULED' OR (one.state IN ('DISCUSSED', 'FOLLOW_UP') AND next.starts_at IS NOT NULL))
   AND NOT EXISTS (SELECT 1 FROM contribution AS own
         WHERE own.tenant_id = :tenant AND own.author_id = :actor AND own.case_id = one.case_id
           AND (own.state IN ('PRIVATE', 'ASSESSED')
             OR coalesce(own.shared_at, own.written_at) > coalesce(one.decided_at, '-infinity')))
   AND NOT EXISTS (SELECT 1 FROM contribution_declined AS declined
         WHERE declined.tenant_id = :tenant AND declined.case_id = one.case_id AND declined.person_id = :actor
           AND declined.declined_at > coalesce(one.decided_at, '-infinity'))"""
_DRAFTS = """
SELECT 'contribution_private', one.case_id, one.code, NULL, own.contribution_id, one.nis_code, one.minor, false,
       own.written_at, NULL, NULL, '', own.contribution_id
  FROM contribution AS own
  JOIN case_frame AS one ON one.tenant_id = own.tenant_id AND one.case_id = own.case_id
 WHERE own.tenant_id = :tenant AND own.author_id = :actor AND own.state IN ('PRIVATE', 'ASSESSED')
   AND (one.state = ANY (:tabled) OR (one.state = 'ON_HOLD' AND one.paused_from = ANY (:tabled)))"""
_ACTIONS = """
SELECT 'action_due', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       one.decided_at, NULL, action.due_on, action.life_domain, action.action_id
  FROM case_action AS action
  JOIN case_frame AS one ON one.tenant_id = action.tenant_id AND one.case_id = action.case_id
 WHERE action.tenant_id = :tenant AND action.owner_id = :actor AND action.state IN ('AGREED', 'BUSY', 'BLOCKED')
   AND (one.state = ANY (:tabled) OR (one.state = 'ON_HOLD' AND one.paused_from = ANY (:tabled)))"""
_SIGNALS = """
SELECT 'signal_received', NULL, '', one.signal_id, NULL, one.nis_code, one.minor, one.urgent,
       one.received_at, NULL, NULL, '', one.signal_id
  FROM signal AS one
 WHERE one.tenant_id = :tenant AND one.state = 'RECEIVED' AND one.nis_code = ANY (:coordinated)"""
_PROPOSED = """
SELECT 'case_proposed', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       one.proposed_at, NULL, NULL, '', one.case_id
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:chaired) AND one.state IN ('PROPOSED', 'REOPENED')"""
_LISTED = """
SELECT 'case_listed', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       coalesce(one.decided_at, one.listed_at), NULL, NULL, '', one.case_id
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:coordinated) AND one.state = 'LISTED'
   AND NOT EXISTS (SELECT 1 FROM planned_case AS planned
         WHERE planned.tenant_id = :tenant AND planned.case_id = one.case_id AND planned.starts_at > :now)"""
_REVIEWS = """
SELECT 'review_due', one.case_id, one.code, NULL, NULL, one.nis_code, one.minor, false,
       coalesce(one.decided_at, one.listed_at), NULL, one.review_on, '', one.case_id
  FROM case_frame AS one
 WHERE one.tenant_id = :tenant AND one.nis_code = ANY (:insider) AND one.state IN ('FOLLOW_UP', 'AFTERCARE')
   AND one.review_on <= :soon"""
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


def _paged(*kinds: str) -> Statement:
    return Statement(text(f"WITH mine AS ({_MINE}), waiting AS (" + " UNION ALL ".join(kinds) + _PAGE))


_WAITING = _paged(_WANTED, _DRAFTS, _ACTIONS)
_WAITING_AT_THE_DESK = _paged(_WANTED, _DRAFTS, _ACTIONS, _SIGNALS, _PROPOSED, _LISTED, _REVIEWS)
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
    """One thing that waits: of which kind, about which case or signal, since when, and when its time comes."""

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
    insider, coordinated = insider_towns(work), towns_of(work, {Role.COORDINATOR})
    own = {
        "tenant": work.cell_id, "actor": work.actor_id, "now": work.now, "tabled": sorted(TABLED), "over": sorted(OVER),
        "places": places(work), "seats": [*places(work), *(f"mayor:{town}" for town in towns_of(work, SEATS["mayor"]))],
        "coordinated": coordinated, "most": MOST_CASES,
        "rank": after.rank, "at": after.at, "entry": after.entry, "rows": query.page_size + 1,
    }  # fmt: skip
    desk = {
        "insider": insider, "chaired": towns_of(work, SEATS["mayor"]), "soon": local_date(work.now) + REVIEW_COMES,
    }  # fmt: skip
    asked = (_WAITING_AT_THE_DESK, own | desk) if insider else (_WAITING, own)
    rows = await work.fetch(*asked)
    shown, more = page_of([row for row in rows if row.kind], query.page_size)
    waiting = tuple(Waiting(*(getattr(row, name) for name in _FIELDS)) for row in shown)
    for item in waiting:
        for object_id in filter(None, (item.case_id, item.signal_id)):
            work.concern(object_id)
    work.trail.count = len(waiting)
    cursor = Position(shown[-1].at, shown[-1].entry, shown[-1].rank) if more else None
    return WaitingView(waiting, rows[0].cases_of_mine, cursor, rows[0].total)
